import EventLog
import PromotionModel
import Testing

/// A whole project goes back to what it ran.
@Suite struct RestoringProjects {
    private let project = Shop.project

    private func restore(to position: Position, partial: Bool = false) -> Command {
        .restoreProject(
            RestoreProject(project: project, position: position, partial: partial)
        )
    }

    /// Everything was released once, at `then`; since, web 2 and checkout 2 went everywhere.
    private func released() -> (world: World, then: Position) {
        var world = Shop.released()
        let then = world.facts.position
        world.wait(minutes: 60)
        world.givenFreight(Shop.web, commit: "web-2")
        Shop.nextBundle("second", of: Shop.checkout, commit: "checkout-2", in: &world)
        world.givenPromotion(of: ["second"], to: Shop.prod)
        return (world, then)
    }

    /// The open restore.
    private func open(_ world: World) -> OpenRestore? {
        world.facts.projectState(project).restore
    }

    private func item(_ stage: StageName, _ world: World) -> PromotionName {
        open(world)?.items.first { $0.stage == stage }?.promotion ?? .init(unchecked: "none")
    }

    private func finished(_ world: World) -> RestoreFinished? {
        for case .restoreFinished(let event) in world.made(.restoreFinished) { return event }
        return nil
    }

    private func start(_ name: PromotionName) -> Command {
        .startPromotion(StartPromotion(project: project, promotion: name))
    }

    @Test func `each stage is promoted back to what it ran, with the plan in one event`() {
        var (world, then) = released()
        world.when(restore(to: then), reason: "the release is broken")
        guard case .restoreRequested(let event) = world.made(.restoreRequested).first else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.position == then && event.reason == "the release is broken")
        #expect(event.items.map(\.stage) == [Shop.prod, Shop.uat, Shop.dev])
        #expect(event.items.map(\.level) == [0, 1, 2], "most downstream first")
        #expect(event.unchanged.isEmpty && event.left.isEmpty)
        for item in event.items {
            let core = world.facts.promotion(item.promotion, in: project)
            #expect(core?.kind == .restore && core?.restore == open(world)?.position)
            #expect(core?.target?.hasSameContent(as: item.target) == true)
        }
        #expect(open(world)?.to == then)
        world.settle()
        for stage in [Shop.dev, Shop.uat, Shop.prod] {
            #expect(world.running(stage)["web"] == "web-1")
            #expect(world.running(stage)["checkout"] == "checkout-1")
        }
        #expect(open(world) == nil)
    }

    @Test func `it is held everywhere in the plan, so automation undoes nothing`() {
        var (world, then) = released()
        world.when(restore(to: then))
        for stage in [Shop.dev, Shop.uat] {
            #expect(world.held(stage) == Shop.warehouses.map { .warehouse($0) })
        }
        #expect(world.held(Shop.prod) == [.junction(Shop.release), .warehouse(Shop.payments)])
        world.settle()
        world.givenFreight(Shop.web, commit: "web-3")
        world.settle()
        #expect(world.running(Shop.dev)["web"] == "web-1")
    }

    @Test func `a stage starts when all that is further downstream has ended, however`() {
        var (world, then) = released()
        world.when(restore(to: then))
        let (prod, uat, dev) = (
            item(Shop.prod, world), item(Shop.uat, world), item(Shop.dev, world)
        )
        world.when(start(dev))
        #expect(world.refusal == .restoreOfOthersFirst(dev, stages: [Shop.prod, Shop.uat]))
        #expect(world.nextSteps(for: .stage(Shop.dev)).commands.isEmpty)
        #expect(world.nextSteps(for: .stage(Shop.prod)).commands.count == 1)
        world.perform(prod, ending: .failed)
        #expect(finished(world) == nil, "a failure stops no other stage")
        world.when(start(dev))
        #expect(world.refusal == .restoreOfOthersFirst(dev, stages: [Shop.uat]))
        world.when(.abortPromotion(AbortPromotion(project: project, promotion: uat)))
        world.perform(dev)
        let end = finished(world)
        #expect(end?.reached == [Shop.dev])
        #expect(end?.failed == [Shop.prod])
        #expect(end?.skipped == [Shop.uat])
        #expect(open(world) == nil)
    }

    @Test func `stages of one level go side by side`() {
        var (world, then) = released()
        let perf = StageName(unchecked: "perf")
        world.given([
            Shop.resource(.stage(perf, Shop.stage([Shop.from(Shop.uat, Shop.web)])))
        ])
        let web = world.stageState(Shop.uat).current?.carrier(of: .warehouse(Shop.web))
        world.givenPromotion(of: [web?.rawValue ?? ""], to: perf)
        let now = world.facts.position
        for number in 3...4 {
            let web = world.givenFreight(Shop.web, commit: "web-\(number)")
            world.settle()
            world.givenPromotion(of: [web.rawValue], to: perf)
        }
        world.when(restore(to: now))
        #expect(open(world)?.items.map(\.stage) == [perf, Shop.uat, Shop.dev])
        world.when(restore(to: then))
        let items = open(world)?.items ?? []
        #expect(items.map(\.stage) == [Shop.prod, Shop.uat, Shop.dev])
        #expect(
            world.promotionState(item(Shop.prod, world)).phase == .pending,
            "perf was not there then"
        )
    }

    @Test func `what did not exist then, or ran nothing, stays as it is`() {
        var world = World()
        world.given(Shop.manual)
        let web = world.givenFreight(Shop.web, commit: "web-1")
        world.givenPromotion(of: [web.rawValue], to: Shop.dev)
        let then = world.facts.position
        let late = StageName(unchecked: "late")
        world.given([Shop.resource(.stage(late, Shop.stage([Shop.direct(Shop.web)])))])
        let second = world.givenFreight(Shop.web, commit: "web-2")
        for stage in [Shop.dev, Shop.uat, late] {
            world.givenPromotion(of: [second.rawValue], to: stage)
        }
        world.when(restore(to: then))
        guard case .restoreRequested(let event) = world.made(.restoreRequested).first else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.items.map(\.stage) == [Shop.dev])
        #expect(event.left == [late, Shop.prod, Shop.uat])
        #expect(world.held(Shop.uat).isEmpty)
        world.settle()
        #expect(world.running(Shop.uat) == ["web": "web-2"])
    }

    @Test func `a stage that runs the same is left alone, unless something is under way there`() {
        var (world, _) = released()
        let then = world.facts.position
        let web = world.givenFreight(Shop.web, commit: "web-3")
        world.givenPromotion(of: [web.rawValue], to: Shop.dev)
        world.request(["first"], to: Shop.prod)
        world.when(restore(to: then))
        guard case .restoreRequested(let event) = world.made(.restoreRequested).first else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(event.items.map(\.stage) == [Shop.prod, Shop.dev])
        #expect(event.unchanged == [Shop.uat])
        #expect(world.superseded.values.sorted() == ["the project is being restored"])
    }

    @Test func `all that is pending gives way, and what only waits`() {
        var (world, then) = released()
        let waiting = world.request(["second"], to: Shop.prod)
        world.letWait(waiting)
        let pending = [
            world.request(["second"], to: Shop.prod),
            world.request(["first"], to: Shop.prod, allowRegression: true),
        ]
        let rollback = world.rollBack(Shop.uat, to: .previous)
        world.when(restore(to: then))
        #expect(Set(world.superseded.keys) == Set(pending + [waiting, rollback]))
        #expect(world.stageState(Shop.prod).running == nil)
        #expect(world.pending(Shop.prod) == [item(Shop.prod, world)])
    }

    @Test func `what has taken effect is finished first`() {
        var (world, then) = released()
        let running = world.request(["second"], to: Shop.prod)
        world.letWait(running, afterTakingEffect: true)
        world.when(restore(to: then))
        #expect(!world.superseded.keys.contains(running))
        world.when(start(item(Shop.prod, world)))
        #expect(world.refusal == .anotherPromotionRuns(running, on: Shop.prod))
        world.finishAll(of: running)
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-1")
    }

    @Test func `asking for the same again is quiet, and goes on once it is over`() {
        var (world, then) = released()
        world.when(restore(to: then))
        let prod = item(Shop.prod, world)
        world.when(restore(to: then))
        #expect(world.verdict == .quiet)
        world.perform(prod, ending: .errored)
        world.settle()
        #expect(open(world) == nil)
        world.when(restore(to: then))
        #expect(open(world)?.items.map(\.stage) == [Shop.prod], "those that were not reached")
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-1")
        world.when(restore(to: then))
        #expect(world.verdict == .quiet, "all of it runs")
    }

    @Test func `a restore to another moment takes the place of one that is open`() {
        var (world, then) = released()
        let now = world.facts.position
        world.when(restore(to: then))
        let (prod, uat) = (item(Shop.prod, world), item(Shop.uat, world))
        world.when(start(prod))
        world.when(restore(to: now))
        #expect(
            world.madeEvents.prefix(2) == [.restoreFinished, .restoreRequested],
            "nothing of the first is left open"
        )
        #expect(finished(world)?.skipped == [Shop.prod, Shop.uat, Shop.dev])
        #expect(world.promotionState(uat).phase == .superseded)
        world.finishAll(of: prod)
        world.settle()
        for stage in [Shop.dev, Shop.uat, Shop.prod] {
            #expect(world.running(stage)["web"] == "web-2")
        }
        #expect(open(world) == nil)
    }

    @Test func `what the new plan leaves alone is not restored by the old one`() {
        var world = World()
        world.given(Shop.manual)
        let first = world.givenFreight(Shop.web, commit: "web-1")
        world.givenPromotion(of: [first.rawValue], to: Shop.dev)
        let early = world.facts.position
        world.givenPromotion(of: [first.rawValue], to: Shop.uat)
        let then = world.facts.position
        let second = world.givenFreight(Shop.web, commit: "web-2")
        for stage in [Shop.dev, Shop.uat] {
            world.givenPromotion(of: [second.rawValue], to: stage)
        }
        world.when(restore(to: then))
        let uat = item(Shop.uat, world)
        world.when(restore(to: early))
        #expect(world.promotionState(uat).phase == .aborted)
        #expect(finished(world)?.restore != open(world)?.position)
        #expect(world.held(Shop.uat).isEmpty, "as if it had never been asked for")
        world.settle()
        #expect(world.running(Shop.uat) == ["web": "web-2"])
        #expect(world.running(Shop.dev) == ["web": "web-1"])
    }

    @Test func `what nobody requests any more refuses it by name, or is left`() {
        var (world, then) = released()
        world.given([
            Shop.resource(.stage(Shop.prod, Shop.stage([Shop.from(Shop.uat, Shop.payments)])))
        ])
        world.when(restore(to: then))
        guard case .restoreNotRequested(_, let components) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(
            components[0] == "stage prod: Warehouse/checkout was brought by Junction/release, "
                + "which is no longer requested"
        )
        #expect(components.count == 3)
        world.when(restore(to: then, partial: true))
        #expect(open(world)?.items.map(\.stage) == [Shop.uat, Shop.dev])
    }

    @Test func `of a stage that requests less than then, the rest comes back`() {
        var (world, then) = released()
        let fewer = Shop.warehouses.filter { $0 != Shop.checkout }.map { Shop.from(Shop.dev, $0) }
        var junction = Shop.junction()
        junction.requestedFreight.removeAll { $0.origin == .warehouse(Shop.checkout) }
        world.given([
            Shop.resource(.stage(Shop.uat, Shop.stage(fewer))),
            Shop.resource(.junction(Shop.release, junction)),
        ])
        world.when(restore(to: then, partial: true))
        let request = world.made(.promotionRequested).compactMap { event in
            if case .promotionRequested(let request) = event { request } else { nil }
        }.first { $0.request.stage == Shop.uat }
        #expect(request?.request.target?.components.map(\.origin.name) == ["payments", "web"])
        #expect(
            request?.dropped.map(\.description)
                == ["Warehouse/checkout: it is no longer requested"]
        )
    }

    @Test func `a restore is refused in the order of the documentation`() {
        var world = World()
        world.when(restore(to: Position(rawValue: 99)))
        #expect(world.refusal == .unknownProject(project))
        world.given(Shop.manual)
        world.when(restore(to: Position(rawValue: 99)))
        #expect(
            world.refusal
                == .positionNotThere(Position(rawValue: 99), last: world.facts.position)
        )
        world.when(restore(to: Position(rawValue: 1)))
        #expect(world.refusal == .nothingToRestore(project, at: Position(rawValue: 1)))
        world.when(.setProjectMode(SetProjectMode(project: project, mode: .observe)))
        world.when(restore(to: Position(rawValue: 99)))
        #expect(world.refusal == .projectObserved(project))
    }

    @Test func `a rollback of one stage takes its place there, and it ends without that stage`() {
        var (world, then) = released()
        world.when(restore(to: then))
        world.letWait(item(Shop.prod, world))
        let rollback = world.rollBack(Shop.prod, to: .freight("second"))
        #expect(Array(world.superseded.keys) == [item(Shop.prod, world)])
        world.perform(rollback)
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-2")
        #expect(world.running(Shop.uat)["web"] == "web-1")
        let ends = world.events.compactMap { draft in
            if case .restoreFinished(let event) = draft.event { event } else { nil }
        }
        #expect(ends.last?.skipped == [Shop.prod])
        #expect(ends.last?.reached == [Shop.uat, Shop.dev])
    }
}
