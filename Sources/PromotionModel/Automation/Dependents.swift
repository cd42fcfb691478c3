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
        case .warehouseConfigured(let event): [.warehouse(event.warehouse)]
        case .junctionConfigured(let event): [.junction(event.junction)]
        case .stageConfigured(let event):
            try downstream(of: event.stage, in: project).union([.stage(event.stage)])
        case .resourceRemoved(let event):
            Set(try consumers(of: event.resource, in: project))
        case .projectModeSet: try everything(in: project)
        case .artifactsDiscovered(let event): [.warehouse(event.warehouse)]
        case .discoveryFailed, .discoveryRecovered: []
        case .freightCreated(let event): try consumers(of: event.origin, in: project)
        case .freightAliased, .freightMetadataSet: []
        case .freightApproved(let event): [event.consumer]
        case .approvalRevoked(let event): [event.consumer]
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
        case .healthReported, .bookmarkSet, .noteRecorded: []
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

    /// The stages and junctions that take freight from `stage`, directly or through control flow.
    package func downstream(
        of stage: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        var found: Set<Subject> = []
        for subject in try consumers(of: .stage(stage), in: project) {
            found.insert(subject)
            guard subject.kind == .stage else { continue }
            let name = StageName(unchecked: subject.name)
            guard let row = try self.stage(name, in: project), row.spec.isControlFlow else {
                continue
            }
            found.formUnion(try downstream(of: name, in: project))
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

    /// Whatever could take freight, or a bundle that holds it.
    private func affected(
        by id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        guard let freight = try freight(id, in: project) else { return [] }
        var found = try consumers(of: freight.origin, in: project)
        for entry in try bundles(
            holding: id,
            in: project,
            before: Position(rawValue: .max),
            limit: .max
        ) {
            guard let bundle = try self.freight(entry.freight, in: project) else { continue }
            found.formUnion(try consumers(of: bundle.origin, in: project))
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
