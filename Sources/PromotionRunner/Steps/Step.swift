import EventLog
import Expressions
import Git
import PromotionModel

/// A step of a promotion, with its configuration decoded and ready to be performed.
///
/// Performing it twice must come to the same: after a crash it is performed again.
protocol Step: Sendable {
    /// The step that `configuration` describes; every field is read, so that what is left over
    /// is an error.
    init(_ configuration: inout ConfigurationReader) throws(StepError)

    /// Does it.
    func perform(in context: StepContext) async throws(StepError) -> StepResult

    /// Takes back what the step proposed outside while it waited, because its promotion is over;
    /// `why` says how, in words.
    ///
    /// A result where it took effect all the same, nil otherwise.
    func withdraw(because why: String, in context: StepContext) async -> StepResult?
}

extension Step {
    /// Most steps propose nothing that could be taken back.
    func withdraw(because why: String, in context: StepContext) async -> StepResult? { nil }
}

/// The steps there are, by what `uses` says.
enum StepKind: String, CaseIterable {
    case fail
    case gitClone = "git-clone"
    case gitCommit = "git-commit"
    case gitPush = "git-push"
    case yamlUpdate = "yaml-update"

    /// The step that `uses` names, with its configuration.
    static func decode(
        _ uses: String,
        _ configuration: Value
    ) throws(StepError) -> any Step {
        guard let kind = StepKind(rawValue: uses) else {
            let hint = NearestName.hint(uses, allCases.map(\.rawValue))
            throw .wrong("there is no step \(uses)\(hint)")
        }
        return try kind.decode(configuration)
    }

    private func decode(_ configuration: Value) throws(StepError) -> any Step {
        var reader = try ConfigurationReader(configuration)
        let step: any Step =
            switch self {
            case .fail: try FailStep(&reader)
            case .gitClone: try GitCloneStep(&reader)
            case .gitCommit: try GitCommitStep(&reader)
            case .gitPush: try GitPushStep(&reader)
            case .yamlUpdate: try YAMLUpdateStep(&reader)
            }
        try reader.finish()
        return step
    }
}

/// What a step works with.
struct StepContext: Sendable {
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
}
