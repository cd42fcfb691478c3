package import Expressions

extension RunnerOptions {
    /// Makes `uses` mean a step that a test describes.
    ///
    /// For tests of the engine only: no manifest reaches such a step.
    package mutating func script(
        _ uses: String,
        perform: @escaping @Sendable (_ input: Value?) async -> StepResult,
        withdraw: @escaping @Sendable (_ why: String) async -> StepResult? = { _ in nil }
    ) {
        scripted[uses] = ScriptedStep(performing: perform, withdrawing: withdraw)
    }
}

/// A step that a test describes.
struct ScriptedStep: Step {
    private let performing: @Sendable (Value?) async -> StepResult
    private let withdrawing: @Sendable (String) async -> StepResult?

    init(
        performing: @escaping @Sendable (Value?) async -> StepResult,
        withdrawing: @escaping @Sendable (String) async -> StepResult?
    ) {
        self.performing = performing
        self.withdrawing = withdrawing
    }

    init(_ configuration: inout ConfigurationReader) throws(StepError) {
        throw .wrong("a step of a test is not configured")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        await performing(context.input)
    }

    func withdraw(because why: String, in context: StepContext) async -> StepResult? {
        await withdrawing(why)
    }
}
