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
    /// Something outside that others see was changed, or may have been.
    package var hasTakenEffect = false
    /// What the step waits for; it is looked at again after a while.
    package var wait: StepWait?

    /// The step did what it is there for.
    package static func succeeded(
        _ outputs: [String: Value] = [:],
        message: String? = nil,
        hasTakenEffect: Bool = false
    ) -> StepResult {
        StepResult(
            status: .succeeded,
            outputs: outputs,
            message: message,
            isTerminal: true,
            hasTakenEffect: hasTakenEffect
        )
    }

    /// The step waits for somebody or something outside.
    package static func waiting(for message: String, url: String? = nil) -> StepResult {
        StepResult(
            status: .running,
            outputs: [:],
            message: message,
            isTerminal: false,
            wait: StepWait(message: message, url: url)
        )
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
            isTerminal: error.isTerminal,
            hasTakenEffect: error.mayHaveTakenEffect
        )
    }
}

/// What a step waits for.
package struct StepWait: Sendable, Hashable {
    /// In one sentence.
    package let message: String
    /// Where it can be given.
    package let url: String?

    package init(message: String, url: String? = nil) {
        self.message = message
        self.url = url
    }
}

/// Why a step did not do what it is there for: one sentence.
package struct StepError: Error, Hashable {
    package let message: String
    /// Trying again cannot help.
    package let isTerminal: Bool
    /// The step looked and said no, rather than broke.
    package let isRefusal: Bool
    /// Something outside that others see may have been changed before it broke.
    package var mayHaveTakenEffect = false

    /// What is wrong with the step's configuration or with what it was pointed at.
    package static func wrong(_ message: String) -> StepError {
        StepError(message: message, isTerminal: true, isRefusal: false)
    }

    /// What may go better next time.
    package static func broken(_ message: String) -> StepError {
        StepError(message: message, isTerminal: false, isRefusal: false)
    }
}
