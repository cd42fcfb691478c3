package import EventLog
package import PromotionModel

extension View {
    /// How a stage was delivered to behind `after` and up to the moment.
    ///
    /// Changes count in the period in which they ended; what shows that they failed, or mends
    /// them, only up to the moment.
    package func deliveryMetrics(
        of stage: StageName,
        in project: ProjectName,
        after: Position
    ) throws(LedgerError) -> DeliveryMetrics {
        try checkHasBeen(stage, in: project)
        var filter = AuditFilter()
        filter.narrow(to: .stage(stage), in: project)
        filter.types = [
            .promotionSucceeded, .promotionFailed, .promotionErrored, .promotionAborted,
            .verificationFinished, .healthReported,
        ]
        filter.from = after.next
        var walk = DeliveryWalk()
        for position in try positions(of: filter).reversed() {
            try take(try event(at: position), in: project, into: &walk)
        }
        let deployments = walk.deployments()
        return DeliveryMetrics(
            from: try start(after),
            to: moment,
            deployments: deployments,
            leadTimes: try leadTimes(of: deployments, in: project)
        )
    }

    /// Where the period begins; at the first event, if at the beginning.
    private func start(_ after: Position) throws(LedgerError) -> Moment {
        let known = max(after, min(Position(rawValue: 1), moment.position))
        guard known > .origin else { return moment }
        return Moment(position: after, time: try recordedTime(known))
    }

    private func take(
        _ event: LedgerEvent,
        in project: ProjectName,
        into walk: inout DeliveryWalk
    ) throws(LedgerError) {
        let header = event.header
        let effect = try whole(header.position).effect
        // The others are not asked for.
        if case .promotionSucceeded(let event)? = effect {
            walk.ask(try promotion(event.promotion, in: project).core)
            walk.succeeded(event.promotion, header)
        } else if case .promotionFailed(let event)? = effect {
            try takeFailure(event.promotion, header, in: project, into: &walk)
        } else if case .promotionErrored(let event)? = effect {
            try takeFailure(event.promotion, header, in: project, into: &walk)
        } else if case .promotionAborted(let event)? = effect {
            try takeFailure(event.promotion, header, in: project, into: &walk)
        } else if case .verificationFinished(let event)? = effect {
            walk.judged(event.promotion, event.result, header)
        } else if case .healthReported(let event)? = effect {
            walk.reported(event.health, header)
        }
    }

    /// A promotion that did not succeed counts if it may have changed something.
    private func takeFailure(
        _ name: PromotionName,
        _ header: Header,
        in project: ProjectName,
        into walk: inout DeliveryWalk
    ) throws(LedgerError) {
        let promotion = try promotion(name, in: project)
        let mayHaveChanged = try ask { facts throws(FactsFailure) in
            try facts.asOf(header.position).stageState(promotion.core.stage, in: project).uncertain
                .contains { $0.promotion == name }
        }
        guard mayHaveChanged else { return }
        walk.ask(promotion.core)
        walk.failed(name, header)
    }

    private func promotion(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(LedgerError) -> (core: Promotion, state: PromotionState) {
        try ask { facts throws(FactsFailure) in
            guard let promotion = try facts.promotion(name, in: project) else {
                throw .inconsistent("promotion \(name) has events but is not there")
            }
            return (promotion, try facts.promotionState(name, in: project))
        }
    }

    // MARK: - Commits

    /// The commits that came with deployments which succeeded, each once.
    private func leadTimes(
        of deployments: [DeliveryMetrics.Deployment],
        in project: ProjectName
    ) throws(LedgerError) -> [DeliveryMetrics.LeadTime] {
        var seen: Set<String> = []
        var found: [DeliveryMetrics.LeadTime] = []
        for deployment in deployments where deployment.hasSucceeded {
            let state = try promotion(deployment.promotion, in: project).state
            for change in state.changes where change.kind != .unchanged {
                for commit in try newCommits(change, in: project) {
                    guard let time = commit.committedAtMs,
                        seen.insert("\(commit.repoURL) \(commit.id)").inserted
                    else { continue }
                    found.append(
                        DeliveryMetrics.LeadTime(
                            repoURL: commit.repoURL,
                            commit: commit.id,
                            committedAt: Timestamp(rawValue: time),
                            position: deployment.position,
                            at: deployment.at
                        )
                    )
                }
            }
        }
        return found
    }

    /// The commits of a component that are newer than what ran: those of the freight itself, and
    /// those of its branch that its warehouse found in between.
    private func newCommits(
        _ change: ComponentChange,
        in project: ProjectName
    ) throws(LedgerError) -> [CommitArtifact] {
        let found = try ask { facts throws(FactsFailure) in
            (
                from: try change.from.flatMap { id throws(FactsFailure) in
                    try facts.freight(id, in: project)
                },
                to: try change.to.flatMap { id throws(FactsFailure) in
                    try facts.freight(id, in: project)
                }
            )
        }
        guard let to = found.to else { return [] }
        let own = to.artifacts.compactMap(\.commit)
        guard let from = found.from, let warehouse = to.origin.warehouse else { return own }
        // Going back brings nothing new.
        guard to.created > from.created else { return [] }
        let known = Set(from.artifacts.compactMap { $0.commit?.id })
        var commits = own.filter { !known.contains($0.id) }
        var filter = AuditFilter()
        filter.narrow(to: .warehouse(warehouse), in: project)
        filter.types = [.artifactsDiscovered]
        filter.from = from.created.next
        filter.through = to.created
        try forEachEvent(of: filter) { event in
            guard case .artifactsDiscovered(let discovery)? = event.event else { return }
            let others = discovery.subscriptions.flatMap(\.found).compactMap(\.commit)
            commits += others.filter { other in own.contains { $0.isBehind(other) } }
        }
        return commits
    }
}

extension CommitArtifact {
    /// Whether `other` is an earlier commit of the same branch, as the subscription found it.
    fileprivate func isBehind(_ other: CommitArtifact) -> Bool {
        guard let time = committedAtMs, let otherTime = other.committedAtMs else { return false }
        return branch != nil && branch == other.branch && tag == nil && other.tag == nil
            && repoURL == other.repoURL && subscription == other.subscription && id != other.id
            && otherTime <= time
    }
}
