package import EventLog
package import PromotionModel

/// The reference model: what the ledger should say and record, on dictionaries that are looked
/// through from end to end.
package struct Reference: Sendable {
    /// What is so.
    package private(set) var facts = DictionaryFacts()
    /// The header and payload of each event, but for what only the log knows of it.
    package private(set) var events: [(header: Header, event: Event)] = []
    /// The recorded time of the last event.
    package private(set) var recorded = Timestamp.epoch
    /// Every command that was given, whatever came of it.
    package private(set) var given: [CommandEnvelope] = []
    private var accepted: [CommandID: (content: Digest, first: Position)] = [:]

    /// The model of an empty ledger.
    package init() {}

    /// Whether a command was accepted under this id.
    package func hasAccepted(_ id: CommandID) -> Bool { accepted[id] != nil }

    /// The number of events.
    package var size: UInt64 { facts.position.rawValue }

    /// Executes a command when the clock says `now`.
    package mutating func execute(_ envelope: CommandEnvelope, at now: Timestamp) -> CommandResult {
        given.append(envelope)
        if let before = accepted[envelope.id] {
            let isSame = before.content == envelope.contentHash
            return isSame ? .duplicate(first: before.first) : .conflict
        }
        let time = max(now, recorded)
        switch decide(envelope, at: time) {
        case .quiet: return .quiet
        case .refused(let refusal): return .refused(refusal)
        case .events(let drafts):
            accepted[envelope.id] = (envelope.contentHash, facts.position.next)
            recorded = time
            for (index, draft) in drafts.enumerated() {
                record(draft, envelope, index: index, at: now)
            }
            return .events(drafts)
        }
    }

    /// What a command would come to at a time.
    package func decide(_ envelope: CommandEnvelope, at now: Timestamp) -> Verdict {
        let moment = DecisionMoment(recorded: max(now, recorded), next: facts.position.next)
        return ask { facts throws(FactsFailure) in
            try Decider(facts: facts, moment: moment, envelope: envelope).decide()
        }
    }

    /// What should happen next about something.
    package func nextSteps(
        for subject: Subject,
        in project: ProjectName,
        at now: Timestamp
    ) -> NextSteps {
        ask { facts throws(FactsFailure) in
            try NextStepsRule(facts: facts, project: project, now: now).nextSteps(for: subject)
        }
    }

    private func ask<T>(_ question: (DictionaryFacts) throws(FactsFailure) -> T) -> T {
        do throws(FactsFailure) {
            return try question(facts)
        } catch {
            fatalError("dictionary facts do not fail, yet: \(error)")
        }
    }

    private mutating func record(
        _ draft: EventDraft,
        _ envelope: CommandEnvelope,
        index: Int,
        at now: Timestamp
    ) {
        let header = Header(
            position: facts.position.next,
            recorded: recorded,
            wallClock: now == recorded ? nil : now,
            type: draft.event.type.rawValue,
            project: draft.project.rawValue,
            subject: draft.subject.rawValue,
            actor: envelope.actor,
            commandID: envelope.id,
            contentHash: index == 0 ? envelope.contentHash : nil,
            indexInCommand: UInt32(index),
            cause: draft.cause ?? envelope.cause
        )
        events.append((header, draft.event))
        let changes = ask { facts throws(FactsFailure) in
            try Evolver(facts: facts, header: header).changes(of: draft.event)
        }
        facts.apply(changes, at: header.position)
    }
}
