import EventLog
import PromotionModel
import Testing

/// How long a choice by hand keeps automation away.
@Suite struct HoldsOfChoices {
    private let project = Shop.project

    private func abort(_ name: PromotionName) -> Command {
        .abortPromotion(AbortPromotion(project: project, promotion: name))
    }

    private func resume(_ origin: Origin? = nil) -> Command {
        .resumeAutomation(
            ResumeAutomation(project: project, stage: Shop.dev, origin: origin)
        )
    }

    /// Dev ran web 1 and runs web 2, each by automation; something runs, so that others wait.
    private func busy() -> (world: World, old: String, new: String) {
        var world = Shop.settled()
        let old = world.stageState(Shop.dev).current?.carrier(of: .warehouse(Shop.web))
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let running = world.request([new.rawValue], to: Shop.dev)
        world.letWait(running, afterTakingEffect: true)
        return (world, old?.rawValue ?? "", new.rawValue)
    }

    private let web = Origin.warehouse(Shop.web)

    @Test func `a choice holds from the commit that asks for it`() {
        var (world, old, _) = busy()
        world.request([old], to: Shop.dev)
        #expect(world.held(Shop.dev) == [web])
    }

    @Test(arguments: [StepStatus.failed, .errored])
    func `it survives a failure`(status: StepStatus) {
        var world = Shop.settled()
        let old = world.stageState(Shop.dev).current?.carrier(of: web)?.rawValue ?? ""
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.givenPromotion(of: [old], to: Shop.dev, ending: status)
        #expect(world.held(Shop.dev) == [web])
        world.settle()
        #expect(world.running(Shop.dev)["web"] == "web-2", "nothing moved")
    }

    @Test func `it survives an abortion after the start, and ends by one before it`() {
        var (world, old, _) = busy()
        let choice = world.request([old], to: Shop.dev)
        world.when(abort(choice))
        #expect(world.held(Shop.dev).isEmpty)
        let running = world.stageState(Shop.dev).running
        world.when(abort(running ?? choice))
        let second = world.request([old], to: Shop.dev)
        world.when(.startPromotion(StartPromotion(project: project, promotion: second)))
        world.when(abort(second))
        #expect(world.held(Shop.dev) == [web])
    }

    @Test func `it ends when the candidate is promoted, or when somebody says so`() {
        var (world, old, new) = busy()
        world.request([old], to: Shop.dev)
        world.request([new], to: Shop.dev)
        #expect(world.made(.autoPromotionResumed).count == 1)
        #expect(world.held(Shop.dev).isEmpty)
        world.request([old], to: Shop.dev)
        world.when(resume(web))
        #expect(world.held(Shop.dev).isEmpty)
        world.when(resume())
        #expect(world.refusal == .nothingHeld(Shop.dev))
    }

    @Test func `it is recorded whether or not automation is on`() {
        var world = World()
        world.given(Shop.manual)
        let old = world.givenFreight(Shop.web, commit: "web-1")
        world.givenFreight(Shop.web, commit: "web-2")
        world.request([old.rawValue], to: Shop.dev)
        #expect(world.held(Shop.dev) == [web])
        world.perform(world.pending(Shop.dev)[0])
        let new = world.givenFreight(Shop.web, commit: "web-3")
        world.givenPromotion(of: [new.rawValue], to: Shop.dev)
        world.rollBack(Shop.dev, to: .previous)
        #expect(world.held(Shop.dev) == Shop.warehouses.map { .warehouse($0) })
    }

    @Test func `a rollback's hold outlives a promotion that somebody thought better of`() {
        var (world, old, new) = busy()
        let rollback = world.rollBack(Shop.dev, to: .freight(old))
        world.finishAll(of: world.stageState(Shop.dev).running ?? rollback)
        world.letWait(rollback, afterTakingEffect: true)
        for freight in [old, new] {
            let choice = world.request([freight], to: Shop.dev)
            #expect(world.held(Shop.dev).contains(web) == (freight == old))
            world.when(abort(choice))
            let hold = world.stageState(Shop.dev).holds.first { $0.origin == web }
            #expect(hold?.promotion == rollback, "\(freight == old ? "against" : "agreeing")")
        }
        world.finishAll(of: rollback)
        world.settle()
        #expect(world.running(Shop.dev)["web"] == "web-1")
    }

    /// In which order two choices on top of a hold are taken back.
    @Test(
        arguments: [[0, 1], [1, 0]],
        [[false, false], [false, true], [true, false], [true, true]]
    )
    func `whatever is taken back in whichever order, the first hold is back`(
        order: [Int],
        agreeing: [Bool]
    ) {
        var (world, old, new) = busy()
        let rollback = world.rollBack(Shop.dev, to: .freight(old))
        world.finishAll(of: world.stageState(Shop.dev).running ?? rollback)
        world.letWait(rollback, afterTakingEffect: true)
        let choices = agreeing.map { world.request([$0 ? new : old], to: Shop.dev) }
        for index in order { world.when(abort(choices[index])) }
        let hold = world.stageState(Shop.dev).holds.first { $0.origin == web }
        #expect(hold?.promotion == rollback)
    }

    @Test func `what somebody let go on does not come back, nor what a later choice settled`() {
        var (world, old, new) = busy()
        let first = world.request([old], to: Shop.dev)
        let second = world.request([old], to: Shop.dev)
        world.when(resume(web))
        world.when(abort(second))
        #expect(world.held(Shop.dev).isEmpty, "somebody said so after both")
        world.when(abort(first))
        #expect(world.held(Shop.dev).isEmpty)

        let third = world.request([old], to: Shop.dev)
        let agreed = world.request([new], to: Shop.dev, now: true)
        world.finishAll(of: world.stageState(Shop.dev).running ?? third)
        world.when(.startPromotion(StartPromotion(project: project, promotion: agreed)))
        world.when(abort(third))
        #expect(world.held(Shop.dev).isEmpty, "the later choice has begun")
    }

    @Test func `a rollback of a whole stage holds what the stage requests and never ran`() {
        var world = World()
        world.given(Shop.manual)
        for number in 1...2 {
            let freight = world.givenFreight(Shop.checkout, commit: "checkout-\(number)")
            world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        }
        world.rollBack(Shop.dev, to: .previous)
        #expect(world.held(Shop.dev) == Shop.warehouses.map { .warehouse($0) })
        world.when(abort(world.pending(Shop.dev)[0]))
        #expect(world.held(Shop.dev).isEmpty)
        let first = world.facts.collections(
            of: Shop.dev,
            in: project,
            before: Position(rawValue: .max),
            limit: 2
        )[1].position
        world.rollBack(Shop.dev, to: .position(first), origin: .warehouse(Shop.checkout))
        #expect(world.held(Shop.dev) == [.warehouse(Shop.checkout)])
    }
}
