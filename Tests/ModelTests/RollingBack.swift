import EventLog
import PromotionModel
import Testing

@Suite struct RollingBack {
    private func rollBack(
        to target: RollbackTarget,
        origin: Origin? = nil
    ) -> Command {
        .rollBackStage(
            RollBackStage(
                project: Shop.project,
                stage: Shop.prod,
                target: target,
                origin: origin
            )
        )
    }

    /// Prod ran `first`, then `second` (web changed), then a hotfix of payments.
    private func threeReleases() -> World {
        var world = Shop.released()
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Shop.release, alias: "second")
            )
        )
        world.givenPromotion(of: ["second"], to: Shop.prod)
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.settle()
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        return world
    }

    private func pendingRollback(_ world: World) -> PromotionName {
        world.facts.stageState(Shop.prod, in: Shop.project).pending.first?.name
            ?? PromotionName(unchecked: "none")
    }

    @Test func `the whole combination comes back, hotfix and all, and upstream stays`() {
        var world = threeReleases()
        let uat = world.running(Shop.uat)
        world.when(rollBack(to: .freight("first")), reason: "customers cannot pay")
        world.perform(pendingRollback(world))
        #expect(
            world.running(Shop.prod)
                == ["checkout": "checkout-1", "payments": "payments-1", "web": "web-1"]
        )
        #expect(world.running(Shop.uat) == uat)
    }

    @Test func `previous goes back step by step, and asking again goes only further back`() {
        var world = threeReleases()
        world.when(rollBack(to: .previous))
        world.perform(pendingRollback(world))
        #expect(world.running(Shop.prod)["payments"] == "payments-1")
        #expect(world.running(Shop.prod)["web"] == "web-2")
        world.when(rollBack(to: .previous))
        world.perform(pendingRollback(world))
        #expect(world.running(Shop.prod)["web"] == "web-1")
        world.when(rollBack(to: .previous))
        #expect(world.refusal == .nothingRanEarlier(Shop.prod))
    }

    @Test func `two people who ask for previous at once get the same, not two steps back`() {
        var world = threeReleases()
        world.when(rollBack(to: .previous), by: "operator")
        world.when(rollBack(to: .previous), by: "on-call")
        let pending = world.facts.stageState(Shop.prod, in: Shop.project).pending
        let targets = pending.compactMap {
            world.facts.promotion($0.name, in: Shop.project)?.target?.id
        }
        #expect(targets.count == 2 && Set(targets).count == 1)
    }

    @Test func `one origin comes back alone`() {
        var world = threeReleases()
        world.when(rollBack(to: .freight("first"), origin: .warehouse(Shop.web)))
        world.perform(pendingRollback(world))
        #expect(
            world.running(Shop.prod)
                == ["checkout": "checkout-1", "payments": "payments-fix", "web": "web-1"]
        )
        let holds = world.facts.stageState(Shop.prod, in: Shop.project).holds
        #expect(
            holds.contains { $0.origin == .junction(Shop.release) },
            "the bundle that brought it is held, or automation would bring it again"
        )
    }

    @Test func `a position and the id of a combination name the same`() throws {
        var world = threeReleases()
        let entries = world.facts.collections(
            of: Shop.prod,
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 10
        )
        let first = try #require(entries.last)
        let id = world.facts.promotionState(first.promotion, in: Shop.project).collection?.id
        world.when(rollBack(to: .position(first.position)))
        let byPosition = world.facts.promotion(pendingRollback(world), in: Shop.project)?.target
        world.when(rollBack(to: .collection(String(id?.rawValue.prefix(8) ?? ""))))
        let pending = world.facts.stageState(Shop.prod, in: Shop.project).pending
        try #require(pending.count == 2)
        let byID = world.facts.promotion(pending[1].name, in: Shop.project)?.target
        #expect(byPosition?.id == id && byID?.id == id)
    }

    @Test func `what runs already needs no rollback`() {
        var world = threeReleases()
        let id = world.facts.stageState(Shop.prod, in: Shop.project).current?.id
        world.when(rollBack(to: .collection(id?.rawValue ?? "")))
        #expect(world.verdict == .quiet)
    }

    @Test func `going back to what runs is not quiet while something else waits`() {
        var world = threeReleases()
        let fix = world.givenFreight(Shop.payments, commit: "payments-4")
        world.settle()
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.prod,
                    selection: .named([fix.rawValue]),
                    kind: .automatic
                )
            )
        )
        let id = world.facts.stageState(Shop.prod, in: Shop.project).current?.id
        world.when(rollBack(to: .collection(id?.rawValue ?? "")))
        #expect(world.madeEvents.contains(.promotionSuperseded))
        #expect(world.madeEvents.contains(.autoPromotionHeld))
    }

    @Test func `a component that was touched and belongs to neither side stays in the change set`()
    {
        var world = Shop.settled()
        world.when(.repackage(Repackage(project: Shop.project, junction: Shop.release)))
        let bundle = world.facts.junctionState(Shop.release, in: Shop.project).bundle
        world.givenPromotion(of: [bundle?.rawValue ?? ""], to: Shop.prod, ending: .failed)
        let payments = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.payments)
        ]?.freight
        let name = world.givenPromotion(of: [payments?.rawValue ?? ""], to: Shop.prod)
        let changes = world.facts.promotionState(name, in: Shop.project).changes
        #expect(changes.map(\.kind) == [.removed, .uncertain, .removed])
        #expect(changes.allSatisfy { $0.isUncertain })
        #expect(world.facts.stageState(Shop.prod, in: Shop.project).uncertain.isEmpty)
    }

    @Test func `after a failed promotion going back to what runs is allowed`() {
        var world = threeReleases()
        let running = world.running(Shop.prod)
        let broken = world.givenFreight(Shop.payments, commit: "payments-3")
        world.settle()
        world.givenPromotion(of: [broken.rawValue], to: Shop.prod, ending: .failed)
        #expect(!world.facts.stageState(Shop.prod, in: Shop.project).uncertain.isEmpty)
        let id = world.facts.stageState(Shop.prod, in: Shop.project).current?.id
        world.when(rollBack(to: .collection(id?.rawValue ?? "")))
        world.perform(pendingRollback(world))
        #expect(world.running(Shop.prod) == running)
        #expect(world.facts.stageState(Shop.prod, in: Shop.project).uncertain.isEmpty)
    }

    @Test func `a rollback holds automation for its origins`() {
        var world = Shop.settled()
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.uat, target: .previous)
            )
        )
        world.settle()
        #expect(world.running(Shop.uat)["web"] == "web-1")
        let holds = world.facts.stageState(Shop.uat, in: Shop.project).holds
        #expect(holds.map(\.origin) == Shop.warehouses.map { .warehouse($0) })
        world.when(
            .resumeAutomation(ResumeAutomation(project: Shop.project, stage: Shop.uat))
        )
        world.settle()
        #expect(world.running(Shop.uat)["web"] == "web-2", "resumed, so the newest comes again")
    }

    @Test func `a component that nobody requests any more refuses the rollback by name`() {
        var world = threeReleases()
        world.given([
            Shop.resource(
                .stage(Shop.prod, Shop.stage([Shop.from(Shop.uat, Shop.payments)]))
            )
        ])
        world.when(rollBack(to: .freight("first")))
        #expect(
            world.refusal
                == .componentNotRequested(
                    .warehouse(Shop.checkout),
                    brought: .junction(Shop.release),
                    by: Shop.prod
                )
        )
    }

    @Test func `nothing that never ran can be gone back to`() {
        var world = threeReleases()
        world.when(rollBack(to: .position(Position(rawValue: 1))))
        #expect(world.refusal == .nothingRan(Shop.prod, at: "#1"))
        world.when(rollBack(to: .collection("ffffffff")))
        #expect(world.refusal == .unknownCollection("ffffffff", on: Shop.prod))
    }
}
