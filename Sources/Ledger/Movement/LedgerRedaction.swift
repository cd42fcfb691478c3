package import EventLog
import LMDB
package import PromotionModel
import Wire

/// A payload that somebody wants erased.
package struct RedactionRequest: Hashable, Sendable {
    /// The event.
    package let position: Position
    /// Why, in the words of who asks.
    package let reason: String
    /// The name of the attempt.
    package let id: CommandID
    /// Who asks.
    package let actor: EventActor

    /// A wish that the payload of the event at `position` be erased.
    package init(position: Position, reason: String, id: CommandID, actor: EventActor) {
        self.position = position
        self.reason = reason
        self.id = id
        self.actor = actor
    }

    /// SHA-256 over what the caller said.
    fileprivate var contentHash: Digest {
        var content = IdentityEncoder(domain: "waybill.command.v1")
        for part in [actor.name, "\(actor.assurance.rawValue)", reason, "redact"] {
            content.add(part)
        }
        content.add("\(position.rawValue)")
        return content.digest
    }
}

extension Ledger {
    /// Erases the payload of an event, with its salt; header, leaf and every root stay.
    ///
    /// In the same transaction an event says so, and every row that has words of the payload is
    /// written anew as the remaining events make it.
    package func redact(
        _ request: RedactionRequest
    ) async throws(LedgerError) -> Outcome<Refusal> {
        let submission = Submission<Refusal>(
            commandID: request.id,
            contentHash: request.contentHash
        ) { (scope) throws(EventLogError) in
            let tables = LedgerTables(scope.clientTables)
            do throws(LedgerError) {
                switch try Self.decide(request, scope.snapshot(), tables) {
                case .refused(let refusal): return .refuse(refusal)
                case .redact(let event, let redaction):
                    try Self.redact(event, redaction, request.actor, tables, &scope)
                    return .append
                }
            } catch {
                if case .log(let error) = error { throw error }
                throw .notDecided("\(error)")
            }
        }
        do throws(EventLogError) {
            let outcome = try await log.submit(submission)
            generations.forget()
            return outcome
        } catch {
            throw .log(error)
        }
    }

    /// What redacting an event would erase now; nothing is changed.
    package func redactionPreview(
        _ request: RedactionRequest
    ) throws(LedgerError) -> RedactionVerdict {
        try read { (view) throws(LedgerError) in
            try Self.decide(request, view.snapshot, view.facts.tables)
        }
    }

    /// Refuses, in this order: an event that is not there yet; one that was redacted; one of a
    /// promotion that has not ended; what `Redaction` refuses.
    private static func decide(
        _ request: RedactionRequest,
        _ snapshot: LogSnapshot,
        _ tables: LedgerTables
    ) throws(LedgerError) -> RedactionVerdict {
        let (position, last) = (request.position, snapshot.head.position)
        guard position > .origin, position <= last else {
            return .refused(.positionNotThere(position, last: last))
        }
        let recorded = try fromLog { () throws(EventLogError) in try snapshot.event(at: position) }
        let event = try LedgerEvent(recorded)
        if let redaction = event.redaction {
            return .refused(.alreadyRedacted(position, by: redaction))
        }
        guard let payload = event.event else {
            throw .undecodable(at: position, "its payload is missing, and nothing says why")
        }
        let facts = StoreFacts(reader: snapshot.reader, tables: tables, position: last)
        if let refusal = try underWay(event.header, facts) { return .refused(refusal) }
        do throws(RedactionRefused) {
            let redaction = try Redaction.decide(payload, at: position, reason: request.reason)
            return .redact(event, redaction)
        } catch {
            return .refused(error.refusal)
        }
    }

    /// What a promotion's steps still read of earlier ones must not go.
    private static func underWay(
        _ header: Header,
        _ facts: StoreFacts
    ) throws(LedgerError) -> Refusal? {
        let subject = Subject(unchecked: header.subject)
        guard subject.kind == .promotion else { return nil }
        let project = ProjectName(unchecked: header.project)
        let name = PromotionName(unchecked: subject.name)
        return try fromFacts { () throws(FactsFailure) in
            guard let promotion = try facts.promotion(name, in: project),
                try !facts.promotionState(name, in: project).phase.isTerminal
            else { return nil }
            return .promotionUnderWay(name, on: promotion.stage)
        }
    }

    private static func redact(
        _ event: LedgerEvent,
        _ redaction: PayloadRedacted,
        _ actor: EventActor,
        _ tables: LedgerTables,
        _ scope: inout AppendScope
    ) throws(LedgerError) {
        let happened = Event.payloadRedacted(redaction)
        do throws(EventLogError) {
            // Told where the event itself is told of.
            let header = try scope.append(
                NewEvent(
                    type: happened.type.rawValue,
                    project: event.header.project,
                    subject: event.header.subject,
                    actor: actor,
                    cause: event.header.position,
                    payload: redaction.encoded()
                )
            )
            for row in Row.subjects(of: header, happened) {
                try scope.put(row.value, forKey: row.key, in: tables[row.table])
            }
            try scope.erasePayload(at: redaction.position)
        } catch {
            throw .log(error)
        }
        var rewriting = RowRewriting(tables: tables, after: redaction.position)
        try rewriting.run(&scope)
    }
}

/// Whether an event can be redacted, and what that comes to.
package enum RedactionVerdict: Sendable {
    case redact(LedgerEvent, PayloadRedacted)
    case refused(Refusal)
}
