import EventLog
import Matching

extension Decider {
    /// Records how what a promotion made a stage run was judged; quiet where somebody reported the
    /// same with the same evidence already.
    ///
    /// The first result ends an open verification. Every later one is about the same collection
    /// again: a failure withdraws what had passed, a success after that verifies anew. What was
    /// verified by running, or taken as passed, can be reported on as well.
    ///
    /// Refuses, in this order: unknown project; a promotion or collection that no reference names,
    /// or not clearly; nothing open, or several, where nothing is named; a promotion that has not
    /// succeeded; one of a stage that is gone; evidence or a message that cannot be kept.
    func decide(_ command: ReportVerification) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        let name = try reported(command.target, in: command.project)
        let (core, state) = try promotion(name, in: command.project)
        guard state.phase == .succeeded, let collection = state.collection else {
            throw .refused(.promotionNotSucceeded(name, phase: state.phase))
        }
        let incarnation = try incarnation(of: core.stage, in: command.project)
        guard core.requested > incarnation else {
            throw .refused(.promotionOfRemovedStage(name, core.stage))
        }
        try requireEvidence(command.evidence)
        try requireFinding(command.message)
        let stage = try stageState(core.stage, in: command.project)
        let isOpen = stage.verification?.promotion == name
        if let before = state.verification, !isOpen, !before.isUnseen,
            before.result == command.result.result, before.evidence == command.evidence
        {
            return []
        }
        var event = VerificationFinished()
        event.stage = core.stage
        event.promotion = name
        event.collection = collection.id
        event.result = command.result.result
        event.evidence = command.evidence
        event.message = command.message
        event.reason = envelope.reason
        return [finished(event, in: command.project)]
    }

    /// What follows when a stage runs what a promotion made: a verification by steps or by whoever
    /// reports, or its result at once.
    func verification(
        of collection: FreightCollection,
        by core: Promotion,
        in project: ProjectName
    ) throws(Stop) -> EventDraft {
        let spec = try stageSpec(core.stage, in: project)
        if let verification = spec.openVerification {
            var event = VerificationStarted()
            event.stage = core.stage
            event.promotion = core.name
            event.collection = collection.id
            event.templates = verification.templates
            event.steps = try verificationSteps(of: spec, in: project)
            return EventDraft(
                project: project,
                subject: .stage(core.stage),
                event: .verificationStarted(event)
            )
        }
        var event = VerificationFinished()
        event.stage = core.stage
        event.promotion = core.name
        event.collection = collection.id
        event.result = .successful
        event.assumed = spec.verification?.templates.isEmpty == false
        event.implicit = !event.assumed
        return finished(event, in: project)
    }

    /// The end of a verification that is open while `core` starts; nil where none is.
    ///
    /// Refuses one that `core` waits for.
    func verificationEnded(
        by core: Promotion,
        _ spec: StageSpec,
        _ stage: StageState,
        in project: ProjectName
    ) throws(Stop) -> EventDraft? {
        guard let open = stage.verification else { return nil }
        if stage.verification(awaitedBy: core.kind, spec) != nil {
            throw .refused(.verificationOpen(open.promotion, on: core.stage))
        }
        var event = VerificationFinished()
        event.stage = core.stage
        event.promotion = open.promotion
        event.collection = open.collection
        event.result = .aborted
        event.message = "promotion \(core.name) started"
        return finished(event, in: project)
    }

    func finished(_ event: VerificationFinished, in project: ProjectName) -> EventDraft {
        EventDraft(
            project: project,
            subject: .stage(event.stage),
            event: .verificationFinished(event)
        )
    }

    /// The promotion that a result is about.
    private func reported(
        _ target: VerificationTarget,
        in project: ProjectName
    ) throws(Stop) -> PromotionName {
        switch target {
        case .promotion(let name): return name
        case .collection(let prefix, let stage):
            return try promotion(ofCollection: prefix, in: stage, of: project)
        case .open(let stage):
            let open = try openVerifications(in: stage, of: project)
            guard let first = open.first else {
                throw .refused(.noVerificationOpen(project, stage: stage))
            }
            guard open.count == 1 else { throw .refused(.severalVerificationsOpen(open)) }
            return first
        }
    }

    private func openVerifications(
        in stage: StageName?,
        of project: ProjectName
    ) throws(Stop) -> [PromotionName] {
        if let stage {
            _ = try stageSpec(stage, in: project)
            return try [stageState(stage, in: project).verification?.promotion].compactMap { $0 }
        }
        return try ask { facts throws(FactsFailure) in
            var open: [PromotionName] = []
            for stage in try facts.stages(in: project) {
                let state = try facts.stageState(stage, in: project)
                if let verification = state.verification { open.append(verification.promotion) }
            }
            return open
        }
    }

    /// The promotion that made a combination current last, in a stage or in the only one that ran
    /// it.
    private func promotion(
        ofCollection prefix: String,
        in stage: StageName?,
        of project: ProjectName
    ) throws(Stop) -> PromotionName {
        if let stage { _ = try stageSpec(stage, in: project) }
        guard prefix.utf8.count >= FreightReference.prefixCountMin, prefix.isLowercaseHex else {
            throw .refused(.collectionReferenceMalformed(prefix))
        }
        let found = try ask { facts throws(FactsFailure) in
            try facts.collections(
                withPrefix: prefix,
                in: project,
                limit: ModelLimits.collectionMatchCountMax
            )
        }
        var matches: [CollectionMatch] = []
        for match in found where stage == nil || match.stage == stage {
            if try isPresent(match, in: project) { matches.append(match) }
        }
        guard let first = matches.first else {
            guard let stage else { throw .refused(.collectionNeverRan(prefix, in: project)) }
            throw .refused(.unknownCollection(prefix, on: stage))
        }
        if matches.contains(where: { $0.collection != first.collection }) {
            let ids = Set(matches.map(\.collection)).sorted()
            throw .refused(.ambiguousCollection(prefix, matches: ids))
        }
        guard matches.count == 1 else {
            throw .refused(.collectionInSeveralStages(prefix, stages: matches.map(\.stage)))
        }
        return first.promotion
    }

    /// Whether a combination ran in a stage that is there still, not in one of the same name.
    private func isPresent(_ match: CollectionMatch, in project: ProjectName) throws(Stop) -> Bool {
        try ask { facts throws(FactsFailure) in
            guard let row = try facts.stage(match.stage, in: project),
                let promotion = try facts.promotion(match.promotion, in: project)
            else { return false }
            return promotion.requested > row.incarnation
        }
    }

    /// Refuses evidence that is no address, or that would keep a password for ever.
    private func requireEvidence(_ evidence: String?) throws(Stop) {
        guard let evidence else { return }
        let range = 1...ModelLimits.evidenceByteCountMax
        guard range.contains(evidence.utf8.count), RepositoryURL.sanitized(evidence) == evidence
        else { throw .refused(.evidenceMalformed(byteCount: evidence.utf8.count)) }
        if RepositoryURL.userInfo(of: evidence) != nil { throw .refused(.evidenceWithPassword) }
    }

    /// Refuses a message that is too long to be kept.
    func requireFinding(_ message: String?) throws(Stop) {
        guard let count = message?.utf8.count else { return }
        guard (1...ModelLimits.findingByteCountMax).contains(count) else {
            throw .refused(.findingMalformed(byteCount: count))
        }
    }
}
