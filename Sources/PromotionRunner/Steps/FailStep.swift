import Expressions
import PromotionModel

/// `fail`: says no, with a message; what a condition guards.
struct FailStep: ConfiguredStep {
    private var message: String?

    static let text = StepText(
        summary: "ends as failed, for use behind a condition",
        example: """
            - uses: fail
              if: ${{ len(components) > 20 }}
              config:
                message: more than 20 components at once
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("message", &message, "why")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let message = message ?? "the promotion was told to fail"
        throw StepError(message: message, isTerminal: true, isRefusal: true)
    }
}
