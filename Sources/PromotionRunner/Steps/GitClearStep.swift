import Expressions
import PromotionModel

/// `git-clear`: removes every file of a clone but what git keeps for itself.
struct GitClearStep: ConfiguredStep {
    private var path = ""

    static let text = StepText(
        summary: "removes all files of a clone, so that what is written next is all there is",
        example: """
            - uses: git-clear
              config:
                path: ./out
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the clone")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        _ = try await GitWorkTree(at: path, in: context)
        try context.workDirectory.clear(path, except: FileName(".git"))
        return .succeeded()
    }
}
