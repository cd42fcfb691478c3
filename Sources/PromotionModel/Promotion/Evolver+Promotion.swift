import EventLog

extension Evolver {
    func changes(of event: PromotionRequested) throws(FactsFailure) -> [RowChange] {
        var promotion = event.request
        promotion.requested = header.position
        promotion.requestedAt = header.recorded
        promotion.actor = header.actor.name
        promotion.reason = event.reason
        var stage = try facts.stageState(promotion.stage, in: project)
        var queued = QueuedPromotion()
        queued.name = promotion.name
        queued.kind = promotion.kind
        queued.freight = promotion.freight
        queued.origins = try requestedOrigins(of: promotion)
        queued.now = promotion.now
        let place =
            stage.pending.firstIndex { PromotionPlace($0) > PromotionPlace(queued) }
            ?? stage.pending.count
        stage.pending.insert(queued, at: place)
        return [
            .promotion(project, promotion),
            .promotionState(project, promotion.name, PromotionState()),
            .promotionOfStage(project, promotion.stage, promotion.name),
            .stageState(project, promotion.stage, stage),
        ]
    }

    private func requestedOrigins(of promotion: Promotion) throws(FactsFailure) -> [Origin] {
        let components = (promotion.target?.components ?? []).filter { component in
            guard let origin = promotion.origin else { return true }
            return component.origin == origin || component.requestedOrigin == origin
        }
        var origins = Set(components.map(\.requestedOrigin))
        for id in promotion.freight {
            if let freight = try facts.freight(id, in: project) { origins.insert(freight.origin) }
        }
        return origins.sorted()
    }

    func changes(of event: PromotionStarted) throws(FactsFailure) -> [RowChange] {
        var state = try facts.promotionState(event.promotion, in: project)
        state.phase = .running
        state.startedAt = header.clockTime
        state.collection = event.collection
        state.changes = event.changes
        state.plan = event.plan
        state.coalesced = event.coalesced
        state.attempt = 1
        var stage = try facts.stageState(event.stage, in: project)
        stage.settleHolds(of: event.promotion)
        stage.pending.removeAll { $0.name == event.promotion }
        stage.running = event.promotion
        return [
            .promotionState(project, event.promotion, state),
            .stageState(project, event.stage, stage),
        ]
    }

    func changes(of event: PromotionTakenOver) throws(FactsFailure) -> [RowChange] {
        var state = try facts.promotionState(event.promotion, in: project)
        state.attempt = event.attempt
        // The work directory of another runner is not to be trusted: from the first step again.
        state.currentStep = 0
        state.awaited = nil
        return [.promotionState(project, event.promotion, state)]
    }

    func changes(of event: StepStarted) throws(FactsFailure) -> [RowChange] {
        var record =
            try facts.step(event.step, of: event.promotion, in: project) ?? StepRecord()
        record.status = .running
        record.attempt = event.attempt
        record.startedAt = record.startedAt ?? header.clockTime
        record.finishedAt = nil
        record.message = nil
        return [.step(project, event.promotion, event.step, record)]
    }

    func changes(of event: StepFinished) throws(FactsFailure) -> [RowChange] {
        var record =
            try facts.step(event.step, of: event.promotion, in: project) ?? StepRecord()
        record.status = event.status
        record.attempt = event.attempt
        record.finishedAt = header.clockTime
        record.message = event.message
        record.outputs = event.outputs
        var state = try facts.promotionState(event.promotion, in: project)
        state.currentStep = event.step + 1
        state.awaited = nil
        if event.hasTakenEffect { state.hasTakenEffect = true }
        var changes: [RowChange] = [
            .step(project, event.promotion, event.step, record),
            .promotionState(project, event.promotion, state),
        ]
        if state.phase == .superseded, event.hasTakenEffect {
            // It was let go because it had changed nothing, and then it had: somebody merged
            // what it had proposed before the runner could take it back.
            let core = try promotion(event.promotion)
            let row = try facts.stage(event.stage, in: project)
            // A stage that was deleted meanwhile, or made again, knows nothing of it.
            guard let row, core.requested > row.incarnation else { return changes }
            var stage = try facts.stageState(event.stage, in: project)
            stage.uncertain = uncertain(in: stage, after: core, state)
            changes.append(.stageState(project, event.stage, stage))
        }
        return changes
    }

    private func promotion(_ name: PromotionName) throws(FactsFailure) -> Promotion {
        guard let promotion = try facts.promotion(name, in: project) else {
            throw .inconsistent("promotion \(name) has events but is not there")
        }
        return promotion
    }

    func changes(of event: PromotionSucceeded) throws(FactsFailure) -> [RowChange] {
        var state = try facts.promotionState(event.promotion, in: project)
        guard let collection = state.collection else {
            throw .inconsistent("promotion \(event.promotion) succeeded without a collection")
        }
        state.phase = .succeeded
        state.finishedAt = header.clockTime
        var stage = try facts.stageState(event.stage, in: project)
        let before = stage.current ?? FreightCollection()
        if !stage.uncertain.isEmpty {
            let core = try promotion(event.promotion)
            stage.uncertain = try stillUncertain(in: stage, after: core, state)
        }
        stage.current = collection
        stage.currentPromotion = event.promotion
        stage.currentPosition = header.position
        stage.currentSince = header.recorded
        stage.running = nil
        // What was said of health was about what ran before.
        stage.health = .unknown
        stage.healthMessage = nil
        stage.healthSince = nil
        let carried = Set(collection.components.flatMap { [$0.freight, $0.carrier] })
        stage.unsuccessful.removeAll { carried.contains($0) }
        var changes: [RowChange] = [
            .promotionState(project, event.promotion, state),
            .stageState(project, event.stage, stage),
            .collectionOfStage(project, event.stage, event.promotion),
            .promotionOfCollection(project, collection.id, event.stage, event.promotion),
        ]
        changes += try currentMarks(from: before, to: collection, in: event.stage)
        return changes
    }

    /// Who came and who left, leaves and bundles alike; a stay that ends counts as soak.
    private func currentMarks(
        from before: FreightCollection,
        to after: FreightCollection,
        in stage: StageName
    ) throws(FactsFailure) -> [RowChange] {
        let old = before.freightWithCarriers
        let new = after.freightWithCarriers
        let incarnation = try facts.stage(stage, in: project)?.incarnation ?? .origin
        var changes: [RowChange] = []
        for (id, _) in old.sorted(by: { $0.key < $1.key }) where new[id] == nil {
            var status = try facts.freightStatus(id, in: project)
            if let mark = status.current.first(where: { $0.stage == stage }) {
                status.endStay(of: mark, at: header, since: incarnation)
            }
            status.current.removeAll { $0.stage == stage }
            changes.append(.freightStatus(project, id, status))
        }
        for (id, via) in new.sorted(by: { $0.key < $1.key }) where old[id] == nil {
            var status = try facts.freightStatus(id, in: project)
            status.current.setMark(
                FreightMark(stage: stage, position: header.position, at: header.recorded, via: via)
            )
            changes.append(.freightStatus(project, id, status))
        }
        return changes
    }

    /// A promotion that did not succeed: what it may have touched is uncertain from now on.
    func unsuccessful(
        _ promotion: PromotionName,
        _ stageName: StageName,
        _ phase: PromotionPhase,
        _ message: String?
    ) throws(FactsFailure) -> [RowChange] {
        let core = try self.promotion(promotion)
        var state = try facts.promotionState(promotion, in: project)
        let hasStartedAStep = try facts.step(0, of: promotion, in: project)?.startedAt != nil
        state.phase = phase
        state.finishedAt = header.clockTime
        state.message = message
        var stage = try facts.stageState(stageName, in: project)
        if phase == .aborted, state.startedAt == nil { stage.forgetHolds(of: promotion) }
        stage.pending.removeAll { $0.name == promotion }
        if stage.running == promotion { stage.running = nil }
        state.awaited = nil
        if hasStartedAStep {
            stage.uncertain = uncertain(in: stage, after: core, state)
        }
        for id in core.freight + state.coalesced where !stage.unsuccessful.contains(id) {
            stage.unsuccessful.append(id)
        }
        return [
            .promotionState(project, promotion, state),
            .stageState(project, stageName, stage),
        ]
    }

    func changes(of event: PromotionSuperseded) throws(FactsFailure) -> [RowChange] {
        var state = try facts.promotionState(event.promotion, in: project)
        state.phase = .superseded
        state.finishedAt = header.clockTime
        state.message = "superseded by \(event.by)"
        state.awaited = nil
        var stage = try facts.stageState(event.stage, in: project)
        stage.forgetHolds(of: event.promotion)
        stage.pending.removeAll { $0.name == event.promotion }
        if stage.running == event.promotion { stage.running = nil }
        return [
            .promotionState(project, event.promotion, state),
            .stageState(project, event.stage, stage),
        ]
    }
}

extension FreightCollection {
    /// Each leaf and each bundle in the collection, and the bundle that brought a leaf.
    var freightWithCarriers: [FreightID: FreightID?] {
        var freight: [FreightID: FreightID?] = [:]
        for component in components {
            let via = component.carrier == component.freight ? nil : component.carrier
            freight.updateValue(via, forKey: component.freight)
            if let via { freight.updateValue(nil, forKey: via) }
        }
        return freight
    }
}

extension FreightStatus {
    /// Records that the stay of `mark` in its stage ended with the event of `header`, if that is
    /// the longest since `incarnation` and it was verified there; counted from the verification
    /// that followed a withdrawal, if one did.
    mutating func endStay(of mark: FreightMark, at header: Header, since incarnation: Position) {
        guard let verified = verification(in: mark.stage, since: incarnation) else { return }
        let from = max(mark.at, verified.soakFrom ?? mark.at)
        let duration = max(0, header.recorded.milliseconds(since: from))
        addStay(
            FreightSoak(
                stage: mark.stage,
                longestMs: duration,
                position: header.position,
                from: from
            ),
            since: incarnation
        )
    }
}

extension [FreightMark] {
    /// Puts a mark in the place of the one that the stage has.
    mutating func setMark(_ mark: FreightMark) {
        removeAll { $0.stage == mark.stage }
        append(mark)
        sort { $0.stage < $1.stage }
    }
}
