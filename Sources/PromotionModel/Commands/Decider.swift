import EventLog

/// Why deciding ends before there are events.
///
/// Not nested in `Decider`: an error type that is generic with it makes the optimizer of Swift 6.3
/// crash (SILArgument.cpp, "!type.hasTypeParameter()").
enum DecisionStop: Error {
    case refused(Refusal)
    case failed(FactsFailure)
}

/// Decides what a command comes to: events, nothing, or a refusal.
///
/// Pure: what is so comes from `facts`, when it is from `moment`, who asks from `envelope`. Each
/// command has a file of its own beside the part of the model that it is about, and checks its
/// rules in the order in which its documentation lists them.
package struct Decider<F: Facts> {
    let facts: F
    let moment: DecisionMoment
    let envelope: CommandEnvelope

    /// A decider of one command.
    package init(facts: F, moment: DecisionMoment, envelope: CommandEnvelope) {
        self.facts = facts
        self.moment = moment
        self.envelope = envelope
    }

    /// What the command comes to.
    package func decide() throws(FactsFailure) -> Verdict {
        do throws(Stop) {
            try requireDriven()
            let drafts = try withEndOfRestore(drafts())
            return drafts.isEmpty ? .quiet : .events(drafts)
        } catch {
            switch error {
            case .refused(let refusal): return .refused(refusal)
            case .failed(let failure): throw failure
            }
        }
    }

    typealias Stop = DecisionStop

    /// Refuses what moves freight in a project that is only observed; other rules come after.
    private func requireDriven() throws(Stop) {
        guard let project = envelope.command.movedProject else { return }
        let state = try ask { facts throws(FactsFailure) in try facts.projectState(project) }
        if state.mode == .observe { throw .refused(.projectObserved(project)) }
    }

    private func drafts() throws(Stop) -> [EventDraft] {
        switch envelope.command {
        case .applyManifests(let command): try decide(command)
        case .recordDiscovery(let command): try decide(command)
        case .recordDiscoveryFailure(let command): try decide(command)
        case .createFreight(let command): try decide(command)
        case .assembleFreight(let command): try decide(command)
        case .deriveFreight(let command): try decide(command)
        case .setFreightAlias(let command): try decide(command)
        case .setFreightMetadata(let command): try decide(command)
        case .approveFreight(let command): try decide(command)
        case .revokeApproval(let command): try decide(command)
        case .quarantineFreight(let command): try decide(command)
        case .liftQuarantine(let command): try decide(command)
        case .collectFreight(let command): try decide(command)
        case .repackage(let command): try decide(command)
        case .requestPromotion(let command): try decide(command)
        case .promoteDownstream(let command): try decide(command)
        case .rollBackStage(let command): try decide(command)
        case .restoreProject(let command): try decide(command)
        case .startPromotion(let command): try decide(command)
        case .takeOverPromotion(let command): try decide(command)
        case .startStep(let command): try decide(command)
        case .finishStep(let command): try decide(command)
        case .requestInput(let command): try decide(command)
        case .giveInput(let command): try decide(command)
        case .abortPromotion(let command): try decide(command)
        case .resumeAutomation(let command): try decide(command)
        case .reportVerification(let command): try decide(command)
        case .finishVerification(let command): try decide(command)
        case .reportHealth(let command): try decide(command)
        case .setProjectMode(let command): try decide(command)
        case .setBookmark(let command): try decide(command)
        case .recordNote(let command): try decide(command)
        case .resumeCollection(let command): try decide(command)
        case .rollBackJunction(let command): try decide(command)
        case .deleteResource(let command): try decide(command)
        case .issueToken(let command): try decide(command)
        case .revokeToken(let command): try decide(command)
        case .grantRole(let command): try decide(command)
        case .revokeRole(let command): try decide(command)
        }
    }
}

extension Decider {
    /// Asks the facts; what goes wrong there ends the decision.
    func ask<T>(_ question: (F) throws(FactsFailure) -> T) throws(Stop) -> T {
        do throws(FactsFailure) { return try question(facts) } catch { throw .failed(error) }
    }

    /// The specification of a stage, or the refusal that there is none.
    func stageSpec(_ stage: StageName, in project: ProjectName) throws(Stop) -> StageSpec {
        try requireProject(project)
        let row = try ask { facts throws(FactsFailure) in try facts.stage(stage, in: project) }
        guard let row else { throw .refused(.unknownStage(stage, in: project)) }
        return row.spec
    }

    /// The event that made a stage, or the refusal that there is none.
    func incarnation(of stage: StageName, in project: ProjectName) throws(Stop) -> Position {
        _ = try stageSpec(stage, in: project)
        let row = try ask { facts throws(FactsFailure) in try facts.stage(stage, in: project) }
        return row?.incarnation ?? .origin
    }

    /// What a stage runs and does.
    func stageState(_ stage: StageName, in project: ProjectName) throws(Stop) -> StageState {
        try ask { facts throws(FactsFailure) in try facts.stageState(stage, in: project) }
    }

    /// The specification of a junction, or the refusal that there is none.
    func junctionSpec(
        _ junction: JunctionName,
        in project: ProjectName
    ) throws(Stop) -> JunctionSpec {
        try requireProject(project)
        let row = try ask { facts throws(FactsFailure) in
            try facts.junction(junction, in: project)
        }
        guard let row else { throw .refused(.unknownJunction(junction, in: project)) }
        return row.spec
    }

    /// The specification of a warehouse, or the refusal that there is none.
    func warehouseSpec(
        _ warehouse: WarehouseName,
        in project: ProjectName
    ) throws(Stop) -> WarehouseSpec {
        try requireProject(project)
        let row = try ask { facts throws(FactsFailure) in
            try facts.warehouse(warehouse, in: project)
        }
        guard let row else { throw .refused(.unknownWarehouse(warehouse, in: project)) }
        return row.spec
    }

    /// Refuses if there is no such project.
    func requireProject(_ project: ProjectName) throws(Stop) {
        let row = try ask { facts throws(FactsFailure) in try facts.project(project) }
        guard row != nil else { throw .refused(.unknownProject(project)) }
    }

    /// A promotion and how far it is, or the refusal that there is none.
    func promotion(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(Stop) -> (core: Promotion, state: PromotionState) {
        try requireProject(project)
        let core = try ask { facts throws(FactsFailure) in
            try facts.promotion(name, in: project)
        }
        guard let core else { throw .refused(.unknownPromotion(name, in: project)) }
        let state = try ask { facts throws(FactsFailure) in
            try facts.promotionState(name, in: project)
        }
        return (core, state)
    }

    /// The freight that a person's text names, or the refusal that it names none.
    func freight(named text: String, in project: ProjectName) throws(Stop) -> Freight {
        let result = try ask { facts throws(FactsFailure) in
            try FreightReference.resolve(text, in: project, facts: facts)
        }
        switch result {
        case .failure(let refusal): throw .refused(refusal)
        case .success(let id): return try freight(id, in: project)
        }
    }

    /// Freight that a row names, so that it must be there.
    func freight(_ id: FreightID, in project: ProjectName) throws(Stop) -> Freight {
        let freight = try ask { facts throws(FactsFailure) in
            try facts.freight(id, in: project)
        }
        guard let freight else {
            throw .failed(.inconsistent("freight \(id) is referred to but not there"))
        }
        return freight
    }

    /// How freight is called in sentences: its alias, or seven digits of its id.
    func displayName(_ id: FreightID, in project: ProjectName) throws(Stop) -> String {
        let status = try ask { facts throws(FactsFailure) in
            try facts.freightStatus(id, in: project)
        }
        return status.alias.isEmpty ? id.short : status.alias
    }

    /// The rule of availability at this decision's moment.
    func availabilityRule(in project: ProjectName) -> AvailabilityRule<F> {
        AvailabilityRule(facts: facts, project: project, now: moment.recorded)
    }

    /// The rule of candidates at this decision's moment.
    func candidateRule(in project: ProjectName) -> CandidateRule<F> {
        CandidateRule(facts: facts, project: project, now: moment.recorded)
    }
}
