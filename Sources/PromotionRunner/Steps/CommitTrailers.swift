import EventLog
import PromotionModel

/// What Waybill writes below the message of a commit, and how it finds it again.
package struct CommitTrailers: Sendable {
    /// Says which promotion made a commit.
    package static let promotionKey = "Waybill-Promotion"
    /// Says of which ledger the promotion is.
    package static let ledgerKey = "Waybill-Ledger"
    /// Says what that ledger was when the promotion was started: its size and root, an anchor
    /// outside of it.
    package static let checkpointKey = "Waybill-Checkpoint"

    let promotion: PromotionName
    let anchor: LogAnchor

    /// `message` with the trailers as its last paragraph.
    func appended(to message: String) -> String {
        """
        \(message)

        \(Self.promotionKey): \(promotion.rawValue)
        \(Self.ledgerKey): \(anchor.ledger)
        \(Self.checkpointKey): \(anchor.size) \(anchor.root.hex)

        """
    }
}

/// Commits that a promotion made earlier, as a clone has them.
struct OwnCommits: Sendable {
    let promotion: PromotionName
    let clone: GitWorkTree

    /// One commit, with what tells it from the promotion's other commits.
    struct Commit: Sendable {
        let id: String
        /// The message without the trailers, which say nothing of what was committed.
        let message: String
    }

    /// How far back commits are looked at.
    private static let countMax = 1000

    /// The promotion's commits that `revisions` names, newest first.
    ///
    /// Reads the trailers only in the last paragraph, where nobody's message can forge them.
    func among(_ revisions: [String]) async throws(StepError) -> [Commit] {
        let trailer =
            "%(trailers:key=\(CommitTrailers.promotionKey),valueonly,separator=%x2C)"
        let log = try await clone.run(
            [
                "log", "-z", "--no-color", "--no-show-signature", "--no-notes",
                "--max-count=\(Self.countMax)", "--format=tformat:%H%x01\(trailer)%x01%B",
            ] + revisions + ["--"]
        )
        return log.split(separator: "\0").compactMap { record in
            let parts = record.split(
                separator: "\u{1}",
                maxSplits: 2,
                omittingEmptySubsequences: false
            )
            guard parts.count == 3, parts[1] == promotion.rawValue else { return nil }
            let mark = "\n\n\(CommitTrailers.promotionKey): "
            let end = parts[2].ranges(of: mark).last?.lowerBound ?? parts[2].endIndex
            return Commit(id: String(parts[0]), message: String(parts[2][..<end]))
        }
    }
}
