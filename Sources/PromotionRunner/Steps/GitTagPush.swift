import Git
import PromotionModel

/// Pushes a tag of a clone; one that an earlier attempt of the promotion pushed stays.
struct GitTagPush: Sendable {
    let tag: String
    let isForced: Bool
    let clone: GitWorkTree

    /// Where the remote's tag is kept to look at it, out of the way of the clone's own.
    private var pushed: String { "refs/waybill/pushed/\(tag)" }

    /// The commit that the remote's tag is at then.
    func perform(_ context: StepContext) async throws(StepError) -> String {
        guard let commit = try await clone.commit(of: "refs/tags/\(tag)") else {
            throw .wrong("\(clone.repository) has no tag \(tag); make it with git-tag first")
        }
        if let there = try await pushedEarlier(context) { return there }
        let result: GitResult
        do throws(StepError) {
            result = try await clone.result([
                "push", "--quiet", "--porcelain", "--no-verify", "--end-of-options", "origin",
                "\(isForced ? "+" : "")refs/tags/\(tag):refs/tags/\(tag)",
            ])
        } catch {
            throw error.mayHaveArrived
        }
        guard result.status == 0 else {
            let failure = clone.failure(result.failure)
            let text = result.output + result.errorOutput
            throw text.contains("rejected]") ? failure : failure.mayHaveArrived
        }
        return commit
    }

    /// The commit of the remote's tag, if that need not be pushed.
    private func pushedEarlier(_ context: StepContext) async throws(StepError) -> String? {
        let list = try await clone.run([
            "ls-remote", "--quiet", "--end-of-options", "origin", "refs/tags/\(tag)",
        ])
        guard !list.isEmpty else { return nil }
        _ = try await clone.run([
            "fetch", "--quiet", "--no-tags", "--end-of-options", "origin",
            "+refs/tags/\(tag):\(pushed)",
        ])
        let ours = try await clone.line(["rev-parse", "refs/tags/\(tag)"])
        let theirs = try await clone.line(["rev-parse", pushed])
        let trailers = CommitTrailers(promotion: context.promotion, anchor: context.anchor)
        let isOwn = try await trailers.isOwn(reference: pushed, of: clone)
        if theirs == ours || isOwn { return try await clone.commit(of: pushed) }
        guard isForced else {
            throw .wrong(
                "\(clone.repository): others have pushed a tag \(tag) already; name another "
                    + "one, or say force: true"
            )
        }
        return nil
    }
}
