import EventLog
import Glibc
import Ledger
import PromotionModel
import Transparency
import Requests

/// Checkpoints of copies and exports: signed where this ledger can sign.
struct Signing {
    let session: Session
    /// Whether there is a key, and the ledger is open for writing.
    private let canSign: Bool

    /// Opens the ledger so that it can sign, if it has a key and may be written; else for reading.
    init(_ options: LedgerOptions) throws {
        let path = try options.path
        let hasKey = unsafe access(path + "/signing.key", F_OK) == 0
        guard hasKey else {
            session = try Session(reading: options)
            canSign = false
            return
        }
        do {
            session = try Session(writing: options)
            canSign = true
        } catch LedgerError.log(.readOnlyDirectory), LedgerError.log(.newerFormat) {
            session = try Session(reading: options)
            canSign = false
        }
    }

    /// The name of the ledger's log in checkpoints.
    func origin() throws -> String {
        try session.ledger.log.read { (snapshot) throws(TransparencyError) in
            try snapshot.verifierKeys().first?.name ?? CheckpointSigner.defaultOrigin(snapshot.id)
        }
    }

    /// The signed checkpoint at a position; nil where this ledger has no key here.
    ///
    /// What speaks against signing does not speak against a copy: it is told on standard error.
    func note(at position: Position) async -> SignedNote? {
        guard canSign else { return nil }
        do throws(TransparencyError) {
            return try await CheckpointSigner(session.ledger.log).sign(at: position)
        } catch {
            StandardError.write("waybill: not signed: \(CommandFailure(error).message)")
            return nil
        }
    }

    /// The checkpoint at a position: signed if that is possible.
    func checkpoint(at position: Position, root: Digest) async throws -> String {
        if let note = await note(at: position) { return note.encoded }
        let origin = try origin()
        guard let checkpoint = Checkpoint(origin: origin, size: position.rawValue, root: root)
        else { preconditionFailure("the name of a key and a ledger id make origins") }
        return checkpoint.text
    }

    /// Gives the ledger back.
    func end() async { await session.ledger.log.close() }
}
