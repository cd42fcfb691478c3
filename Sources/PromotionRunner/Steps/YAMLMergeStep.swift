import Expressions
import PromotionModel

/// `yaml-merge`: merges YAML files into one.
struct YAMLMergeStep: ConfiguredStep {
    private var inFiles: [String] = []
    private var outFile = ""
    private var ignoresMissingFiles = false

    static let text = StepText(
        summary: "merges YAML files, of each key the last one that has it; null takes a key away",
        outputs: [StepOutput("commitMessage", "what was merged, as a message for a commit")],
        example: """
            - uses: yaml-merge
              config:
                inFiles: [./src/base.yaml, ./src/prod.yaml]
                outFile: ./out/values.yaml
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.texts("inFiles", &inFiles, isRequired: true, "the files, the last one counts most")
        visitor.text("outFile", &outFile, "where the result goes")
        visitor.flag(
            "ignoreMissingFiles",
            &ignoresMissingFiles,
            "files that are not there are left out"
        )
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        var files: [(path: String, bytes: [UInt8])] = []
        for path in inFiles {
            if ignoresMissingFiles, !(try context.workDirectory.exists(path)) { continue }
            files.append((path, try context.workDirectory.read(path)))
        }
        let merged = try YAMLMerge.merged(files)
        try context.workDirectory.write(outFile, merged)
        let message = CommitMessage.merged(files.map(\.path), into: outFile)
        return .succeeded(message.isEmpty ? [:] : ["commitMessage": .string(message)])
    }
}
