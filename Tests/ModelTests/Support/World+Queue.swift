import EventLog
import PromotionModel
import Testing

/// Promotions that wait, in the queue or for input.
extension World {
    /// Asks for a promotion; its name, or a name that no promotion has where it was refused.
    @discardableResult
    mutating func request(
        _ references: [String],
        to stage: StageName,
        kind: PromotionKind = .manual,
        now: Bool = false,
        allowRegression: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> PromotionName {
        when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: stage,
                    selection: .named(references),
                    kind: kind,
                    allowRegression: allowRegression,
                    now: now
                )
            ),
            by: kind == .automatic ? "automation" : "operator"
        )
        return requestedPromotion(sourceLocation)
    }

    /// Asks for a rollback; its name.
    @discardableResult
    mutating func rollBack(
        _ stage: StageName,
        to target: RollbackTarget,
        origin: Origin? = nil,
        partial: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> PromotionName {
        when(
            .rollBackStage(
                RollBackStage(
                    project: Shop.project,
                    stage: stage,
                    target: target,
                    origin: origin,
                    partial: partial
                )
            )
        )
        return requestedPromotion(sourceLocation)
    }

    /// The promotion that the last command asked for.
    private func requestedPromotion(_ sourceLocation: SourceLocation) -> PromotionName {
        if case .events(let drafts) = verdict {
            for draft in drafts {
                if case .promotionRequested(let event) = draft.event { return event.request.name }
            }
        }
        Issue.record("no promotion was requested: \(verdict)", sourceLocation: sourceLocation)
        return PromotionName(unchecked: "none")
    }

    /// Starts a promotion and lets its second step wait, as one that opened a pull request.
    mutating func letWait(_ name: PromotionName, afterTakingEffect: Bool = false) {
        when(.startPromotion(StartPromotion(project: Shop.project, promotion: name)))
        when(.startStep(step(0, of: name)))
        when(.finishStep(finish(0, of: name, hasTakenEffect: afterTakingEffect)))
        when(.startStep(step(1, of: name)))
        when(.requestInput(wait(1, of: name)))
    }

    /// Performs what is left of a running promotion.
    mutating func finishAll(of name: PromotionName, ending status: StepStatus = .succeeded) {
        let state = promotionState(name)
        for index in Int(state.currentStep)..<state.plan.count {
            let number = UInt64(index)
            let record = facts.step(number, of: name, in: Shop.project)
            if record?.status != .running { when(.startStep(step(number, of: name))) }
            let isLast = index == state.plan.count - 1
            when(.finishStep(finish(number, of: name, status: isLast ? status : .succeeded)))
        }
    }

    /// The report that a step begins, by the present attempt.
    func step(_ index: UInt64, of name: PromotionName) -> StartStep {
        StartStep(
            project: Shop.project,
            promotion: name,
            attempt: promotionState(name).attempt,
            step: index
        )
    }

    /// The report that a step ended, by the present attempt.
    func finish(
        _ index: UInt64,
        of name: PromotionName,
        status: StepStatus = .succeeded,
        hasTakenEffect: Bool = false
    ) -> FinishStep {
        FinishStep(
            project: Shop.project,
            promotion: name,
            attempt: promotionState(name).attempt,
            step: index,
            status: status,
            hasTakenEffect: hasTakenEffect
        )
    }

    /// The report that a step waits, by the present attempt.
    func wait(_ index: UInt64, of name: PromotionName) -> RequestInput {
        RequestInput(
            project: Shop.project,
            promotion: name,
            attempt: promotionState(name).attempt,
            step: index,
            message: "a review of the pull request",
            url: "https://git.example.com/shop/gitops/pulls/7"
        )
    }

    /// How far a promotion is.
    func promotionState(_ name: PromotionName) -> PromotionState {
        facts.promotionState(name, in: Shop.project)
    }

    /// What a stage runs and does.
    func stageState(_ name: StageName) -> StageState {
        facts.stageState(name, in: Shop.project)
    }

    /// The names of the promotions that wait for a stage, in their order.
    func pending(_ stage: StageName) -> [PromotionName] { stageState(stage).pending.map(\.name) }

    /// The origins for which automation is held on a stage.
    func held(_ stage: StageName) -> [Origin] { stageState(stage).holds.map(\.origin) }

    /// The events of one kind that the last command made.
    func made(_ type: EventType) -> [Event] {
        guard case .events(let drafts) = verdict else { return [] }
        return drafts.map(\.event).filter { $0.type == type }
    }

    /// The promotions that the last command superseded, each with why.
    var superseded: [PromotionName: String] {
        var superseded: [PromotionName: String] = [:]
        for case .promotionSuperseded(let event) in made(.promotionSuperseded) {
            superseded[event.promotion] = event.because ?? ""
        }
        return superseded
    }
}

extension Shop {
    /// The released shop with a stage spec of prod that a test changes.
    static func released(prod change: (inout StageSpec) -> Void) -> World {
        var world = released()
        world.given([resource(.stage(prod, prodSpec(change)))])
        return world
    }

    /// Prod, as a test changes it.
    static func prodSpec(_ change: (inout StageSpec) -> Void) -> StageSpec {
        var spec = stage([
            RequestedFreight(origin: .junction(release), direct: true), from(uat, payments),
        ])
        change(&spec)
        return spec
    }

    /// Lets new freight of a warehouse flow to uat and makes the next bundle of it.
    static func nextBundle(
        _ alias: String,
        of warehouse: WarehouseName,
        commit: String,
        in world: inout World
    ) {
        world.givenFreight(warehouse, commit: commit)
        world.settle()
        world.when(.repackage(Repackage(project: project, junction: release, alias: alias)))
    }
}
