import EventLog
import Expressions
import Git
import PromotionModel

/// `git-commit`: commits what changed in a clone, always with the same author and date.
///
/// Skipped if nothing changed.
struct GitCommitStep: ConfiguredStep {
    private var path = ""
    private var message = ""
    private var author: GitAuthor?

    static let text = StepText(
        summary: "commits what changed in a clone; skipped if nothing did",
        outputs: [StepOutput("commit", "the id of the commit, or of the one that was there")],
        example: """
            - uses: git-commit
              as: commit
              config:
                path: ./out
                message: ${{ ctx.stage }} gets ${{ ctx.targetFreight.alias }}
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the clone")
        visitor.text("message", &message, "what is said of the commit")
        visitor.part("author", &author, "whose name it bears, if not what git-clone says")
    }

    func contradictions() -> [FieldProblem] {
        GitMessage(message) == nil ? [FieldProblem("message", GitMessage.problem)] : []
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        // Others read it.
        guard let message = GitMessage(context.secrets.masking(message)) else {
            throw .wrong("message \(GitMessage.problem)")
        }
        let clone = try await GitWorkTree(at: path, in: context)
        _ = try await clone.run(["add", "--all", "--", "."])
        let head = try await clone.commit(of: "HEAD")
        let staged = try await clone.result(["status", "--porcelain", "--untracked-files=no"])
        guard staged.status == 0 else { throw clone.failure(staged.failure) }
        if staged.output.isEmpty { return try await unchanged(head, message, clone, context) }
        let trailers = CommitTrailers(promotion: context.promotion, anchor: context.anchor)
        let commit = try await clone.result(
            ["commit", "--quiet", "--no-verify", "--cleanup=verbatim", "--file=-"],
            environment: GitIdentity.environment(at: context.date, author: author),
            input: Array(trailers.appended(to: message.text).utf8)
        )
        guard commit.status == 0 else { throw clone.failure(commit.failure) }
        return .succeeded(["commit": .string(try await clone.line(["rev-parse", "HEAD"]))])
    }

    /// Nothing to commit: either an earlier attempt did it, or it was so already.
    private func unchanged(
        _ head: String?,
        _ message: GitMessage,
        _ clone: GitWorkTree,
        _ context: StepContext
    ) async throws(StepError) -> StepResult {
        guard let head else { return .skipped("nothing changed, and there is no commit yet") }
        let own = OwnCommits(promotion: context.promotion, clone: clone)
        let earlier = try await own.among([head]).first { $0.message == message.text }
        if let earlier {
            return .succeeded(
                ["commit": .string(earlier.id)],
                message: "an earlier attempt committed it"
            )
        }
        return .skipped("nothing changed", outputs: ["commit": .string(head)])
    }
}
