import EventLog
import Expressions
import Git
import PromotionModel
import Secrets

/// What a step works with.
struct StepContext: Sendable {
    let project: ProjectName
    let promotion: PromotionName
    let workDirectory: WorkDirectory
    let git: GitProgram
    let allowFileRepositories: Bool
    /// The date of the commits that the promotion makes.
    let date: Timestamp
    /// The log when the promotion was started: what its commits name.
    let anchor: LogAnchor
    /// Lets one promotion at a time push to a branch.
    let pushes: OneAtATime
    /// What somebody gave to the step, which waits for it; nil until then.
    let input: Value?
    /// What the stage runs once the promotion succeeded, component by component.
    let components: [JobComponent]
    /// Whose name commits bear where the step does not say it.
    let gitClient: GitClient?
    /// How repositories are entered.
    let sources: StepSources
    /// What must not leave the promotion for the ledger.
    let secrets: SecretUse
    /// Hands commands to the ledger.
    let submit: Submit
}

extension StepContext {
    /// git, with what opens the repository at `url` to the project.
    func git(for url: String) throws(StepError) -> GitProgram {
        guard let credentials = sources.credentials else { return git }
        do {
            let credential = try credentials.credential(for: url, in: project.rawValue)
            if let login = credential?.login { secrets.taint(login.password) }
            return git.entering(url, with: credential)
        } catch {
            throw .wrong("\(GitError.presentable(url)): \(error)")
        }
    }

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
