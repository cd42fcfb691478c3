import Expressions
import PromotionModel

/// `file-write`: writes a text to a file.
struct FileWriteStep: ConfiguredStep {
    private var path = ""
    private var contents = ""
    private var permissions: String?
    private var overwrites = false

    static let text = StepText(
        summary: "writes a text to a file; the directories above it are made",
        example: """
            - uses: file-write
              config:
                path: ./out/release.txt
                contents: ${{ ctx.promotion }}
                overwrite: true
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the file")
        visitor.contents("contents", &contents, "what is in it then")
        visitor.text(
            "permissions",
            &permissions,
            "an octal mode such as 0640, not executable and not writable for all; else 0600"
        )
        visitor.flag("overwrite", &overwrites, "a file that is there is replaced")
    }

    func contradictions() -> [FieldProblem] {
        guard let permissions, mode(permissions) == nil else { return [] }
        return [
            FieldProblem(
                "permissions",
                "must be an octal mode such as 0640, not executable and not writable for all"
            )
        ]
    }

    private func mode(_ text: String) -> UInt32? {
        guard text.utf8.count == 4, text.hasPrefix("0"), let mode = UInt32(text, radix: 8),
            mode & 0o113 == 0
        else { return nil }
        return mode
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        try context.workDirectory.write(
            path,
            Array(contents.utf8),
            permissions: permissions.flatMap(mode) ?? 0o600,
            isNew: !overwrites
        )
        return .succeeded()
    }
}
