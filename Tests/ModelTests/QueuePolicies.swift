import EventLog
import PromotionModel
import Testing

/// `promotionQueue`: what becomes of pending promotions when there are newer ones.
@Suite struct QueuePolicies {
    private let project = Shop.project

    /// The shop without automation, with a policy for dev, one freight of each warehouse, and a
    /// promotion that runs on dev, so that others wait.
    private func waiting(
        _ policy: PromotionQueuePolicy
    ) -> (world: World, freight: [String], running: PromotionName) {
        var world = World()
        world.given(Shop.manual)
        configure(policy, in: &world)
        let freight = Shop.warehouses.map {
            world.givenFreight($0, commit: "\($0)-1").rawValue
        }
        let running = world.request([freight[0]], to: Shop.dev)
        world.when(start(running))
        return (world, freight, running)
    }

    private func configure(_ policy: PromotionQueuePolicy, in world: inout World) {
        var spec = Shop.stage(Shop.warehouses.map { Shop.direct($0) })
        spec.promotionQueue = policy
        world.given([Shop.resource(.stage(Shop.dev, spec))])
    }

    private func start(_ name: PromotionName) -> Command {
        .startPromotion(StartPromotion(project: Shop.project, promotion: name))
    }

    // MARK: - Latest

    @Test func `by default each promotion has its turn`() {
        var (world, freight, _) = waiting(.all)
        let first = world.request([freight[1]], to: Shop.dev)
        let second = world.request([freight[1]], to: Shop.dev)
        #expect(world.pending(Shop.dev) == [first, second])
    }

    @Test func `Latest supersedes older ones of the same kind whose origins are all filled`() {
        var (world, freight, _) = waiting(.latest)
        let checkout = world.request([freight[0]], to: Shop.dev)
        let payments = world.request([freight[1]], to: Shop.dev)
        let both = world.request([freight[0], freight[2]], to: Shop.dev)
        #expect(world.superseded.keys.sorted() == [checkout])
        #expect(
            world.superseded[checkout]
                == "promotionQueue Latest: the other is newer and for the same origins"
        )
        let web = world.request([freight[2]], to: Shop.dev)
        #expect(world.superseded.isEmpty, "it would lose checkout")
        #expect(world.pending(Shop.dev) == [payments, both, web])
        let all = world.request(freight, to: Shop.dev)
        #expect(world.superseded.keys.sorted() == [payments, both, web])
        #expect(world.pending(Shop.dev) == [all])
    }

    @Test func `Latest lets other kinds alone, and what was asked for now`() {
        var (world, freight, running) = waiting(.latest)
        let automatic = world.request([freight[1]], to: Shop.dev, kind: .automatic)
        world.finishAll(of: running)
        world.when(start(world.request([freight[0]], to: Shop.dev)))
        let manual = world.request([freight[2]], to: Shop.dev, now: true)
        let later = world.request([freight[2]], to: Shop.dev)
        #expect(world.superseded.isEmpty)
        #expect(world.pending(Shop.dev).filter { $0 != automatic }.contains(manual))
        let urgent = world.request([freight[2]], to: Shop.dev, now: true)
        #expect(world.superseded.keys.sorted() == [manual, later])
        #expect(world.pending(Shop.dev).first == urgent)
    }

    @Test func `Latest keeps the newest automatic promotion of an origin`() {
        var (world, freight, _) = waiting(.latest)
        let first = world.request([freight[1]], to: Shop.dev, kind: .automatic)
        let newer = world.givenFreight(Shop.payments, commit: "payments-2")
        let second = world.request([newer.rawValue], to: Shop.dev, kind: .automatic)
        #expect(world.superseded.keys.sorted() == [first])
        #expect(world.pending(Shop.dev) == [second])
    }

    @Test func `Latest keeps the newest rollback`() {
        var (world, freight, running) = waiting(.latest)
        world.finishAll(of: running)
        world.givenPromotion(of: [freight[2]], to: Shop.dev)
        world.when(start(world.request([freight[1]], to: Shop.dev)))
        let first = world.rollBack(Shop.dev, to: .previous)
        let second = world.rollBack(Shop.dev, to: .previous)
        #expect(world.superseded.keys.sorted() == [first])
        #expect(world.pending(Shop.dev) == [second])
    }

    // MARK: - Coalesce

    @Test func `Coalesce starts pending automatic promotions of different origins as one`() {
        var (world, freight, running) = waiting(.coalesce)
        let payments = world.request([freight[1]], to: Shop.dev, kind: .automatic)
        let web = world.request([freight[2]], to: Shop.dev, kind: .automatic)
        let again = world.request([freight[1]], to: Shop.dev, kind: .automatic)
        world.finishAll(of: running)
        world.when(start(payments))
        #expect(world.madeEvents == [.promotionStarted, .promotionSuperseded])
        #expect(
            world.superseded == [web: "promotionQueue Coalesce: its freight goes with the other"]
        )
        let state = world.promotionState(payments)
        #expect(state.coalesced.map(\.rawValue) == [freight[2]])
        #expect(state.changes.map(\.kind) == [.unchanged, .added, .added])
        #expect(world.pending(Shop.dev) == [again], "one piece of freight for each origin")
        world.finishAll(of: payments)
        #expect(Set(world.running(Shop.dev).keys) == ["checkout", "payments", "web"])
        let component = world.stageState(Shop.dev).current?[origin: .warehouse(Shop.web)]
        #expect(component?.promotion == payments)
    }

    @Test func `Coalesce leaves promotions by hand alone`() {
        var (world, freight, running) = waiting(.coalesce)
        let payments = world.request([freight[1]], to: Shop.dev)
        let web = world.request([freight[2]], to: Shop.dev, kind: .automatic)
        world.finishAll(of: running)
        world.when(start(payments))
        #expect(world.madeEvents == [.promotionStarted])
        #expect(world.pending(Shop.dev) == [web])
    }

    @Test func `what is no longer available stays out, and ends at its own turn`() {
        var (world, freight, running) = waiting(.coalesce)
        let payments = world.request([freight[1]], to: Shop.dev, kind: .automatic)
        let web = world.request([freight[2]], to: Shop.dev, kind: .automatic)
        world.when(
            .quarantineFreight(QuarantineFreight(project: project, freight: freight[2])),
            reason: "it leaks"
        )
        world.finishAll(of: running)
        world.when(start(payments))
        #expect(world.madeEvents == [.promotionStarted])
        #expect(world.pending(Shop.dev) == [web])
        world.finishAll(of: payments)
        world.when(start(web))
        #expect(world.madeEvents == [.promotionErrored])
        #expect(world.promotionState(web).message?.contains("it leaks") == true)
    }

    @Test func `what went along and did not succeed is not tried again by automation`() {
        var (world, freight, running) = waiting(.coalesce)
        let payments = world.request([freight[1]], to: Shop.dev, kind: .automatic)
        world.request([freight[2]], to: Shop.dev, kind: .automatic)
        world.finishAll(of: running)
        world.when(start(payments))
        world.finishAll(of: payments, ending: .failed)
        let state = world.stageState(Shop.dev)
        #expect(Set(state.unsuccessful.map(\.rawValue)) == Set(freight[1...]))
        #expect(state.uncertain.map(\.origin.name) == ["payments", "web"])
    }

    @Test func `automation sees that freight goes along`() {
        var (world, freight, running) = waiting(.coalesce)
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev])))])
        world.request([freight[1]], to: Shop.dev, kind: .automatic)
        world.request([freight[2]], to: Shop.dev, kind: .automatic)
        world.finishAll(of: running)
        world.when(start(world.pending(Shop.dev)[0]))
        #expect(world.nextSteps(for: .stage(Shop.dev)).commands.isEmpty)
    }

    @Test func `a bundle and a hotfix of what it holds do not go as one`() {
        var world = Shop.released(prod: { $0.promotionQueue = .coalesce })
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.settle()
        let bundle = world.request(["second"], to: Shop.prod, kind: .automatic)
        let hotfix = world.request([fix.rawValue], to: Shop.prod, kind: .automatic)
        world.when(start(bundle))
        #expect(world.madeEvents == [.promotionStarted])
        #expect(world.pending(Shop.prod) == [hotfix])
    }

    // MARK: - At the start

    @Test(arguments: [PromotionKind.manual, .automatic])
    func `what would take a hotfix back by now ends errored when its turn comes`(
        kind: PromotionKind
    ) {
        var world = Shop.released()
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.settle()
        let running = world.request(["first"], to: Shop.prod)
        world.when(start(running))
        let again = world.request(["first"], to: Shop.prod, kind: kind)
        let hotfix = world.request([fix.rawValue], to: Shop.prod, now: true)
        world.finishAll(of: running)
        world.perform(hotfix)
        world.when(start(again))
        #expect(world.madeEvents == [.promotionErrored])
        #expect(world.promotionState(again).message?.contains("Warehouse/payments runs") == true)
        let allowed = world.request(["first"], to: Shop.prod, allowRegression: true)
        world.when(start(allowed))
        #expect(world.madeEvents == [.promotionStarted], "somebody said that it may")
    }
}
