import EventLog
import PromotionModel
import Testing

/// What nobody can say any more after a promotion did not succeed, and what ends that.
@Suite struct Uncertainty {
    /// How the template of dev treats components.
    enum Template: CaseIterable, Sendable {
        /// A step for each that changed.
        case forEachChanged
        /// The whole stage is rendered at once.
        case whole
    }

    /// Dev runs all three services; a promotion of checkout 2 has failed.
    private func failed(
        _ template: Template = .forEachChanged
    ) -> (world: World, checkout: FreightID) {
        var world = World()
        world.given(Shop.manual)
        var spec = Shop.stage(Shop.warehouses.map { Shop.direct($0) })
        if template == .whole { spec.steps = [Shop.step("clone"), Shop.step("push")] }
        world.given([Shop.resource(.stage(Shop.dev, spec))])
        let freight = Shop.warehouses.map { world.givenFreight($0, commit: "\($0)-1").rawValue }
        world.givenPromotion(of: freight, to: Shop.dev)
        let checkout = world.givenFreight(Shop.checkout, commit: "checkout-2")
        world.givenPromotion(of: [checkout.rawValue], to: Shop.dev, ending: .failed)
        return (world, checkout)
    }

    private func uncertain(_ world: World) -> [String] {
        world.stageState(Shop.dev).uncertain.map(\.origin.name)
    }

    @Test(arguments: Template.allCases)
    func `a promotion of the component ends it`(template: Template) {
        var (world, checkout) = failed(template)
        #expect(uncertain(world) == ["checkout"])
        world.givenPromotion(of: [checkout.rawValue], to: Shop.dev)
        #expect(uncertain(world).isEmpty)
    }

    @Test(arguments: Template.allCases)
    func `a promotion of something else ends it only if it performs a step for it`(
        template: Template
    ) {
        var (world, _) = failed(template)
        let web = world.givenFreight(Shop.web, commit: "web-2")
        let name = world.givenPromotion(of: [web.rawValue], to: Shop.dev)
        let changes = world.promotionState(name).changes
        #expect(changes.map(\.kind) == [.uncertain, .unchanged, .changed])
        #expect(uncertain(world) == (template == .whole ? ["checkout"] : []))
    }

    @Test func `a step for it that was skipped ends nothing`() {
        var (world, _) = failed()
        let web = world.givenFreight(Shop.web, commit: "web-2")
        let name = world.request([web.rawValue], to: Shop.dev)
        world.when(.startPromotion(StartPromotion(project: Shop.project, promotion: name)))
        world.when(.startStep(world.step(0, of: name)))
        world.when(.finishStep(world.finish(0, of: name)))
        #expect(world.promotionState(name).plan[1].alias == "update[Warehouse/checkout]")
        world.when(.startStep(world.step(1, of: name)))
        world.when(.finishStep(world.finish(1, of: name, status: .skipped)))
        world.finishAll(of: name)
        #expect(uncertain(world) == ["checkout"])
    }

    @Test(arguments: Template.allCases)
    func `going back to what runs ends it`(template: Template) {
        var (world, _) = failed(template)
        let current = world.stageState(Shop.dev).current?.id.rawValue ?? ""
        world.perform(world.rollBack(Shop.dev, to: .collection(current)))
        #expect(uncertain(world).isEmpty)
        #expect(world.running(Shop.dev)["checkout"] == "checkout-1")
    }

    @Test(arguments: [(Shop.checkout, []), (Shop.web, ["checkout"])])
    func `bringing one origin back ends only its own`(origin: WarehouseName, left: [String]) {
        var (world, _) = failed(.whole)
        let current = world.stageState(Shop.dev).current?.id.rawValue ?? ""
        world.perform(
            world.rollBack(Shop.dev, to: .collection(current), origin: .warehouse(origin))
        )
        #expect(uncertain(world) == left)
    }

    @Test func `another failure makes more uncertain, and says why each is`() {
        var (world, _) = failed()
        let first = world.stageState(Shop.dev).uncertain[0].promotion
        let web = world.givenFreight(Shop.web, commit: "web-2")
        let second = world.givenPromotion(of: [web.rawValue], to: Shop.dev, ending: .errored)
        let uncertain = world.stageState(Shop.dev).uncertain
        #expect(uncertain.map(\.origin.name) == ["checkout", "web"])
        #expect(uncertain.map(\.promotion) == [first, second], "who meant to change it")
        let third = world.givenFreight(Shop.checkout, commit: "checkout-3")
        let last = world.givenPromotion(of: [third.rawValue], to: Shop.dev, ending: .failed)
        #expect(world.stageState(Shop.dev).uncertain.map(\.promotion) == [last, second])
    }

    @Test func `what a target lacks is removed, and said to be uncertain`() {
        var world = World()
        world.given(Shop.manual)
        let checkout = world.givenFreight(Shop.checkout, commit: "checkout-1")
        world.givenPromotion(of: [checkout.rawValue], to: Shop.dev)
        let web = world.givenFreight(Shop.web, commit: "web-1")
        world.givenPromotion(of: [web.rawValue], to: Shop.dev, ending: .failed)
        let current = world.stageState(Shop.dev).current?.id.rawValue ?? ""
        let name = world.rollBack(Shop.dev, to: .collection(current))
        world.perform(name)
        let changes = world.promotionState(name).changes
        #expect(changes.map(\.kind) == [.unchanged, .removed], "nobody knows whether it is there")
        #expect(changes.map(\.isUncertain) == [false, true])
        let plan = world.promotionState(name).plan.map(\.alias)
        #expect(plan == ["clone", "update[Warehouse/web]", "push"])
        #expect(uncertain(world).isEmpty)
    }

    @Test(arguments: Template.allCases)
    func `a bundle that no longer holds what it made uncertain ends that`(template: Template) {
        var world = Shop.released(prod: { spec in
            if template == .whole { spec.steps = [Shop.step("clone"), Shop.step("push")] }
        })
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        world.givenPromotion(of: ["second"], to: Shop.prod, ending: .failed)
        #expect(world.stageState(Shop.prod).uncertain.map(\.origin.name) == ["web"])
        var spec = Shop.junction()
        spec.requestedFreight = [
            Shop.from(Shop.uat, Shop.checkout), Shop.from(Shop.uat, Shop.payments),
        ]
        world.given([Shop.resource(.junction(Shop.release, spec))])
        // Slots of origins that are no longer requested hold nothing that counts.
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: "third"))
        )
        let name = world.givenPromotion(of: ["third"], to: Shop.prod)
        let changes = world.promotionState(name).changes
        #expect(changes.map(\.kind) == [.unchanged, .unchanged, .removed])
        #expect(world.stageState(Shop.prod).uncertain.isEmpty)
    }

    @Test func `a waiting promotion that is aborted leaves uncertain what it meant to change`() {
        var world = Shop.released()
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        let name = world.request(["second"], to: Shop.prod)
        world.letWait(name)
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: name)))
        #expect(world.stageState(Shop.prod).uncertain.map(\.origin.name) == ["web"])
    }
}
