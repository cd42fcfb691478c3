package import EventLog
package import PromotionModel

extension View {
    /// Where the changes of a stage began, behind `after` and up to the moment, oldest first.
    ///
    /// Every promotion that began is in exactly one of two periods that meet.
    package func changes(
        of stage: StageName,
        in project: ProjectName,
        after: Position
    ) throws(LedgerError) -> [Position] {
        try checkHasBeen(stage, in: project)
        var filter = AuditFilter()
        filter.narrow(to: .stage(stage), in: project)
        filter.types = [.promotionStarted]
        filter.from = after.next
        return try positions(of: filter).reversed()
    }

    /// Refuses a stage that there is not and never was.
    package func checkHasBeen(
        _ stage: StageName,
        in project: ProjectName
    ) throws(LedgerError) {
        let isKnown = try ask { facts throws(FactsFailure) in
            try facts.hasEverBeen(stage, in: project)
        }
        guard isKnown else { throw .unknown(.unknownStage(stage, in: project)) }
    }

    /// Where the events are that a filter lets through, newest first.
    func positions(of filter: AuditFilter) throws(LedgerError) -> [Position] {
        var found: [Position] = []
        try forEachEvent(of: filter) { found.append($0.header.position) }
        return found
    }

    /// Hands `body` all events that a filter lets through, newest first.
    ///
    /// Read by the page: each event is decoded once, and no more than a page is held.
    func forEachEvent(
        of filter: AuditFilter,
        _ body: (LedgerEvent) -> Void
    ) throws(LedgerError) {
        var before: Position? = Position(rawValue: .max)
        while let end = before {
            let page = try events(filter, before: end, limit: 1000)
            page.items.forEach(body)
            before = page.next
        }
    }

    /// The change that began with the event at `position`, as it stands at the moment.
    package func change(
        startedAt position: Position,
        in project: ProjectName
    ) throws(LedgerError) -> ChangeRecord {
        let event = try whole(position)
        guard case .promotionStarted(let start) = event.effect else {
            preconditionFailure("the event at \(position) begins no promotion")
        }
        let found = try ask { facts throws(FactsFailure) in
            guard let promotion = try facts.promotion(start.promotion, in: project) else {
                throw .inconsistent("promotion \(start.promotion) began but is not there")
            }
            return (promotion, try facts.promotionState(start.promotion, in: project))
        }
        let (promotion, state) = found
        let request = try whole(promotion.requested)
        var because: String?
        if case .promotionRequested(let event) = request.effect { because = event.because }
        let earlier = try ask { facts throws(FactsFailure) in
            let before = facts.asOf(Position(rawValue: position.rawValue - 1))
            let asked = facts.asOf(Position(rawValue: promotion.requested.rawValue - 1))
            return (
                before: try before.stageState(promotion.stage, in: project).current,
                holds: try asked.stageState(promotion.stage, in: project).holds
            )
        }
        let before = earlier.before ?? FreightCollection()
        var components: [ChangedComponent] = []
        for change in start.changes where change.kind != .unchanged {
            components.append(
                try component(change, of: start, promotion, at: position, in: project)
            )
        }
        let end = try end(of: promotion, state, in: project)
        let record = ChangeRecord(
            promotion: promotion,
            requested: request.header,
            because: because,
            started: event.header,
            ended: end?.header,
            phase: state.phase,
            message: state.message,
            before: before,
            after: start.collection,
            changes: components,
            approvals: try approvals(of: start, components, at: position, in: project),
            verification: state.verification,
            findings: []
        )
        let mayHaveChanged = try uncertain(after: record, in: project)
        return record.with(
            findings: record.findings(held: earlier.holds, uncertain: mayHaveChanged)
                + (try redactions([request, event] + (end.map { [$0] } ?? []), record))
        )
    }

    /// An event, with what is left of it where it was redacted.
    func whole(_ position: Position) throws(LedgerError) -> LedgerEvent {
        try snapshot.withRemainder(
            fromLog { () throws(EventLogError) in try snapshot.event(at: position) }
        )
    }

    /// That words of a change are gone: of these events, of approvals and of its verification.
    private func redactions(
        _ events: [LedgerEvent],
        _ record: ChangeRecord
    ) throws(LedgerError) -> [ChangeFinding] {
        var events = events
        let others =
            record.approvals.map(\.position) + [record.verification?.position].compactMap(\.self)
        for position in others where position > .origin { events.append(try event(at: position)) }
        return events.compactMap { event in
            event.redaction.map { .redacted(event.header.position, by: $0) }
        }
    }

    /// The event with which a promotion ended.
    private func end(
        of promotion: Promotion,
        _ state: PromotionState,
        in project: ProjectName
    ) throws(LedgerError) -> LedgerEvent? {
        guard state.phase.isTerminal else { return nil }
        var filter = AuditFilter()
        filter.narrow(to: .promotion(promotion.name), in: project)
        filter.types = [
            .promotionSucceeded, .promotionFailed, .promotionErrored, .promotionAborted,
            .promotionSuperseded,
        ]
        return try events(filter, limit: 1).items.first
    }

    /// What nobody can say the stage runs, because this change did not succeed.
    private func uncertain(
        after record: ChangeRecord,
        in project: ProjectName
    ) throws(LedgerError) -> [Origin] {
        guard let ended = record.ended, record.phase != .succeeded else { return [] }
        let promotion = record.promotion
        return try ask { facts throws(FactsFailure) in
            try facts.asOf(ended.position).stageState(promotion.stage, in: project).uncertain
                .filter { $0.promotion == promotion.name }.map(\.origin)
        }
    }
}

// MARK: - What had been said about freight before

extension View {
    private func component(
        _ change: ComponentChange,
        of start: PromotionStarted,
        _ promotion: Promotion,
        at position: Position,
        in project: ProjectName
    ) throws(LedgerError) -> ChangedComponent {
        let found = try ask { facts throws(FactsFailure) in
            (
                from: try change.from.flatMap { id throws(FactsFailure) in
                    try facts.freight(id, in: project)
                },
                to: try change.to.flatMap { id throws(FactsFailure) in
                    try facts.freight(id, in: project)
                }
            )
        }
        let carrier = start.collection[origin: change.origin]?.carrier
        var verified: [PriorVerification] = []
        var hasRunBefore = false
        for id in Set([change.to, carrier].compactMap { $0 }).sorted() {
            let status = try ask { facts throws(FactsFailure) in
                try facts.asOf(position).freightStatus(id, in: project)
            }
            for mark in status.verified {
                verified.append(try prior(mark, of: id))
            }
            guard id == change.to else { continue }
            let past = try view(at: position).past(of: id, in: project)
            hasRunBefore = past.stays.contains { $0.stage == promotion.stage }
        }
        return ChangedComponent(
            change: change,
            from: found.from,
            to: found.to,
            verified: verified.sorted { ($0.stage, $0.position) < ($1.stage, $1.position) },
            hasRunBefore: hasRunBefore
        )
    }

    /// This view, as of an earlier position.
    private func view(at position: Position) -> View {
        View(
            facts: facts.asOf(position),
            moment: Moment(position: position, time: moment.time),
            snapshot: snapshot
        )
    }

    private func prior(
        _ mark: FreightMark,
        of freight: FreightID
    ) throws(LedgerError) -> PriorVerification {
        let event = try whole(mark.latest)
        var isUnseen = false
        var evidence: String?
        if case .verificationFinished(let finished) = event.effect {
            isUnseen = finished.implicit || finished.assumed
            evidence = finished.evidence
        }
        return PriorVerification(
            stage: mark.stage,
            freight: freight,
            position: mark.latest,
            at: event.header.recorded,
            actor: event.header.actor,
            isUnseen: isUnseen,
            evidence: evidence
        )
    }

    /// The approvals of what a change brought, as they stood when it began.
    private func approvals(
        of start: PromotionStarted,
        _ components: [ChangedComponent],
        at position: Position,
        in project: ProjectName
    ) throws(LedgerError) -> [ChangeApproval] {
        var ids: Set<FreightID> = []
        for component in components {
            guard let freight = component.to else { continue }
            ids.insert(freight.id)
            guard let carrier = start.collection[origin: component.change.origin]?.carrier else {
                continue
            }
            ids.insert(carrier)
        }
        var found: [ChangeApproval] = []
        for id in ids {
            let status = try ask { facts throws(FactsFailure) in
                try facts.asOf(position).freightStatus(id, in: project)
            }
            for approval in status.approved {
                let header = try event(at: approval.position).header
                found.append(
                    ChangeApproval(
                        freight: id,
                        alias: status.alias,
                        consumer: approval.consumer,
                        actor: header.actor,
                        reason: approval.reason,
                        position: approval.position,
                        at: approval.at
                    )
                )
            }
        }
        return found.sorted { $0.position < $1.position }
    }
}

extension ChangeRecord {
    fileprivate func with(findings: [ChangeFinding]) -> ChangeRecord {
        ChangeRecord(
            promotion: promotion,
            requested: requested,
            because: because,
            started: started,
            ended: ended,
            phase: phase,
            message: message,
            before: before,
            after: after,
            changes: changes,
            approvals: approvals,
            verification: verification,
            findings: findings
        )
    }
}
