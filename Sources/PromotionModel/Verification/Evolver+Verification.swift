import EventLog

extension Evolver {
    func changes(of event: VerificationStarted) throws(FactsFailure) -> [RowChange] {
        var stage = try facts.stageState(event.stage, in: project)
        var open = OpenVerification()
        open.promotion = event.promotion
        open.collection = event.collection
        open.position = header.position
        open.since = header.recorded
        open.templates = event.templates
        open.steps = event.steps
        stage.verification = open
        return [.stageState(project, event.stage, stage)]
    }

    func changes(of event: VerificationFinished) throws(FactsFailure) -> [RowChange] {
        guard let core = try facts.promotion(event.promotion, in: project) else {
            throw .inconsistent("promotion \(event.promotion) was verified but is not there")
        }
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
        let collection = promotion.collection ?? FreightCollection()
        let putIn = promotion.freightPutIn(by: core)
        switch event.result {
        case .successful:
            let isFirst = before?.stands != true
            changes += try verified(collection, putIn: putIn, isFirst: isFirst, by: event)
        case .failed:
            changes += try withdrawn(collection, putIn: putIn, by: event)
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
        record.reason = event.reason
        record.steps = event.steps
        record.succeeded =
            event.result == .successful ? header.position : before?.succeeded ?? .origin
        record.failed = event.result == .failed ? header.position : before?.failed ?? .origin
        return record
    }

    /// Marks what a promotion made the stage run.
    ///
    /// - Parameter isFirst: whether no earlier success of the promotion counts still.
    private func verified(
        _ collection: FreightCollection,
        putIn: Set<FreightID>,
        isFirst: Bool,
        by event: VerificationFinished
    ) throws(FactsFailure) -> [RowChange] {
        let stage = event.stage
        let incarnation = try facts.stage(stage, in: project)?.incarnation ?? .origin
        var changes: [RowChange] = []
        for (id, via) in collection.freightWithCarriers.sorted(by: { $0.key < $1.key }) {
            var status = try facts.freightStatus(id, in: project)
            let isPutIn = putIn.contains(id)
            var mark: FreightMark
            if let standing = status.verification(in: stage, since: incarnation) {
                // As in Kargo the first verification counts until it is withdrawn; that what
                // came back was verified again is noted beside it.
                guard isPutIn, isFirst else { continue }
                mark = standing
                mark.latest = header.position
                mark.through = nil
            } else {
                mark = FreightMark(
                    stage: stage,
                    position: header.position,
                    at: header.recorded,
                    via: via
                )
                if !isPutIn { mark.through = event.promotion }
                if status.withdrawal(in: stage, since: incarnation) != nil {
                    // Where nobody looked, nothing is given back but what was put in anew.
                    if !isPutIn, event.implicit || event.assumed { continue }
                    mark.soakFrom = header.recorded
                }
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

    /// Takes back the marks of what the promotion put in, and those that its own verification
    /// made; what was verified in the stage before it came stays so.
    private func withdrawn(
        _ collection: FreightCollection,
        putIn: Set<FreightID>,
        by event: VerificationFinished
    ) throws(FactsFailure) -> [RowChange] {
        let stage = event.stage
        let incarnation = try facts.stage(stage, in: project)?.incarnation ?? .origin
        var changes: [RowChange] = []
        for (id, _) in collection.freightWithCarriers.sorted(by: { $0.key < $1.key }) {
            var status = try facts.freightStatus(id, in: project)
            guard let mark = status.verification(in: stage, since: incarnation),
                putIn.contains(id) || mark.through == event.promotion
            else { continue }
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
        if stage.health != event.health || stage.healthSince == nil {
            stage.healthSince = header.recorded
        }
        stage.health = event.health
        stage.healthMessage = event.message
        return [.stageState(project, event.stage, stage)]
    }
}

extension PromotionState {
    /// What a verification of the promotion is about: the leaves that it changed and what brought
    /// them; where it changed nothing, what was asked for.
    func freightPutIn(by core: Promotion) -> Set<FreightID> {
        let components = collection?.components ?? []
        let changed = Set(changes.filter { $0.kind.countsAsChanged }.map(\.origin))
        var putIn = components.filter { changed.contains($0.origin) }
        if putIn.isEmpty {
            let asked = Set(core.freight + coalesced)
            putIn = components.filter { core.target != nil || asked.contains($0.carrier) }
        }
        return Set(putIn.flatMap { [$0.freight, $0.carrier] })
    }
}
