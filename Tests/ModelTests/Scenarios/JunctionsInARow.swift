import EventLog
import PromotionModel
import Testing

/// Services flow to dev by themselves; one junction takes all of dev to uat, another one takes
/// what uat verified to prod.
@Suite struct JunctionsInARow {
    private let toUat = JunctionName(unchecked: "to-uat")
    private let toProd = JunctionName(unchecked: "to-prod")

    private func bundles(_ junction: JunctionName, from stage: StageName? = nil)
        -> RequestedFreight
    {
        RequestedFreight(
            origin: .junction(junction),
            direct: stage == nil,
            stages: stage.map { [$0] } ?? []
        )
    }

    private var resources: [Resource] {
        var first = JunctionSpec()
        first.requestedFreight = Shop.warehouses.map { Shop.from(Shop.dev, $0) }
        first.selection = .matchUpstream
        var second = JunctionSpec()
        second.requestedFreight = [bundles(toUat, from: Shop.uat)]
        second.repackagingPolicy = .automatic
        second.requireVerifiedTogether = true
        return [
            Shop.resource(.project), Shop.resource(.projectConfig(Shop.policies([Shop.dev]))),
        ] + Shop.warehouses.map { Shop.resource(.warehouse($0, Shop.warehouse($0))) } + [
            Shop.resource(.stage(Shop.dev, Shop.stage(Shop.warehouses.map { Shop.direct($0) }))),
            Shop.resource(.junction(toUat, first)),
            Shop.resource(.stage(Shop.uat, Shop.stage([bundles(toUat)]))),
            Shop.resource(.junction(toProd, second)),
            Shop.resource(.stage(Shop.prod, Shop.stage([bundles(toProd)]))),
        ]
    }

    private func repackage(_ alias: String, _ world: inout World) {
        world.when(
            .repackage(Repackage(project: Shop.project, junction: toUat, alias: alias))
        )
    }

    /// Week 1 in uat and prod.
    private func weekOne() -> World {
        var world = World()
        world.given(resources)
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        world.settle()
        repackage("week-1", &world)
        world.givenPromotion(of: ["week-1"], to: Shop.uat)
        world.settle()
        let bundle = world.facts.junctionState(toProd, in: Shop.project).bundle
        world.givenPromotion(of: [bundle?.rawValue ?? ""], to: Shop.prod)
        return world
    }

    @Test func `what comes out at the end is one bundle of leaves, whatever was nested`() {
        let world = weekOne()
        let state = world.facts.junctionState(toProd, in: Shop.project)
        let bundle = world.facts.freight(
            state.bundle ?? FreightID(unchecked: ""),
            in: Shop.project
        )
        #expect(bundle?.constituents.map(\.origin) == Shop.warehouses.map { .warehouse($0) })
        #expect(state.slots.map(\.origin) == [.junction(toUat)])
        #expect(world.running(Shop.prod) == world.running(Shop.uat))
        let components = world.facts.stageState(Shop.prod, in: Shop.project).current?.components
        #expect(components?.allSatisfy { $0.requestedOrigin == .junction(toProd) } == true)
    }

    @Test func `each stage is asked once, and only what changed is changed`() {
        var world = weekOne()
        world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        #expect(world.running(Shop.uat)["payments"] == "payments-1", "uat waits for its train")
        repackage("week-2", &world)
        let toUatPromotion = world.givenPromotion(of: ["week-2"], to: Shop.uat)
        world.settle()
        let bundle = world.facts.junctionState(toProd, in: Shop.project).bundle
        let toProdPromotion = world.givenPromotion(of: [bundle?.rawValue ?? ""], to: Shop.prod)
        for name in [toUatPromotion, toProdPromotion] {
            let changes = world.facts.promotionState(name, in: Shop.project).changes
            #expect(changes.map(\.kind) == [.unchanged, .changed, .unchanged])
        }
        #expect(world.running(Shop.prod)["payments"] == "payments-2")
    }

    @Test func `the second junction takes what uat verified, together`() {
        let world = weekOne()
        let repackaged = world.events.compactMap { draft in
            if case .freightRepackaged(let event) = draft.event { event } else { nil }
        }
        #expect(repackaged.map(\.junction) == [toUat, toProd])
        #expect(repackaged.map(\.verifiedTogether) == [[Shop.dev], [Shop.uat]])
    }

    @Test func `going back to the week before is the same bundle in both`() {
        var world = weekOne()
        let first = world.facts.junctionState(toProd, in: Shop.project).bundle
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        repackage("week-2", &world)
        world.givenPromotion(of: ["week-2"], to: Shop.uat)
        world.settle()
        #expect(world.facts.junctionState(toProd, in: Shop.project).bundle != first)
        for junction in [toUat, toProd] {
            world.when(
                .rollBackJunction(
                    RollBackJunction(project: Shop.project, junction: junction, target: .previous)
                ),
                by: "on-call"
            )
        }
        world.settle()
        let state = world.facts.junctionState(toProd, in: Shop.project)
        #expect(state.bundle == first && state.slots.allSatisfy(\.held))
        let last = world.events.last { $0.event.type == .freightRepackaged }
        guard case .freightRepackaged(let event) = last?.event else {
            Issue.record("nothing was repackaged")
            return
        }
        #expect(!event.isNew && event.junction == toProd)
    }
}
