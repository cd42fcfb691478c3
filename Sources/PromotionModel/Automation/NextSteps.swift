package import EventLog

/// What should happen next about something, and when that answer can change by itself.
package struct NextSteps: Sendable {
    /// Commands that the rules call for now.
    package var commands: [ProposedCommand] = []
    /// Promotions that a runner should be at work on.
    package var running: [PromotionName] = []
    /// Promotions whose open verifications a runner should perform the steps of.
    package var verifying: [PromotionName] = []
    /// When to ask again although nothing happened.
    package var wakeAt: Timestamp?
}

/// A command that a rule calls for.
package struct ProposedCommand: Sendable, Hashable {
    package let command: Command
    /// The rule as it stands in command ids, such as `promote`.
    package let rule: String
    package let subject: Subject
    /// The origin that it is about, where a rule applies to each origin apart.
    package let origin: Origin?
    /// The event that led to it.
    package let cause: Position
    /// The rule in words, and what was preferred over what.
    package let because: String

    init(
        _ command: Command,
        rule: String,
        subject: Subject,
        origin: Origin? = nil,
        cause: Position,
        because: String
    ) {
        self.command = command
        self.rule = rule
        self.subject = subject
        self.origin = origin
        self.cause = cause
        self.because = because
    }
}

/// Says what automation does next (design 7.9).
///
/// Pure, and asked again after each commit only for what the commit's events concern.
package struct NextStepsRule<F: Facts> {
    let facts: F
    let project: ProjectName
    let now: Timestamp

    /// The rule over `facts`, at the time `now`.
    package init(facts: F, project: ProjectName, now: Timestamp) {
        self.facts = facts
        self.project = project
        self.now = now
    }

    /// What should happen next about `subject`; nothing for kinds that no rule is about.
    package func nextSteps(for subject: Subject) throws(FactsFailure) -> NextSteps {
        guard try facts.projectState(project).mode == .drive else { return NextSteps() }
        return switch subject.kind {
        case .warehouse: try nextSteps(of: WarehouseName(unchecked: subject.name))
        case .stage: try nextSteps(of: StageName(unchecked: subject.name))
        case .junction: try nextSteps(of: JunctionName(unchecked: subject.name))
        case .project, .freight, .promotion, .task, .clusterTask, .cluster, .token, .user, .group,
            nil:
            NextSteps()
        }
    }

    private func nextSteps(of name: StageName) throws(FactsFailure) -> NextSteps {
        var next = NextSteps()
        guard let row = try facts.stage(name, in: project), !row.spec.isControlFlow else {
            return next
        }
        let state = try facts.stageState(name, in: project)
        if let open = state.verification, !open.steps.isEmpty {
            next.verifying.append(open.promotion)
        }
        if let running = state.running {
            next.running.append(running)
        } else if let first = state.pending.first,
            state.verification(awaitedBy: first.kind, row.spec) == nil, try mayStart(first.name)
        {
            let promotion = try facts.promotion(first.name, in: project)
            next.commands.append(
                ProposedCommand(
                    .startPromotion(
                        StartPromotion(project: project, promotion: first.name)
                    ),
                    rule: "start",
                    subject: .stage(name),
                    cause: promotion?.requested ?? .origin,
                    because: "first in the queue of stage \(name), and none runs"
                )
            )
        }
        let policies = try facts.project(project)?.spec.promotionPolicies ?? []
        guard AutoPromotionRule.isEnabled(name, spec: row.spec, policies: policies) else {
            return next
        }
        for request in row.spec.requestedFreight {
            try propose(request, to: name, state: state, into: &next)
        }
        return next
    }

    /// Whether a promotion need not wait for others of the restore that it is a part of.
    private func mayStart(_ name: PromotionName) throws(FactsFailure) -> Bool {
        guard let promotion = try facts.promotion(name, in: project) else { return true }
        return try facts.stagesToRestore(before: promotion, in: project).isEmpty
    }

    /// Proposes the candidate of one requested origin, unless something speaks against it.
    private func propose(
        _ request: RequestedFreight,
        to name: StageName,
        state: StageState,
        into next: inout NextSteps
    ) throws(FactsFailure) {
        guard !state.holds.contains(where: { $0.origin == request.origin }) else { return }
        let rule = CandidateRule(facts: facts, project: project, now: now)
        let candidate = try rule.candidate(
            for: request,
            of: .stage(name),
            selection: request.selection
        )
        next.wakeAt = [next.wakeAt, candidate.wakeAt].compactMap { $0 }.min()
        guard let freight = candidate.freight else { return }
        let current = state.current?.carrier(of: request.origin)
        guard current != freight.id, !state.unsuccessful.contains(freight.id) else { return }
        let isUnderway = try isUnderway(freight.id, state: state)
        guard !isUnderway, try !isOlder(candidate, freight, than: current, in: state, request)
        else { return }
        next.commands.append(
            ProposedCommand(
                .requestPromotion(
                    RequestPromotion(
                        project: project,
                        stage: name,
                        selection: .named([freight.id.rawValue]),
                        kind: .automatic
                    )
                ),
                rule: "promote",
                subject: .stage(name),
                origin: request.origin,
                // With the stage's own last change, so that the same freight can be proposed
                // again after somebody went back and let automation go on.
                cause: max(
                    try facts.led(to: freight, for: .stage(name), request, in: project),
                    state.changed
                ),
                because: try facts.because(candidate, freight, request, in: project)
            )
        )
    }

    private func isUnderway(
        _ freight: FreightID,
        state: StageState
    ) throws(FactsFailure) -> Bool {
        if state.pending.contains(where: { $0.freight.contains(freight) }) { return true }
        guard let running = state.running else { return false }
        return try facts.freightIDs(of: running, in: project).contains(freight)
    }

    /// Automation never goes back to what was made earlier than what runs, also where that is no
    /// longer available; and it never undoes what another origin put in.
    private func isOlder(
        _ candidate: CandidateRule<F>.Candidate,
        _ freight: Freight,
        than current: FreightID?,
        in state: StageState,
        _ request: RequestedFreight
    ) throws(FactsFailure) -> Bool {
        if let current {
            switch freight.origin.kind {
            case .warehouse:
                let running = try facts.freight(current, in: project)
                if let running, freight.created < running.created { return true }
            case .junction where request.selection == .newestFreight:
                let isPassed = try facts.isListed(
                    current,
                    of: freight.origin,
                    after: candidate.position,
                    in: project
                )
                if isPassed { return true }
            case .junction: break
            }
        }
        return try facts.regression(of: freight, in: state, of: project) != nil
    }
}

extension SelectionPolicy {
    /// The policy as manifests spell it.
    package var text: String {
        switch self {
        case .newestFreight: "NewestFreight"
        case .matchUpstream: "MatchUpstream"
        case .newestVerified: "NewestVerified"
        }
    }
}
