import EventLog
import PromotionModel
import Testing

/// Rollbacks of one origin, and rollbacks that leave out what nobody requests any more.
@Suite struct RollingBackInPart {
    private let project = Shop.project
    private let web = Origin.warehouse(Shop.web)

    /// Dev ran checkout 1 and web 1, then web 2, then checkout 2.
    private func dev() -> World {
        var world = World()
        world.given(Shop.manual)
        for (warehouse, number) in [
            (Shop.checkout, 1), (Shop.web, 1), (Shop.web, 2), (Shop.checkout, 2),
        ] {
            let freight = world.givenFreight(warehouse, commit: "\(warehouse)-\(number)")
            world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        }
        return world
    }

    private func request(_ origins: [WarehouseName], in world: inout World) {
        world.given([
            Shop.resource(.stage(Shop.dev, Shop.stage(origins.map { Shop.direct($0) }))),
            Shop.resource(.stage(Shop.uat, Shop.stage(origins.map { Shop.from(Shop.dev, $0) }))),
            Shop.resource(
                .junction(
                    Shop.release,
                    {
                        var spec = Shop.junction()
                        spec.requestedFreight = origins.map { Shop.from(Shop.uat, $0) }
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
    }

    private func target(_ name: PromotionName, _ world: World) -> [String: String] {
        let target = world.facts.promotion(name, in: project)?.target?.components ?? []
        var commits: [String: String] = [:]
        for component in target {
            let freight = world.facts.freight(component.freight, in: project)
            commits[component.origin.name] = freight?.artifacts.first?.commit?.id
        }
        return commits
    }

    @Test func `previous of one origin is the last that differs in it`() {
        var world = dev()
        let first = world.rollBack(Shop.dev, to: .previous, origin: web)
        #expect(target(first, world) == ["checkout": "checkout-2", "web": "web-1"])
        world.perform(first)
        world.when(
            .rollBackStage(
                RollBackStage(project: project, stage: Shop.dev, target: .previous, origin: web)
            )
        )
        #expect(world.refusal == .nothingRanEarlier(Shop.dev), "nothing of web ran before")
    }

    @Test func `previous of the whole stage after that goes on where it went back to`() {
        var world = dev()
        world.perform(world.rollBack(Shop.dev, to: .previous, origin: web))
        let whole = world.rollBack(Shop.dev, to: .previous)
        #expect(target(whole, world) == ["checkout": "checkout-1", "web": "web-1"])
        world.perform(whole)
        let last = world.rollBack(Shop.dev, to: .previous)
        #expect(target(last, world) == ["checkout": "checkout-1"])
    }

    @Test func `what a rollback of one origin made can be gone back to`() {
        var world = dev()
        world.perform(world.rollBack(Shop.dev, to: .previous, origin: web))
        let mixed = world.stageState(Shop.dev).currentPosition
        let newer = world.givenFreight(Shop.checkout, commit: "checkout-3")
        world.givenPromotion(of: [newer.rawValue], to: Shop.dev)
        let back = world.rollBack(Shop.dev, to: .position(mixed))
        #expect(target(back, world) == ["checkout": "checkout-2", "web": "web-1"])
        #expect(world.facts.promotion(back, in: project)?.restored == mixed)
    }

    @Test func `an origin that was not there then is refused`() {
        var world = dev()
        let early = world.facts.collections(
            of: Shop.dev,
            in: project,
            before: Position(rawValue: .max),
            limit: 9
        )[3]
        world.when(
            .rollBackStage(
                RollBackStage(
                    project: project,
                    stage: Shop.dev,
                    target: .position(early.position),
                    origin: web
                )
            )
        )
        #expect(world.refusal == .originNotInTarget(web, on: Shop.dev))
    }

    @Test func `what is no longer requested refuses it, or stays as it is`() {
        var world = dev()
        let first = world.facts.collections(
            of: Shop.dev,
            in: project,
            before: Position(rawValue: .max),
            limit: 9
        )[2].position
        request([Shop.web, Shop.payments], in: &world)
        world.when(
            .rollBackStage(
                RollBackStage(project: project, stage: Shop.dev, target: .position(first))
            )
        )
        #expect(
            world.refusal
                == .componentNotRequested(
                    .warehouse(Shop.checkout),
                    brought: .warehouse(Shop.checkout),
                    by: Shop.dev
                )
        )
        let partial = world.rollBack(Shop.dev, to: .position(first), partial: true)
        #expect(target(partial, world) == ["web": "web-1"], "nobody requests checkout now either")
        guard case .promotionRequested(let event) = world.made(.promotionRequested)[0] else {
            return
        }
        #expect(event.dropped.map(\.origin.name) == ["checkout"])
    }

    @Test func `what a bundle brought stays as it runs where it is requested by itself now`() {
        var world = Shop.released()
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.settle()
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        // Then: payments by itself, the others by the bundle.
        let then = world.facts.position
        world.given([
            Shop.resource(
                .stage(Shop.prod, Shop.stage(Shop.warehouses.map { Shop.from(Shop.uat, $0) }))
            )
        ])
        world.givenFreight(Shop.web, commit: "web-2")
        let next = world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        let web = world.stageState(Shop.uat).current?.carrier(of: web)?.rawValue ?? ""
        world.givenPromotion(of: [web, next.rawValue], to: Shop.prod)
        let back = world.rollBack(Shop.prod, to: .position(then), partial: true)
        #expect(target(back, world) == ["payments": "payments-fix", "web": "web-2"])
        world.when(.abortPromotion(AbortPromotion(project: project, promotion: back)))
        world.when(
            .rollBackStage(
                RollBackStage(
                    project: project,
                    stage: Shop.prod,
                    target: .position(then),
                    origin: .junction(Shop.release),
                    partial: true
                )
            )
        )
        guard case .componentNotRequested = world.refusal else {
            Issue.record("nothing would come back: \(world.verdict)")
            return
        }
    }

    @Test func `previous passes over what would leave everything as it is`() {
        var world = dev()
        request([Shop.web, Shop.payments], in: &world)
        // Checkout is requested no more: of then, only web differs from what will run.
        let partial = world.rollBack(Shop.dev, to: .previous, partial: true)
        #expect(target(partial, world) == ["web": "web-2"], "checkout falls away by itself")
        world.perform(partial)
        let again = world.rollBack(Shop.dev, to: .previous, partial: true)
        #expect(target(again, world) == ["web": "web-1"])
    }

    @Test func `a target that nobody requests any more when its turn comes ends errored`() {
        var world = dev()
        let name = world.rollBack(Shop.dev, to: .previous)
        request([Shop.web], in: &world)
        world.when(.startPromotion(StartPromotion(project: project, promotion: name)))
        #expect(world.madeEvents == [.promotionErrored])
        #expect(
            world.promotionState(name).message?
                .contains("Warehouse/checkout is no longer requested") == true
        )
        #expect(!world.held(Shop.dev).isEmpty, "the choice stands")
    }

    @Test func `who put a component in is decided by what runs when the rollback starts`() {
        var world = dev()
        let running = world.givenFreight(Shop.web, commit: "web-3")
        let release = world.request([running.rawValue], to: Shop.dev)
        world.letWait(release, afterTakingEffect: true)
        let rollback = world.rollBack(Shop.dev, to: .previous)
        world.finishAll(of: release)
        world.perform(rollback)
        let component = world.stageState(Shop.dev).current?[origin: web]
        #expect(component?.promotion == rollback, "web 3 ran in between")
    }
}
