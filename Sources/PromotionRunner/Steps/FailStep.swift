import Expressions
import PromotionModel

/// `fail`: says no, with a message; what a condition guards.
struct FailStep: Step {
    private let message: String

    init(_ configuration: inout ConfigurationReader) throws(StepError) {
        message = try configuration.optionalString("message") ?? "the promotion was told to fail"
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        throw StepError(message: message, isTerminal: true, isRefusal: true)
    }
}
