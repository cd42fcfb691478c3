import Expressions
import Git
import PromotionModel

/// `git-tag`: tags what is checked out in a clone, with a message.
///
/// A tag that an earlier attempt of the promotion made is its own: it is made again.
struct GitTagStep: ConfiguredStep {
    private var path = ""
    private var tag = ""
    private var message = ""
    private var isForced = false

    static let text = StepText(
        summary: "tags the commit that is checked out in a clone; git-push brings the tag out",
        outputs: [StepOutput("commit", "the id of the commit that is tagged")],
        example: """
            - uses: git-tag
              config:
                path: ./out
                tag: release-${{ ctx.targetFreight.alias }}
                message: Released to ${{ ctx.stage }}
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the clone")
        visitor.text("tag", &tag, "the tag to make")
        visitor.text("message", &message, "what is said of the tag")
        visitor.flag("force", &isForced, "a tag of that name in the clone is replaced")
    }

    func contradictions() -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if !GitReference.isName(tag) {
            problems.append(FieldProblem("tag", "is \(tag), which no tag can be called"))
        }
        if GitMessage(message) == nil {
            problems.append(FieldProblem("message", GitMessage.problem))
        }
        return problems
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        // Others read it.
        guard let message = GitMessage(context.secrets.masking(message)) else {
            throw .wrong("message \(GitMessage.problem)")
        }
        let clone = try await GitWorkTree(at: path, in: context)
        guard let head = try await clone.commit(of: "HEAD") else {
            throw .wrong("\(path) has no commit to tag")
        }
        let trailers = CommitTrailers(promotion: context.promotion, anchor: context.anchor)
        if let there = try await clone.commit(of: "refs/tags/\(tag)"), !isForced {
            let own = try await trailers.isOwn(reference: "refs/tags/\(tag)", of: clone)
            guard own else {
                throw .wrong(
                    "tag \(tag) is there already, at \(there.prefix(10)); name another one, or "
                        + "say force: true"
                )
            }
            // What was pushed stays as it was pushed.
            if there == head { return .succeeded(["commit": .string(head)]) }
        }
        let made = try await clone.result(
            [
                "tag", "--annotate", "--force", "--cleanup=verbatim", "--file=-",
                "--end-of-options", tag, "HEAD",
            ],
            environment: GitIdentity.environment(at: context.date),
            input: Array(trailers.appended(to: message.text).utf8)
        )
        guard made.status == 0 else { throw clone.failure(made.failure) }
        return .succeeded(["commit": .string(head)])
    }
}

extension CommitTrailers {
    /// Whether the promotion made a tag that the clone has.
    func isOwn(reference: String, of clone: GitWorkTree) async throws(StepError) -> Bool {
        let key = "%(contents:trailers:key=\(Self.promotionKey),valueonly)"
        let text = try await clone.line([
            "for-each-ref", "--format=\(key)", "--end-of-options", reference,
        ])
        return text == promotion.rawValue
    }
}
