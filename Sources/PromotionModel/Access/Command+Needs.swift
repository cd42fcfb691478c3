import EventLog

extension Command {
    /// What whoever gives the command needs: all of it.
    ///
    /// Where the command names something that is not there, the need is that of doing such things
    /// anywhere in the project: the decision says that it is not there.
    package func needs(_ facts: some Facts) throws(FactsFailure) -> [Need] {
        switch self {
        case .applyManifests(let command):
            Set(command.resources.map(\.project)).sorted().map { Need(.administer, in: $0) }
        case .recordDiscovery(let command): [Need(.administer, in: command.project)]
        case .recordDiscoveryFailure(let command): [Need(.administer, in: command.project)]
        case .createFreight(let command): [Need(.assemble, in: command.project)]
        case .assembleFreight(let command): [Need(.assemble, in: command.project)]
        case .deriveFreight(let command): [Need(.assemble, in: command.project)]
        case .setFreightAlias(let command): [Need(.assemble, in: command.project)]
        case .setFreightMetadata(let command): [Need(.assemble, in: command.project)]
        case .approveFreight(let command): [Need(.approve, in: command.project)]
        case .revokeApproval(let command): [Need(.approve, in: command.project)]
        case .quarantineFreight(let command): [Need(.approve, in: command.project)]
        case .liftQuarantine(let command): [Need(.approve, in: command.project)]
        case .setProjectMode(let command): [Need(.administer, in: command.project)]
        case .setBookmark(let command): [Need(.annotate, in: command.project)]
        case .recordNote(let command): [Need(.annotate, in: command.project)]
        case .deleteResource(let command): [Need(.administer, in: command.project)]
        // A token is of no project.
        case .issueToken, .revokeToken: [Need(.administer, in: nil)]
        case .grantRole(let command): [Need(.administer, in: command.grant.project)]
        case .revokeRole(let command): [Need(.administer, in: command.project)]
        case .collectFreight(let command): command.junction.need(in: command.project)
        case .repackage(let command): command.junction.need(in: command.project)
        case .resumeCollection(let command): command.junction.need(in: command.project)
        case .rollBackJunction(let command): command.junction.need(in: command.project)
        case .requestPromotion(let command): command.stage.need(in: command.project)
        case .rollBackStage(let command): command.stage.need(in: command.project)
        case .resumeAutomation(let command): command.stage.need(in: command.project)
        case .reportHealth(let command): command.stage.need(in: command.project)
        case .promoteDownstream(let command):
            try facts.wantedDownstream(of: command.stage, in: command.project).keys.sorted()
                .map { Need(.promote, in: command.project, for: Consumer($0)) }
                .orSomewhere(command.project)
        case .restoreProject(let command): try facts.needOfAllStages(in: command.project)
        case .abortPromotion(let command):
            try facts.need(.promote, of: command.promotion, in: command.project)
        case .giveInput(let command):
            try facts.need(.answer, of: command.promotion, in: command.project)
        case .reportVerification(let command): try command.needs(facts)
        // What runners report: nobody does so from outside.
        case .startPromotion(let command): [Need(.administer, in: command.project)]
        case .takeOverPromotion(let command): [Need(.administer, in: command.project)]
        case .startStep(let command): [Need(.administer, in: command.project)]
        case .finishStep(let command): [Need(.administer, in: command.project)]
        case .requestInput(let command): [Need(.administer, in: command.project)]
        case .finishVerification(let command): [Need(.administer, in: command.project)]
        }
    }
}

extension ReportVerification {
    fileprivate func needs(_ facts: some Facts) throws(FactsFailure) -> [Need] {
        switch target {
        case .promotion(let promotion): try facts.need(.promote, of: promotion, in: project)
        case .open(let stage?), .collection(_, let stage?): stage.need(in: project)
        // Whichever stage it turns out to be about.
        case .open(nil), .collection(_, nil): try facts.needOfAllStages(in: project)
        }
    }
}

extension StageName {
    fileprivate func need(in project: ProjectName) -> [Need] {
        [Need(.promote, in: project, for: .stage(self))]
    }
}

extension JunctionName {
    fileprivate func need(in project: ProjectName) -> [Need] {
        [Need(.promote, in: project, for: .junction(self))]
    }
}

extension Facts {
    /// What it takes to touch a promotion: that of its stage.
    fileprivate func need(
        _ permission: Permission,
        of promotion: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> [Need] {
        guard let core = try self.promotion(promotion, in: project) else {
            return [Need(permission, in: project)]
        }
        return [Need(permission, in: project, for: .stage(core.stage))]
    }

    /// What it takes to move freight to every stage of a project.
    fileprivate func needOfAllStages(in project: ProjectName) throws(FactsFailure) -> [Need] {
        try stages(in: project).map { Need(.promote, in: project, for: .stage($0)) }
            .orSomewhere(project)
    }
}

extension [Need] {
    /// These; where there are none, that of moving freight somewhere in the project.
    fileprivate func orSomewhere(_ project: ProjectName) -> [Need] {
        isEmpty ? [Need(.promote, in: project)] : self
    }
}
