import EventLog
import Expressions
import Git
import PromotionModel

/// `git-commit`: commits what changed in a clone, always with the same author and date.
///
/// Skipped if nothing changed.
struct GitCommitStep: Step {
    private let path: String
    private let message: String

    init(_ configuration: inout ConfigurationReader) throws(StepError) {
        path = try configuration.string("path")
        message = try Self.cleaned(configuration.string("message"))
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let clone = try await GitWorkTree(at: path, in: context)
        _ = try await clone.run(["add", "--all", "--", "."])
        let head = try await clone.commit(of: "HEAD")
        let staged = try await clone.result(["status", "--porcelain", "--untracked-files=no"])
        guard staged.status == 0 else { throw clone.failure(staged.failure) }
        if staged.output.isEmpty { return try await unchanged(head, clone, context) }
        let trailers = CommitTrailers(
            promotion: context.promotion,
            checkpoint: context.checkpoint
        )
        let commit = try await clone.result(
            ["commit", "--quiet", "--no-verify", "--cleanup=verbatim", "--file=-"],
            environment: GitIdentity.environment(at: context.date),
            input: Array(trailers.appended(to: message).utf8)
        )
        guard commit.status == 0 else { throw clone.failure(commit.failure) }
        return .succeeded(["commit": .string(try await clone.line(["rev-parse", "HEAD"]))])
    }

    /// Nothing to commit: either an earlier attempt did it, or it was so already.
    private func unchanged(
        _ head: String?,
        _ clone: GitWorkTree,
        _ context: StepContext
    ) async throws(StepError) -> StepResult {
        guard let head else { return .skipped("nothing changed, and there is no commit yet") }
        let own = OwnCommits(promotion: context.promotion, clone: clone)
        let earlier = try await own.among([head]).first { $0.message == message }
        if let earlier {
            return .succeeded(
                ["commit": .string(earlier.id)],
                message: "an earlier attempt committed it"
            )
        }
        return .skipped("nothing changed", outputs: ["commit": .string(head)])
    }

    /// The message without what git or a terminal would take for something else.
    private static func cleaned(_ message: String) throws(StepError) -> String {
        guard message.utf8.count <= 65_536 else {
            throw .wrong("message must not be longer than 65536 bytes")
        }
        let visible = String(
            message.unicodeScalars.map { scalar in
                scalar.properties.generalCategory == .control && scalar != "\n"
                    ? " " : Character(scalar)
            }
        )
        let lines = visible.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        let text = lines.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
        guard !text.isEmpty else { throw .wrong("message must say something") }
        return text.joined(separator: "\n")
    }
}

/// Who makes the commits of promotions: the same everywhere, so that ids are too.
enum GitIdentity {
    /// Variables that tell git who and when.
    static func environment(at date: Timestamp) -> [String: String] {
        let seconds = "@\(date.rawValue / 1000) +0000"
        return [
            "GIT_AUTHOR_NAME": "Waybill", "GIT_AUTHOR_EMAIL": "waybill@localhost",
            "GIT_AUTHOR_DATE": seconds,
            "GIT_COMMITTER_NAME": "Waybill", "GIT_COMMITTER_EMAIL": "waybill@localhost",
            "GIT_COMMITTER_DATE": seconds,
        ]
    }
}
