import EventLog
import Expressions
import PromotionModel
import Testing

@Suite struct PerformingPromotions {
    private func requested(_ world: inout World) -> PromotionName {
        let freight = world.givenFreight(Shop.checkout, commit: "c1")
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.dev,
                    selection: .named([freight.rawValue])
                )
            )
        )
        return world.facts.stageState(Shop.dev, in: Shop.project).pending.first?.name
            ?? PromotionName(unchecked: "none")
    }

    private func start(_ name: PromotionName) -> Command {
        .startPromotion(StartPromotion(project: Shop.project, promotion: name))
    }

    private func finish(
        _ name: PromotionName,
        step: UInt64,
        attempt: UInt64 = 1,
        status: StepStatus = .succeeded
    ) -> Command {
        .finishStep(
            FinishStep(
                project: Shop.project,
                promotion: name,
                attempt: attempt,
                step: step,
                status: status
            )
        )
    }

    @Test func `a promotion is started once`() {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.when(start(name))
        #expect(world.madeEvents == [.promotionStarted])
        world.when(start(name))
        #expect(world.refusal == .promotionNotPending(name, phase: .running))
    }

    @Test func `the event that started a promotion is the same whenever it is asked for`() throws {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        #expect(try world.facts.start(of: name, in: Shop.project) == nil)
        _ = world.givenFreight(Shop.web, commit: "w1")
        world.when(start(name))
        let started = world.facts.position
        #expect(try world.facts.start(of: name, in: Shop.project) == started)
        _ = world.givenFreight(Shop.web, commit: "w2")
        world.when(finish(name, step: 0))
        world.when(finish(name, step: 1))
        #expect(world.facts.position > started)
        #expect(try world.facts.start(of: name, in: Shop.project) == started)
        #expect(try world.facts.asOf(started).start(of: name, in: Shop.project) == started)
    }

    @Test func `one promotion runs on a stage, the next one waits`() {
        var world = World()
        world.given(Shop.manual)
        let first = requested(&world)
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.dev,
                    selection: .named([freight.rawValue])
                )
            )
        )
        let second = world.facts.stageState(Shop.dev, in: Shop.project).pending[1].name
        world.when(start(second))
        #expect(world.refusal == .anotherPromotionIsNext(first, on: Shop.dev))
        world.when(start(first))
        world.when(start(second))
        #expect(world.refusal == .anotherPromotionRuns(first, on: Shop.dev))
    }

    @Test func `steps are reported in their order and by the present attempt`() {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.when(start(name))
        world.when(finish(name, step: 1))
        #expect(world.refusal == .stepOutOfOrder(name, step: 1, expected: 0))
        world.when(
            .takeOverPromotion(
                TakeOverPromotion(project: Shop.project, promotion: name, attempt: 1)
            )
        )
        #expect(world.madeEvents == [.promotionTakenOver])
        world.when(finish(name, step: 0))
        #expect(world.refusal == .staleAttempt(name, attempt: 1, current: 2))
        world.when(
            .takeOverPromotion(
                TakeOverPromotion(project: Shop.project, promotion: name, attempt: 1)
            )
        )
        #expect(world.verdict == .quiet, "somebody took it over already")
    }

    @Test func `the last step ends the promotion, and what runs then is verified`() {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.perform(name)
        #expect(
            world.madeEvents == [.stepFinished, .promotionSucceeded, .verificationFinished]
        )
        let freight = world.facts.promotion(name, in: Shop.project)?.freight.first
        let status = world.facts.freightStatus(freight ?? .init(unchecked: ""), in: Shop.project)
        #expect(status.current.map(\.stage) == [Shop.dev])
        #expect(status.verified.map(\.stage) == [Shop.dev])
    }

    @Test(arguments: [
        (StepStatus.failed, EventType.promotionFailed, PromotionPhase.failed),
        (.errored, .promotionErrored, .errored),
    ])
    func `a step that does not succeed leaves what it may have touched uncertain`(
        status: StepStatus,
        event: EventType,
        phase: PromotionPhase
    ) {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.perform(name, ending: status)
        #expect(world.madeEvents == [.stepFinished, event])
        let state = world.facts.stageState(Shop.dev, in: Shop.project)
        #expect(state.uncertain.map(\.origin) == [.warehouse(Shop.checkout)])
        #expect(state.current == nil && state.running == nil)
        #expect(world.facts.promotionState(name, in: Shop.project).phase == phase)
        let freight = world.facts.promotion(name, in: Shop.project)?.freight ?? []
        let again = world.givenPromotion(of: freight.map(\.rawValue), to: Shop.dev)
        let changes = world.facts.promotionState(again, in: Shop.project).changes
        #expect(changes.map(\.kind) == [.uncertain], "uncertain counts as changed")
        #expect(world.facts.stageState(Shop.dev, in: Shop.project).uncertain.isEmpty)
    }

    @Test func `a step that may fail does not fail the promotion`() {
        var world = World()
        var spec = Shop.stage(Shop.warehouses.map { Shop.direct($0) })
        spec.steps[2].continueOnError = true
        world.given(
            Shop.manual.filter {
                if case .stage(Shop.dev, _) = $0.specification { false } else { true }
            } + [Shop.resource(.stage(Shop.dev, spec))]
        )
        let name = requested(&world)
        world.perform(name, ending: .errored)
        #expect(world.facts.promotionState(name, in: Shop.project).phase == .succeeded)
    }

    @Test func `freight that is gone when its turn comes ends the promotion with the reason`() {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.given([
            Shop.resource(.stage(Shop.dev, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(.stage(Shop.uat, Shop.stage([Shop.from(Shop.dev, Shop.web)]))),
            Shop.resource(
                .junction(
                    Shop.release,
                    {
                        var spec = Shop.junction()
                        spec.requestedFreight = [Shop.from(Shop.uat, Shop.web)]
                        return spec
                    }()
                )
            ),
            Shop.resource(
                .stage(
                    Shop.prod,
                    Shop.stage([RequestedFreight(origin: .junction(Shop.release), direct: true)])
                )
            ),
        ])
        world.when(start(name))
        #expect(world.madeEvents == [.promotionErrored])
        #expect(
            world.facts.promotionState(name, in: Shop.project).message?
                .contains("stage/dev does not request Warehouse/checkout") == true
        )
    }

    @Test func `a promotion that was aborted before it started holds nothing and undoes nothing`() {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: name)))
        #expect(world.madeEvents == [.promotionAborted])
        let state = world.facts.stageState(Shop.dev, in: Shop.project)
        #expect(state.pending.isEmpty && state.uncertain.isEmpty && state.holds.isEmpty)
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: name)))
        #expect(world.refusal == .promotionEnded(name, phase: .aborted))
    }

    @Test func `the end of a step whose start nobody reported is refused`() {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.when(start(name))
        let project = Shop.project
        func end(_ attempt: UInt64) -> Command {
            .finishStep(
                FinishStep(
                    project: project,
                    promotion: name,
                    attempt: attempt,
                    step: 0,
                    status: .failed
                )
            )
        }
        world.when(end(1))
        #expect(world.refusal == .stepNotStarted(name, step: 0))
        let start = StartStep(project: project, promotion: name, attempt: 1, step: 0)
        world.when(.startStep(start))
        // What the attempt before started is not started by this one.
        let takeover = TakeOverPromotion(project: project, promotion: name, attempt: 1)
        world.when(.takeOverPromotion(takeover))
        world.when(end(2))
        #expect(world.refusal == .stepNotStarted(name, step: 0))
    }

    @Test func `outputs over 64 KiB are refused`() {
        var world = World()
        world.given(Shop.manual)
        let name = requested(&world)
        world.when(start(name))
        let start = StartStep(project: Shop.project, promotion: name, attempt: 1, step: 0)
        world.when(.startStep(start))
        world.when(
            .finishStep(
                FinishStep(
                    project: Shop.project,
                    promotion: name,
                    attempt: 1,
                    step: 0,
                    status: .succeeded,
                    outputs: .string(String(repeating: "x", count: 65_537))
                )
            )
        )
        guard case .outputsTooLarge = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
    }

    @Test func `names of promotions sort as their positions do`() {
        let early = Timestamp(rawValue: 1_000)
        let names = [
            PromotionName.name(
                stage: Shop.dev,
                at: early,
                position: Position(rawValue: 9),
                suffix: "zzzzzzzz"
            ),
            PromotionName.name(
                stage: Shop.dev,
                at: early,
                position: Position(rawValue: 10),
                suffix: "aaaaaaaa"
            ),
            PromotionName.name(
                stage: Shop.dev,
                at: Timestamp(rawValue: 1_001),
                position: Position(rawValue: 11),
                suffix: "a"
            ),
        ]
        #expect(names == names.sorted())
        let long = StageName(unchecked: String(repeating: "a", count: 252) + "b")
        let name = PromotionName.name(
            stage: long,
            at: early,
            position: Position(rawValue: 1),
            suffix: "0123456789"
        )
        #expect(name.rawValue.utf8.count == 218 + 1 + 26 + 1 + 7)
        #expect(PromotionName(rawValue: name.rawValue) != nil)
    }
}
