/// A submission that waits for the writer, whatever its refusals are.
///
/// The submitter makes it and hands it over; from then on it belongs to the writer thread.
class Pending: @unchecked Sendable {
    // @unchecked: nothing changes but what the writer thread notes of its decision.
    let commandID: CommandID
    let contentHash: Digest

    init(_ commandID: CommandID, _ contentHash: Digest) {
        self.commandID = commandID
        self.contentHash = contentHash
    }

    /// Lets the submission decide; true if it appended.
    func decide(_ scope: inout AppendScope) throws(EventLogError) -> Bool {
        preconditionFailure("every submission decides")
    }

    /// Tells the submitter, once.
    func finish(_ conclusion: Conclusion) {
        preconditionFailure("every submission is finished")
    }
}

/// A receipt whose root is still to be computed from its subtrees.
///
/// The submitter does that, on a thread of its own: the writer has better things to do than the
/// dozen hashes that a root takes.
struct DeferredReceipt {
    let row: CommandRow
    let peaks: [Digest]
    let isDuplicate: Bool

    var receipt: Receipt {
        Receipt(
            first: row.first,
            last: row.last,
            root: MerkleTree.fold(peaks),
            isDuplicate: isDuplicate
        )
    }
}

/// An outcome as the writer hands it to the submitter.
enum DeferredOutcome<Refusal: Sendable> {
    case accepted(DeferredReceipt)
    case decided(Outcome<Refusal>)

    var outcome: Outcome<Refusal> {
        switch self {
        case .accepted(let receipt): .accepted(receipt.receipt)
        case .decided(let outcome): outcome
        }
    }
}

/// What became of a pending submission.
enum Conclusion {
    case accepted(DeferredReceipt)
    case conflict(CommandRow)
    /// It was quiet or refused; the submission itself knows.
    case declined
    case failed(EventLogError)
}

/// A submission with its refusals.
final class TypedPending<Refusal: Sendable>: Pending, @unchecked Sendable {
    // @unchecked: as above.
    typealias Reply = CheckedContinuation<Result<DeferredOutcome<Refusal>, EventLogError>, Never>

    private let submission: Submission<Refusal>
    private let reply: Reply
    /// What it said the last time it decided.
    ///
    /// Owned by the writer thread.
    private var declined: Outcome<Refusal>?

    init(_ submission: Submission<Refusal>, _ reply: Reply) {
        self.submission = submission
        self.reply = reply
        super.init(submission.commandID, submission.contentHash)
    }

    override func decide(_ scope: inout AppendScope) throws(EventLogError) -> Bool {
        switch try submission.decide(&scope) {
        case .append: return true
        case .quiet: declined = .quiet
        case .refuse(let refusal): declined = .refused(refusal)
        }
        return false
    }

    override func finish(_ conclusion: Conclusion) {
        switch conclusion {
        case .accepted(let receipt):
            reply.resume(returning: .success(.accepted(receipt)))
        case .conflict(let row):
            reply.resume(
                returning: .success(.decided(.conflict(first: row.first, last: row.last)))
            )
        case .declined:
            guard let declined else { preconditionFailure("a submission declined nothing") }
            reply.resume(returning: .success(.decided(declined)))
        case .failed(let error):
            reply.resume(returning: .failure(error))
        }
    }
}
