package import EventLog
import PromotionModel
import Wire

/// What a ledger is told that grows from the beginning of another one.
package struct OffshootRequest: Sendable {
    /// The last event that both have.
    package let last: Position
    /// The name of the other's log in checkpoints.
    package let origin: String
    /// Why, in the words of who asks.
    package let reason: String?
    /// The name of the attempt.
    package let id: CommandID
    /// Who asks.
    package let actor: EventActor

    /// A wish for a ledger that has the events through `last`.
    package init(
        last: Position,
        origin: String,
        reason: String?,
        id: CommandID,
        actor: EventActor
    ) {
        self.last = last
        self.origin = origin
        self.reason = reason
        self.id = id
        self.actor = actor
    }
}

extension Ledger {
    /// Makes a ledger with an id of its own, in a directory that is there and empty, of the first
    /// events of this one.
    ///
    /// They have the same positions and roots. Behind them comes a `LedgerRestored`, which names
    /// this ledger, the size and the root; and for each payload that was redacted only later, its
    /// redaction once more.
    package func offshoot(
        _ request: OffshootRequest,
        at path: String,
        options: LogOptions,
        now: Timestamp,
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(MovementFailure) -> LedgerCopy {
        try refuseHalfACommand(request.last)
        let id = LedgerID.random()
        do throws(LogBuildError) {
            var builder = try Self.builder(at: path, id, Ledger.withTables(options))
            let later = try copyEvents(through: request.last, to: &builder)
            try append(request, later, to: &builder, now)
            let (head, root) = try builder.finish()
            try Self.project(builder, progress)
            return LedgerCopy(id: id, head: head, root: root, byteCount: 0)
        } catch {
            switch error {
            case .unsound(let position, let what):
                throw .different("event \(position) \(what)")
            case .log(let error): throw .ledger(.log(error))
            }
        }
    }

    private static func builder(
        at path: String,
        _ id: LedgerID,
        _ options: LogOptions
    ) throws(LogBuildError) -> LogBuilder {
        do throws(EventLogError) {
            return try LogBuilder(at: path, id: id, options: options)
        } catch {
            throw .log(error)
        }
    }

    private static func project(
        _ builder: borrowing LogBuilder,
        _ progress: (UInt64, UInt64) -> Void
    ) throws(LogBuildError) {
        do throws(LedgerError) {
            try builder.project(progress: progress)
        } catch {
            if case .log(let error) = error { throw .log(error) }
            throw .log(.notDecided("\(error)"))
        }
    }

    /// A command's events are there all together or not at all.
    private func refuseHalfACommand(_ last: Position) throws(MovementFailure) {
        let bounds: (first: Position, end: Position)?
        do throws(EventLogError) {
            bounds = try log.read { (snapshot) throws(EventLogError) in
                guard last > .origin, last < snapshot.head.position else { return nil }
                let next = try snapshot.header(at: last.next)
                guard next.indexInCommand > 0 else { return nil }
                let first = Position(rawValue: last.rawValue + 1 - UInt64(next.indexInCommand))
                let receipt = try snapshot.receipt(for: next.commandID)
                return (first, receipt?.last ?? last.next)
            }
        } catch {
            throw .ledger(.log(error))
        }
        guard let bounds else { return }
        let before = Position(rawValue: bounds.first.rawValue - 1)
        throw .unsuitable(
            "event \(last) is in the middle of a command, \(bounds.first) to \(bounds.end); name "
                + (before == .origin ? "\(bounds.end)" : "\(before) or \(bounds.end)")
                + " with --to"
        )
    }

    /// Copies events as they are stored; returns the redactions that lie behind the last one.
    private func copyEvents(
        through last: Position,
        to builder: inout LogBuilder
    ) throws(LogBuildError) -> [PayloadRedacted] {
        var failure: LogBuildError?
        var later: [Position] = []
        var made: [PayloadRedacted] = []
        do throws(EventLogError) {
            try log.read { (snapshot) throws(EventLogError) in
                guard last > .origin else { return }
                try snapshot.forEachStored(through: last) { position, header, body in
                    if let redaction = StoredBody.redaction(body), redaction > last {
                        later.append(redaction)
                    }
                    do throws(LogBuildError) {
                        _ = try builder.appendStored(header: header, body: body)
                    } catch {
                        failure = error
                    }
                    return failure == nil
                }
                for position in later {
                    let event = try snapshot.event(at: position)
                    guard let payload = event.payload,
                        let redaction = try? PayloadRedacted(decoding: payload)
                    else { continue }
                    made.append(redaction)
                }
            }
        } catch {
            throw .log(error)
        }
        if let failure { throw failure }
        return made
    }

    private func append(
        _ request: OffshootRequest,
        _ redactions: [PayloadRedacted],
        to builder: inout LogBuilder,
        _ now: Timestamp
    ) throws(LogBuildError) {
        var restored = LedgerRestored()
        restored.ledger = log.id.text
        restored.origin = request.origin
        restored.size = request.last
        restored.reason = request.reason
        do throws(EventLogError) {
            restored.root = try log.read { (snapshot) throws(EventLogError) in
                try snapshot.root(at: request.last).bytes
            }
        } catch {
            throw .log(error)
        }
        let command = (id: request.id, contentHash: Digest.sha256(restored.encoded()))
        let events = [Event.ledgerRestored(restored)] + redactions.map { .payloadRedacted($0) }
        for (index, event) in events.enumerated() {
            try builder.append(
                NewEvent(
                    type: event.type.rawValue,
                    project: ProjectName.cluster.rawValue,
                    subject: Subject.cluster.rawValue,
                    actor: request.actor,
                    payload: event.payload.encoded()
                ),
                of: command,
                index: UInt32(index),
                at: now
            )
            if case .payloadRedacted(let redaction) = event {
                try builder.noteRedaction(
                    of: redaction.position,
                    by: Position(rawValue: builder.size)
                )
            }
        }
    }
}
