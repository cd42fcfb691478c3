import EventLog
import Expressions
import Git
import PromotionModel

/// What a step works with.
struct StepContext: Sendable {
    let project: ProjectName
    let promotion: PromotionName
    let workDirectory: WorkDirectory
    let git: GitProgram
    let allowFileRepositories: Bool
    /// The date of the commits that the promotion makes.
    let date: Timestamp
    /// The log when the promotion was read: an anchor for commits.
    let checkpoint: (size: UInt64, root: Digest)
    /// Lets one promotion at a time push to a branch.
    let pushes: OneAtATime
    /// What somebody gave to the step, which waits for it; nil until then.
    let input: Value?
    /// What the stage runs once the promotion succeeded, component by component.
    let components: [JobComponent]
    /// Hands commands to the ledger.
    let submit: Submit
}

extension StepContext {
    /// Hands over a command of the promotion's; what the ledger refuses is the step's refusal.
    func execute(_ command: Command) async throws(StepError) {
        let outcome: SubmitOutcome
        do {
            outcome = try await submit(command)
        } catch {
            throw .broken("the ledger did not take the command: \(error)")
        }
        if case .refused(let refusal) = outcome {
            throw StepError(message: "\(refusal)", isTerminal: true, isRefusal: true)
        }
    }
}
