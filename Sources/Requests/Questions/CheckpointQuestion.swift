import EventLog
package import Expressions
import Ledger
import LedgerAPI
package import Transparency

/// Size and root of the log at a moment, unsigned: `waybill ledger checkpoint --at`.
package struct CheckpointQuestion: MomentQuestion {
    package var at: String?

    package init() {}

    package var place: RequestPlace { .ofLedger("ledger/checkpoint") }

    package static let fields: [RequestField<CheckpointQuestion>] = [.at]

    package func answer(_ desk: Desk) throws -> Answer {
        try desk.read(at: try .said(at)) { view in
            let snapshot = view.snapshot
            let root: Digest
            do throws(EventLogError) {
                root = try snapshot.root(at: view.moment.position)
            } catch {
                throw CommandFailure(.log(error))
            }
            let key = try snapshot.verifierKeys().first
            let origin = key?.name ?? CheckpointSigner.defaultOrigin(snapshot.id)
            let size = view.moment.position.rawValue
            guard let checkpoint = Checkpoint(origin: origin, size: size, root: root) else {
                preconditionFailure("the name of a key and a ledger id make origins")
            }
            guard desk.form.isStructured else { return .text(checkpoint.text) }
            return .value(Self.value(checkpoint, nil))
        }
    }

    /// A checkpoint as a value, with the note in which it is signed.
    package static func value(_ checkpoint: Checkpoint, _ note: SignedNote?) -> Value {
        Shape.object([
            ("origin", .string(checkpoint.origin)), ("size", .int(Int64(checkpoint.size))),
            ("root", .string(checkpoint.root.hex)),
            ("note", note.map { .string($0.encoded) } ?? .null),
        ])
    }
}
