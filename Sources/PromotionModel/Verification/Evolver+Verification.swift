import EventLog

extension Evolver {
    func changes(of event: VerificationStarted) throws(FactsFailure) -> [RowChange] {
        var stage = try facts.stageState(event.stage, in: project)
        var open = OpenVerification()
        open.promotion = event.promotion
        open.collection = event.collection
        open.position = header.position
        open.since = header.recorded
        stage.verification = open
        return [.stageState(project, event.stage, stage)]
    }

    func changes(of event: VerificationFinished) throws(FactsFailure) -> [RowChange] {
        var promotion = try facts.promotionState(event.promotion, in: project)
        let before = promotion.verification
        promotion.verification = record(of: event, after: before)
        var changes: [RowChange] = [
            .promotionState(project, event.promotion, promotion)
        ]
        var stage = try facts.stageState(event.stage, in: project)
        if stage.verification?.promotion == event.promotion {
            stage.verification = nil
            changes.append(.stageState(project, event.stage, stage))
        }
        switch event.result {
        case .successful:
            changes += try verified(by: promotion, in: event.stage)
        case .failed:
            changes += try withdrawn(by: promotion, since: before, in: event.stage)
        case .errored, .aborted, .inconclusive:
            break
        }
        return changes
    }

    private func record(
        of event: VerificationFinished,
        after before: VerificationRecord?
    ) -> VerificationRecord {
        var record = VerificationRecord()
        record.result = event.result
        record.position = header.position
        record.at = header.recorded
        record.implicit = event.implicit
        record.assumed = event.assumed
        record.actor = header.actor.name
        record.evidence = event.evidence
        record.message = event.message
        record.succeeded =
            event.result == .successful ? header.position : before?.succeeded ?? .origin
        return record
    }

    /// Marks what a promotion made the stage run.
    private func verified(
        by promotion: PromotionState,
        in stage: StageName
    ) throws(FactsFailure) -> [RowChange] {
        guard let collection = promotion.collection else { return [] }
        let incarnation = try facts.stage(stage, in: project)?.incarnation ?? .origin
        let moved = promotion.movedFreight
        var changes: [RowChange] = []
        for (id, via) in collection.freightWithCarriers.sorted(by: { $0.key < $1.key }) {
            var status = try facts.freightStatus(id, in: project)
            var mark = FreightMark(
                stage: stage,
                position: header.position,
                at: header.recorded,
                via: via
            )
            let first = status.verified.first { $0.stage == stage }
            if let first, first.position > incarnation {
                // As in Kargo the first verification counts until it is withdrawn; that what
                // came back was verified again is noted beside it.
                guard moved.contains(id) else { continue }
                mark = first
                mark.latest = header.position
            } else if status.withdrawn.contains(where: { $0.stage == stage }) {
                mark.soakFrom = header.recorded
            }
            status.withdrawn.removeAll { $0.stage == stage }
            status.verified.setMark(mark)
            changes.append(.freightStatus(project, id, status))
            if let freight = try facts.freight(id, in: project) {
                changes.append(
                    .freightVerified(
                        project,
                        stage,
                        freight.origin,
                        created: freight.created,
                        id
                    )
                )
            }
        }
        return changes
    }

    /// Takes back the marks that this promotion's earlier verification made, and those of what
    /// the promotion changed; what other combinations verified before stays so.
    private func withdrawn(
        by promotion: PromotionState,
        since before: VerificationRecord?,
        in stage: StageName
    ) throws(FactsFailure) -> [RowChange] {
        guard let collection = promotion.collection else { return [] }
        let moved = promotion.movedFreight
        var changes: [RowChange] = []
        for (id, _) in collection.freightWithCarriers.sorted(by: { $0.key < $1.key }) {
            var status = try facts.freightStatus(id, in: project)
            guard let mark = status.verified.first(where: { $0.stage == stage }) else { continue }
            let isOurs = before.map { mark.position == $0.succeeded } ?? false
            guard isOurs || moved.contains(id) else { continue }
            status.verified.removeAll { $0.stage == stage }
            status.soaked.removeAll { $0.stage == stage }
            status.withdrawn.setMark(
                FreightMark(
                    stage: stage,
                    position: header.position,
                    at: header.recorded,
                    via: mark.via
                )
            )
            changes.append(.freightStatus(project, id, status))
        }
        return changes
    }

    func changes(of event: HealthReported) throws(FactsFailure) -> [RowChange] {
        var stage = try facts.stageState(event.stage, in: project)
        stage.health = event.health
        stage.healthMessage = event.message
        return [.stageState(project, event.stage, stage)]
    }
}

extension PromotionState {
    /// The leaves that it changed, and the bundles that brought them.
    var movedFreight: Set<FreightID> {
        var moved = Set(changes.filter { $0.kind.countsAsChanged }.compactMap(\.to))
        for component in collection?.components ?? [] where moved.contains(component.freight) {
            moved.insert(component.carrier)
        }
        return moved
    }
}
