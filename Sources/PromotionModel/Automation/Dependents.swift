import EventLog

extension Facts {
    /// The subjects whose next steps an event can change.
    ///
    /// 600 stages cost nothing while one moves, because only those downstream of it are asked.
    package func dependents(
        of event: Event,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        switch event {
        case .projectConfigured:
            Set(try stages(in: project).map { Subject.stage($0) })
        case .warehouseConfigured(let event): try everyone(taking: event.warehouse, in: project)
        case .junctionConfigured(let event): [.junction(event.junction)]
        case .stageConfigured(let event):
            try downstream(of: event.stage, in: project).union([.stage(event.stage)])
        case .resourceRemoved(let event):
            Set(try consumers(of: event.resource, in: project))
        case .projectModeSet: try everything(in: project)
        case .artifactsDiscovered(let event): try finding(event.warehouse, in: project)
        case .clusterConfigured, .promotionTaskConfigured: []
        case .discoveryFailed, .discoveryRecovered: []
        case .freightCreated(let event): try admitting(event.origin, in: project)
        case .freightAliased, .freightMetadataSet: []
        case .freightApproved(let event): try admitted(to: event.consumer, in: project)
        case .approvalRevoked(let event): try admitted(to: event.consumer, in: project)
        case .freightQuarantined(let event): try affected(by: event.freight, in: project)
        case .quarantineLifted(let event): try affected(by: event.freight, in: project)
        case .freightCollected(let event): [.junction(event.junction)]
        case .slotEmptied(let event): [.junction(event.junction)]
        case .freightRepackaged(let event):
            try consumers(of: .junction(event.junction), in: project)
        case .promotionRequested(let event): [.stage(event.request.stage)]
        case .promotionStarted(let event): [.stage(event.stage)]
        case .promotionTakenOver(let event): [.stage(event.stage)]
        case .stepStarted, .stepFinished: []
        case .inputRequested(let event): [.stage(event.stage)]
        case .inputGiven(let event): [.stage(event.stage)]
        case .promotionSucceeded(let event):
            try downstream(of: event.stage, in: project).union([.stage(event.stage)])
                .union(restored(with: event.promotion, in: project))
        case .promotionFailed(let event):
            try restored(with: event.promotion, in: project).union([.stage(event.stage)])
        case .promotionErrored(let event):
            try restored(with: event.promotion, in: project).union([.stage(event.stage)])
        case .promotionAborted(let event):
            try restored(with: event.promotion, in: project).union([.stage(event.stage)])
        case .promotionSuperseded(let event):
            try restored(with: event.promotion, in: project).union([.stage(event.stage)])
        case .verificationFinished(let event):
            try downstream(of: event.stage, in: project).union([.stage(event.stage)])
        case .verificationStarted(let event): [.stage(event.stage)]
        case .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked: []
        case .healthReported, .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored: []
        case .autoPromotionHeld(let event): [event.holder]
        case .autoPromotionResumed(let event): [event.holder]
        case .restoreRequested(let event): Set(event.items.map { .stage($0.stage) })
        case .restoreFinished: []
        }
    }

    /// The stages and junctions that request freight of `origin`.
    package func consumers(
        of origin: Origin,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        let provider =
            origin.warehouse.map { Subject.warehouse($0) } ?? origin.junction.map { .junction($0) }
        guard let provider else { return [] }
        return Set(try consumers(of: provider, in: project))
    }

    /// The stages and junctions that new freight of `origin` comes to without having passed any
    /// stage, and those behind control-flow stages and junctions among them.
    private func admitting(
        _ origin: Origin,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        var found: Set<Subject> = []
        for subject in try consumers(of: origin, in: project) {
            guard let consumer = Consumer(subject) else { continue }
            let requests = try requests(of: consumer, in: project)
            guard requests.contains(where: { $0.origin == origin && $0.direct }) else { continue }
            found.formUnion(try admitted(to: subject, in: project))
        }
        return found
    }

    /// A warehouse that found something.
    ///
    /// What it finds is freight only by another event, but what somebody put together before may
    /// be its own from now on, for everyone who takes its freight.
    private func finding(
        _ warehouse: WarehouseName,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        guard try warehouseState(warehouse, in: project).hasHandMade else {
            return [.warehouse(warehouse)]
        }
        return try everyone(taking: warehouse, in: project)
    }

    /// The stages and junctions that take freight from `stage`, directly or through control flow,
    /// and those that take bundles of such a junction: a bundle may have been derived with what
    /// the junction can have only now.
    package func downstream(
        of stage: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        var found: Set<Subject> = []
        try addDownstream(of: .stage(stage), in: project, to: &found)
        return found
    }

    private func addDownstream(
        of provider: Subject,
        in project: ProjectName,
        to found: inout Set<Subject>
    ) throws(FactsFailure) {
        for subject in try consumers(of: provider, in: project) {
            guard found.insert(subject).inserted else { continue }
            if try passesOn(subject, in: project) {
                try addDownstream(of: subject, in: project, to: &found)
            }
        }
    }

    /// Whether what is available to a consumer is thereby available further on: control-flow
    /// stages and junctions.
    private func passesOn(
        _ consumer: Subject,
        in project: ProjectName
    ) throws(FactsFailure) -> Bool {
        guard consumer.kind == .stage else { return true }
        let row = try stage(StageName(unchecked: consumer.name), in: project)
        return row?.spec.isControlFlow ?? false
    }

    /// A consumer that freight is let through to, and those behind it where it passes freight on.
    private func admitted(
        to consumer: Subject,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        var found: Set<Subject> = [consumer]
        if try passesOn(consumer, in: project) {
            try addDownstream(of: consumer, in: project, to: &found)
        }
        return found
    }

    /// The stages of the open restore that a promotion is a part of: those further upstream may
    /// be waiting for it.
    private func restored(
        with promotion: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        guard let position = try self.promotion(promotion, in: project)?.restore,
            let restore = try projectState(project).restore, restore.position == position
        else { return [] }
        return Set(restore.items.map { .stage($0.stage) })
    }

    /// A warehouse, and whoever takes its freight or bundles with it.
    private func everyone(
        taking warehouse: WarehouseName,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        var found: Set<Subject> = [.warehouse(warehouse)]
        try addDownstream(of: .warehouse(warehouse), in: project, to: &found)
        return found
    }

    /// Whatever could take freight, or a bundle that holds it: whoever requests its origin, and
    /// every junction with those that request its bundles, because a junction of today need not
    /// request what its bundles of yesterday hold.
    private func affected(
        by id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        guard let freight = try freight(id, in: project) else { return [] }
        var found = try consumers(of: freight.origin, in: project)
        guard !freight.isBundle else { return found }
        for junction in try junctions(in: project) {
            found.insert(.junction(junction))
            found.formUnion(try consumers(of: .junction(junction), in: project))
        }
        return found
    }

    /// All warehouses, stages and junctions.
    private func everything(in project: ProjectName) throws(FactsFailure) -> Set<Subject> {
        let warehouses = try warehouses(in: project).map { Subject.warehouse($0) }
        let stages = try stages(in: project).map { Subject.stage($0) }
        let junctions = try junctions(in: project).map { Subject.junction($0) }
        return Set(warehouses + stages + junctions)
    }
}

extension AutoPromotionHeld {
    /// The stage or junction whose automation is held.
    package var holder: Subject { junction.map { .junction($0) } ?? .stage(stage) }
}

extension AutoPromotionResumed {
    /// The stage or junction whose automation goes on.
    package var holder: Subject { junction.map { .junction($0) } ?? .stage(stage) }
}
