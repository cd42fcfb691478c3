import EventLog

/// When a restore is over: with whichever command ends the last of its promotions.
extension Decider {
    /// The restore of a project that has not finished.
    func openRestore(in project: ProjectName) throws(Stop) -> OpenRestore? {
        try ask { facts throws(FactsFailure) in try facts.projectState(project).restore }
    }

    /// What a command comes to, and the end of a restore where that ends its last promotion.
    func withEndOfRestore(_ drafts: [EventDraft]) throws(Stop) -> [EventDraft] {
        var ended: [PromotionName: RestoreOutcome] = [:]
        for draft in drafts {
            if let (name, outcome) = draft.event.end { ended[name] = outcome }
        }
        guard !ended.isEmpty, let project = drafts.first?.project,
            let restore = try openRestore(in: project),
            restore.items.contains(where: { ended[$0.promotion] != nil }),
            !drafts.contains(where: { $0.event.type == .restoreFinished })
        else { return drafts }
        var event = RestoreFinished()
        event.restore = restore.position
        for item in restore.items {
            var known = ended[item.promotion]
            if known == nil { known = try outcome(of: item.promotion, in: project) }
            guard let known else { return drafts }
            try event.add(item.stage, outcome: refined(known, item.promotion, in: project))
        }
        return drafts + [
            EventDraft(
                project: project,
                subject: .project(project),
                event: .restoreFinished(event),
                cause: restore.position
            )
        ]
    }

    /// Refuses a promotion of a restore while others of it, further downstream, have not ended.
    func requireRestoredDownstream(_ core: Promotion, in project: ProjectName) throws(Stop) {
        let stages = try ask { facts throws(FactsFailure) in
            try facts.stagesToRestore(before: core, in: project)
        }
        guard stages.isEmpty else {
            throw .refused(.restoreOfOthersFirst(core.name, stages: stages))
        }
    }

    /// The end of a restore in whose place another one comes: what has not ended is skipped.
    func givenWay(_ restore: OpenRestore, in project: ProjectName) throws(Stop) -> EventDraft {
        var event = RestoreFinished()
        event.restore = restore.position
        for item in restore.items {
            let known = try outcome(of: item.promotion, in: project)
            try event.add(
                item.stage,
                outcome: refined(known ?? .skipped, item.promotion, in: project)
            )
        }
        return EventDraft(
            project: project,
            subject: .project(project),
            event: .restoreFinished(event),
            cause: restore.position
        )
    }

    /// How a promotion ended; nil if it has not.
    private func outcome(
        of name: PromotionName,
        in project: ProjectName
    ) throws(Stop) -> RestoreOutcome? {
        switch try promotion(name, in: project).state.phase {
        case .pending, .running: nil
        case .succeeded: .reached
        case .failed, .errored: .failed
        case .aborted: .aborted
        case .superseded: .skipped
        }
    }

    /// An abortion as what it came to: before the start nothing was done, later it failed.
    private func refined(
        _ outcome: RestoreOutcome,
        _ name: PromotionName,
        in project: ProjectName
    ) throws(Stop) -> RestoreOutcome {
        guard outcome == .aborted else { return outcome }
        return try promotion(name, in: project).state.startedAt == nil ? .skipped : .failed
    }
}

/// What became of one stage of a restore.
enum RestoreOutcome {
    case reached
    case failed
    case aborted
    case skipped
}

extension RestoreFinished {
    /// Adds what became of a stage.
    fileprivate mutating func add(_ stage: StageName, outcome: RestoreOutcome) {
        switch outcome {
        case .reached: reached.append(stage)
        case .failed, .aborted: failed.append(stage)
        case .skipped: skipped.append(stage)
        }
    }
}

extension Event {
    /// The promotion that the event ends, and what that means for its stage; nil for others.
    var end: (PromotionName, RestoreOutcome)? {
        switch self {
        case .promotionSucceeded(let event): (event.promotion, .reached)
        case .promotionFailed(let event): (event.promotion, .failed)
        case .promotionErrored(let event): (event.promotion, .failed)
        case .promotionAborted(let event): (event.promotion, .aborted)
        case .promotionSuperseded(let event): (event.promotion, .skipped)
        case .projectConfigured, .warehouseConfigured, .junctionConfigured, .stageConfigured,
            .clusterConfigured, .promotionTaskConfigured,
            .resourceRemoved, .projectModeSet, .artifactsDiscovered, .discoveryFailed,
            .discoveryRecovered, .freightCreated, .freightAliased, .freightMetadataSet,
            .freightApproved, .approvalRevoked, .freightQuarantined, .quarantineLifted,
            .freightCollected, .slotEmptied, .freightRepackaged, .promotionRequested,
            .promotionStarted, .promotionTakenOver, .stepStarted, .stepFinished, .inputRequested,
            .inputGiven, .verificationStarted, .verificationFinished, .healthReported,
            .autoPromotionHeld, .autoPromotionResumed, .restoreRequested, .restoreFinished,
            .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored, .tokenIssued,
            .tokenRevoked, .roleGranted, .roleRevoked:
            nil
        }
    }
}
