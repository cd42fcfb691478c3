import Expressions
import PromotionModel

/// `copy`: copies a file or a directory within the work directory.
struct CopyStep: ConfiguredStep {
    private var source = ""
    private var destination = ""
    private var ignored: String?

    static let text = StepText(
        summary: "copies a file, or what is in a directory; symbolic links and .git are left out",
        example: """
            - uses: copy
              config:
                inPath: ./src/charts
                outPath: ./out/charts
                ignore: |
                  *.md
                  tests/
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("inPath", &source, "the file or directory to copy")
        visitor.text("outPath", &destination, "where to; of a directory, what is in it goes there")
        visitor.text("ignore", &ignored, "what to leave out, in the syntax of .gitignore")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let rules = try IgnoreRules(ignored ?? "")
        try context.workDirectory.copy(source, to: destination) { path, isDirectory in
            rules.ignores(path, isDirectory: isDirectory)
        }
        return .succeeded()
    }
}
