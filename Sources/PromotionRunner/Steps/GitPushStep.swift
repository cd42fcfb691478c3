import EventLog
import Expressions
import Git
import PromotionModel

/// `git-push`: pushes what a clone has committed to a branch.
///
/// If somebody else pushed meanwhile, the commits are put on top of theirs. What an earlier
/// attempt pushed is recognised by its trailer and not pushed again.
struct GitPushStep: ConfiguredStep {
    private var path = ""
    /// nil for the branch that is checked out.
    private var targetBranch: String?
    private var generatesBranch = false
    private var tag: String?
    private var provider: String?
    private var isForced = false
    private var attemptCountMax = 10

    static let text = StepText(
        summary: "pushes what a clone has committed, or a tag",
        outputs: [
            StepOutput("branch", "the branch; not with tag"),
            StepOutput("commit", "the id of the commit that the branch or tag is at then"),
            StepOutput("commitURL", "its page, where the kind of host is known"),
        ],
        example: """
            - uses: git-push
              config:
                path: ./out
                targetBranch: main
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the clone")
        visitor.text("targetBranch", &targetBranch, "the branch; else the one checked out")
        visitor.flag(
            "generateTargetBranch",
            &generatesBranch,
            "to a branch of the promotion's own, kargo/promotion/NAME"
        )
        visitor.text("tag", &tag, "a tag of the clone to push instead of a branch")
        visitor.text("provider", &provider, "\(GitHost.names), if the URL does not tell")
        visitor.flag("force", &isForced, "what the branch or tag has is replaced, not kept below")
        visitor.number("maxAttempts", &attemptCountMax, in: 1...100, "tries")
    }

    func contradictions() -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if [targetBranch != nil, generatesBranch, tag != nil].count(where: \.self) > 1 {
            problems.append(
                FieldProblem("targetBranch", "and generateTargetBranch and tag exclude each other")
            )
        }
        for (field, name) in [("targetBranch", targetBranch), ("tag", tag)] {
            if let name, !GitReference.isName(name) {
                let kind = field == "tag" ? "tag" : "branch"
                problems.append(FieldProblem(field, "is \(name), which no \(kind) can be called"))
            }
        }
        if let provider, GitHost(rawValue: provider) == nil {
            problems.append(FieldProblem("provider", "must be one of \(GitHost.names)"))
        }
        return problems
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let clone = try await GitWorkTree(at: path, in: context)
        if let tag {
            let tagging = GitTagPush(tag: tag, isForced: isForced, clone: clone)
            let pushed = try await context.pushes.perform("\(clone.url) refs/tags/\(tag)") {
                () async throws(StepError) in try await tagging.perform(context)
            }
            return .succeeded(outputs(clone, commit: pushed), hasTakenEffect: true)
        }
        let branch = try await branch(of: clone, context.promotion)
        let pushed = try await context.pushes.perform("\(clone.url) \(branch)") {
            () async throws(StepError) -> Pushed in
            for _ in 0..<attemptCountMax {
                if let pushed = try await push(clone, to: branch, context) { return pushed }
            }
            throw .broken(
                "\(path): others pushed to \(branch) each of \(attemptCountMax) times in between"
            )
        }
        var outputs = outputs(clone, commit: pushed.commit)
        outputs["branch"] = .string(branch)
        return .succeeded(outputs, hasTakenEffect: pushed.isOurs)
    }

    private func outputs(_ clone: GitWorkTree, commit: String) -> [String: Value] {
        var outputs: [String: Value] = ["commit": .string(commit)]
        let host = provider.flatMap { GitHost(rawValue: $0) } ?? GitHost(of: clone.url)
        if let page = host?.page(ofCommit: commit, in: clone.url) {
            outputs["commitURL"] = .string(page)
        }
        return outputs
    }

    /// What the branch has after a push.
    private struct Pushed {
        let commit: String
        /// This attempt or an earlier one put it there; false where there was nothing to push.
        let isOurs: Bool
    }

    private func branch(
        of clone: GitWorkTree,
        _ promotion: PromotionName
    ) async throws(StepError) -> String {
        if let targetBranch { return targetBranch }
        if generatesBranch { return "kargo/promotion/\(promotion)" }
        let head = try await clone.result(["symbolic-ref", "--quiet", "--short", "HEAD"])
        let name = String(head.output.prefix { $0 != "\n" })
        guard head.status == 0, GitReference.isName(name) else {
            throw .wrong("\(path) has no branch checked out; say targetBranch")
        }
        return name
    }

    /// One try: what the branch has then, or nil if somebody else was quicker.
    private func push(
        _ clone: GitWorkTree,
        to branch: String,
        _ context: StepContext
    ) async throws(StepError) -> Pushed? {
        let remote = "refs/remotes/origin/\(branch)"
        _ = try await clone.run(["fetch", "--quiet", "--prune", "--end-of-options", "origin"])
        guard let head = try await clone.commit(of: "HEAD") else {
            throw .wrong("\(path) has no commit to push")
        }
        if let theirs = try await clone.commit(of: remote) {
            if let own = try await pushedEarlier(clone, head: head, remote: remote, context) {
                return Pushed(commit: own, isOurs: true)
            }
            if theirs == head {
                let own = OwnCommits(promotion: context.promotion, clone: clone)
                let ours = try await own.among(["\(head)^!"])
                return Pushed(commit: head, isOurs: !ours.isEmpty)
            }
            let missing = try await clone.line(["rev-list", "--count", "\(head)..\(theirs)", "--"])
            if missing != "0", !isForced { try await rebase(clone, onto: theirs, context) }
        }
        let result: GitResult
        do throws(StepError) {
            result = try await clone.result([
                "push", "--quiet", "--porcelain", "--no-verify", "--end-of-options", "origin",
                "\(isForced ? "+" : "")HEAD:refs/heads/\(branch)",
            ])
        } catch {
            throw error.mayHaveArrived
        }
        if result.status == 0 {
            return Pushed(commit: try await clone.line(["rev-parse", "HEAD"]), isOurs: true)
        }
        let races = [
            "[rejected]", "cannot lock ref", "failed to update ref", "incorrect old value",
        ]
        let text = result.output + result.errorOutput
        guard races.contains(where: { text.contains($0) }) else {
            let failure = clone.failure(result.failure)
            throw text.contains("[remote rejected]") ? failure : failure.mayHaveArrived
        }
        return nil
    }

    /// The commit that another attempt pushed while this one worked on its own copy of it.
    ///
    /// The clone continues from the branch then, so that later steps see what is there.
    private func pushedEarlier(
        _ clone: GitWorkTree,
        head: String,
        remote: String,
        _ context: StepContext
    ) async throws(StepError) -> String? {
        let own = OwnCommits(promotion: context.promotion, clone: clone)
        let mine = try await own.among([head, "^\(remote)"])
        let there = try await own.among([remote, "^\(head)"])
        guard let newest = there.first, !mine.isEmpty,
            mine.allSatisfy({ commit in there.contains { $0.message == commit.message } })
        else { return nil }
        _ = try await clone.run(["reset", "--quiet", "--hard", remote])
        return newest.id
    }

    private func rebase(
        _ clone: GitWorkTree,
        onto commit: String,
        _ context: StepContext
    ) async throws(StepError) {
        let result = try await clone.result(
            ["rebase", "--quiet", "--no-autostash", "--committer-date-is-author-date", commit],
            environment: GitIdentity.environment(at: context.date)
        )
        guard result.status != 0 else { return }
        _ = try await clone.result(["rebase", "--abort"])
        throw .broken(
            "\(path): what was pushed meanwhile changes the same lines; promote again "
                + "(\(result.failure))"
        )
    }
}

extension StepError {
    /// The same error of a push, of which nobody can say whether it arrived.
    var mayHaveArrived: StepError {
        var error = self
        error.mayHaveTakenEffect = true
        return error
    }
}
