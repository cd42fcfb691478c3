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
        case .artifactsDiscovered(let event): [.warehouse(event.warehouse)]
        case .discoveryFailed, .discoveryRecovered: []
        case .freightCreated(let event): try consumers(of: event.origin, in: project)
        case .freightCollected(let event): [.junction(event.junction)]
        case .slotEmptied(let event): [.junction(event.junction)]
        case .freightRepackaged(let event):
            try consumers(of: .junction(event.junction), in: project)
        case .promotionRequested(let event): [.stage(event.request.stage)]
        case .promotionStarted(let event): [.stage(event.stage)]
        case .promotionTakenOver(let event): [.stage(event.stage)]
        case .stepStarted, .stepFinished: []
        case .promotionSucceeded(let event):
            try downstream(of: event.stage, in: project).union([.stage(event.stage)])
        case .promotionFailed(let event): [.stage(event.stage)]
        case .promotionErrored(let event): [.stage(event.stage)]
        case .promotionAborted(let event): [.stage(event.stage)]
        case .promotionSuperseded(let event): [.stage(event.stage)]
        case .verificationFinished(let event): try downstream(of: event.stage, in: project)
        case .autoPromotionHeld(let event): [.stage(event.stage)]
        case .autoPromotionResumed(let event): [.stage(event.stage)]
        }
    }

    /// The stages and junctions that request freight of `origin`.
    package func consumers(
        of origin: Origin,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        try consumers(in: project) { $0.origin == origin }
    }

    /// The stages and junctions that take freight from `stage`, directly or through control flow.
    package func downstream(
        of stage: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> Set<Subject> {
        var found = try consumers(in: project) { $0.stages.contains(stage) }
        for subject in found where subject.kind == .stage {
            let name = StageName(unchecked: subject.name)
            guard let row = try self.stage(name, in: project), row.spec.isControlFlow else {
                continue
            }
            found.formUnion(try downstream(of: name, in: project))
        }
        return found
    }

    private func consumers(
        in project: ProjectName,
        where matches: (RequestedFreight) -> Bool
    ) throws(FactsFailure) -> Set<Subject> {
        var found: Set<Subject> = []
        for name in try stages(in: project) {
            if let row = try stage(name, in: project),
                row.spec.requestedFreight.contains(where: matches)
            {
                found.insert(.stage(name))
            }
        }
        for name in try junctions(in: project) {
            if let row = try junction(name, in: project),
                row.spec.requestedFreight.contains(where: matches)
            {
                found.insert(.junction(name))
            }
        }
        return found
    }
}
