import EventLog
import Expressions
import Ledger
import PromotionModel
import Transparency

/// That an event is in the log, or that the log has only grown: `waybill ledger prove`.
package struct ProofQuestion: Question {
    /// The event's position; nil where growth is to be proved.
    package var position: String?
    /// An older checkpoint, as its note's text; nil where an event is to be proved.
    package var from: String?
    /// The checkpoint to prove it to, as its note's text; nil for the one that was signed last.
    package var toCheckpoint: String?
    /// Whether what the event says is left out.
    package var headerOnly = false

    package init() {}

    package var place: RequestPlace { .ofLedger("ledger/proof") }

    package static let fields: [RequestField<ProofQuestion>] = [
        .text("position", \.position, "The position of the event that is to be proved, as #41."),
        .text("from", \.from, "An older checkpoint, which the log is to be proved to extend."),
        .text(
            "toCheckpoint",
            \.toCheckpoint,
            "The checkpoint to prove it to, in its signed note; the one signed last if not said."
        ),
        .flag(
            "headerOnly",
            \.headerOnly,
            "Leave out what the event says: who did what kind of thing to what is proved."
        ),
    ]

    package var contradiction: String? {
        guard (position == nil) != (from == nil) else {
            return "give --position of an event, or --from with an older checkpoint"
        }
        return headerOnly && position == nil ? "--header-only is for --position" : nil
    }

    package func answer(_ desk: Desk) throws -> Answer {
        if let contradiction { throw CommandFailure.usage(contradiction) }
        let place = try saidPosition()
        let old = try from.map { try note($0, "the checkpoint of --from") }
        let named = try toCheckpoint.map { try note($0, Self.namedTarget) }
        let text = try desk.readLog { snapshot in
            try proof(of: place, old, named, snapshot, desk.choice)
        }
        return desk.form.isStructured ? .value(["proof": .string(text)]) : .text(text)
    }

    private static let namedTarget = "the checkpoint of --to-checkpoint"

    /// The position that was said; nil where growth is to be proved.
    private func saidPosition() throws(CommandFailure) -> Position? {
        guard let position else { return nil }
        let digits = position.hasPrefix("#") ? position.dropFirst() : position[...]
        guard let number = UInt64(digits), number > 0 else {
            throw .usage(
                "\(position.quotedForDisplay) is no position; give --position a number from 1 on"
            )
        }
        return Position(rawValue: number)
    }

    private func note(_ text: String, _ subject: String) throws(CommandFailure) -> SignedNote {
        try telling(about: subject) { () throws(TransparencyError) in
            try SignedNote(parsing: Array(text.utf8))
        }
    }

    private func proof(
        of place: Position?,
        _ old: SignedNote?,
        _ named: SignedNote?,
        _ snapshot: LogSnapshot,
        _ choice: ProjectChoice
    ) throws -> String {
        let target = named == nil ? "the checkpoint that was signed last" : Self.namedTarget
        guard let note = try named ?? snapshot.lastCheckpoint() else {
            let keys = try snapshot.verifierKeys()
            throw CommandFailure.notFound(
                keys.isEmpty
                    ? "the ledger has no signing key; make one with waybill ledger key --make"
                    : "no checkpoint was signed yet; sign one with waybill ledger checkpoint"
            )
        }
        _ = try telling(about: target) { () throws(TransparencyError) in
            try snapshot.signedCheckpoint(note)
        }
        if let place {
            guard place <= snapshot.head.position else {
                throw LedgerError.futurePosition(place, last: snapshot.head.position)
            }
            guard choice.seesEvents(of: try snapshot.header(at: place).project) else {
                throw CommandFailure.notFound("there is no event \(place); see waybill get events")
            }
        }
        guard let place else {
            guard let old else { preconditionFailure("an older checkpoint was read") }
            return try telling(about: "the checkpoint of --from") {
                () throws(TransparencyError) in
                try GrowthProof(from: old, to: note, snapshot).encoded
            }
        }
        return try telling(about: target) { () throws(TransparencyError) in
            try EventProof(of: place, in: note, snapshot, hasPayload: !headerOnly).encoded
        }
    }
}
