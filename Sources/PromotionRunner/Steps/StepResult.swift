package import Expressions
package import PromotionModel

/// What one try of a step came to.
package struct StepResult: Sendable, Hashable {
    package let status: StepStatus
    /// What later steps find under the step's alias.
    package let outputs: [String: Value]
    /// Why, for people; nil where the status says it all.
    package let message: String?
    /// Trying again cannot help.
    package let isTerminal: Bool

    /// The step did what it is there for.
    package static func succeeded(
        _ outputs: [String: Value] = [:],
        message: String? = nil
    ) -> StepResult {
        StepResult(status: .succeeded, outputs: outputs, message: message, isTerminal: true)
    }

    /// There was nothing to do.
    package static func skipped(
        _ message: String?,
        outputs: [String: Value] = [:]
    ) -> StepResult {
        StepResult(status: .skipped, outputs: outputs, message: message, isTerminal: true)
    }

    /// The step broke.
    package static func unsuccessful(_ error: StepError) -> StepResult {
        StepResult(
            status: error.isRefusal ? .failed : .errored,
            outputs: [:],
            message: error.message,
            isTerminal: error.isTerminal
        )
    }
}

/// Why a step did not do what it is there for: one sentence.
package struct StepError: Error, Hashable {
    package let message: String
    /// Trying again cannot help.
    package let isTerminal: Bool
    /// The step looked and said no, rather than broke.
    package let isRefusal: Bool

    /// What is wrong with the step's configuration or with what it was pointed at.
    package static func wrong(_ message: String) -> StepError {
        StepError(message: message, isTerminal: true, isRefusal: false)
    }

    /// What may go better next time.
    package static func broken(_ message: String) -> StepError {
        StepError(message: message, isTerminal: false, isRefusal: false)
    }
}
