import EventLog
import PromotionModel
import Testing

/// A team finds out late that something which passed does not work.
@Suite struct FailedReVerification {
    /// The shop; uat waits for reports, and after it everything soaks for an hour.
    private func shop() -> World {
        var junction = Shop.junction()
        junction.requestedFreight = Shop.warehouses.map {
            Shop.from(Shop.uat, $0, soakMinutes: 60)
        }
        junction.selection = .newestVerified
        let prod = Shop.stage([
            RequestedFreight(origin: .junction(Shop.release), direct: true),
            Shop.from(Shop.uat, Shop.payments, soakMinutes: 60),
        ])
        var world = World()
        world.given(
            Shop.verifying(
                Shop.uat,
                in: Shop.resources.map { resource in
                    switch resource.specification {
                    case .junction: Shop.resource(.junction(Shop.release, junction))
                    case .stage(Shop.prod, _): Shop.resource(.stage(Shop.prod, prod))
                    default: resource
                    }
                }
            )
        )
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        pass(&world)
        return world
    }

    /// Lets automation go on, reports each open verification as passed, and waits for the soak.
    private func pass(_ world: inout World) {
        world.settle()
        while world.facts.stageState(Shop.uat, in: Shop.project).verification != nil {
            world.report(.passed)
            world.settle()
        }
        world.wait(minutes: 60)
        world.settle()
    }

    private func slot(_ warehouse: WarehouseName, _ world: World) -> FreightID? {
        world.facts.junctionState(Shop.release, in: Shop.project)[origin: .warehouse(warehouse)]?
            .freight
    }

    private func promotion(_ world: World) throws -> PromotionName {
        try #require(world.facts.stageState(Shop.uat, in: Shop.project).currentPromotion)
    }

    @Test func `a failed re-verification`() throws {
        var world = shop()
        let old = try #require(slot(Shop.web, world))
        let new = world.givenFreight(Shop.web, commit: "web-2")
        pass(&world)
        let put = try promotion(world)
        #expect(slot(Shop.web, world) == new)
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: "train"))
        )
        world.givenPromotion(of: ["train"], to: Shop.prod)
        #expect(world.running(Shop.prod)["web"] == "web-2")

        world.report(
            .failed,
            of: .promotion(put),
            evidence: "https://ci.example.com/runs/9",
            reason: "customers cannot pay"
        )
        world.settle()
        #expect(slot(Shop.web, world) == old, "the slot falls back")
        #expect(slot(Shop.payments, world) != nil, "what was not put in by it stays")
        #expect(world.running(Shop.prod)["web"] == "web-2", "nothing is undone by itself")
        #expect(world.verified(new) == [Shop.dev, Shop.prod])
        world.wait(minutes: 600)
        world.settle()
        #expect(slot(Shop.web, world) == old, "no time brings it back")

        world.report(.passed, of: .promotion(put), evidence: "https://ci.example.com/runs/10")
        world.settle()
        #expect(slot(Shop.web, world) == old, "soak was forgotten")
        world.wait(minutes: 59)
        world.settle()
        #expect(slot(Shop.web, world) == old)
        world.wait(minutes: 1)
        world.settle()
        #expect(slot(Shop.web, world) == new, "and counts anew from the next success")
    }

    @Test func `what prod took from uat is withdrawn, and prod can still go back to it`() throws {
        var world = shop()
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: "train"))
        )
        world.givenPromotion(of: ["train"], to: Shop.prod)
        let fix = world.givenFreight(Shop.payments, commit: "payments-2")
        pass(&world)
        let put = try promotion(world)
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        let fixed = world.running(Shop.prod)
        #expect(fixed["payments"] == "payments-2")

        world.report(.failed, of: .promotion(put))
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.prod,
                    selection: .named([fix.rawValue])
                )
            )
        )
        guard case .freightNotAvailable(_, to: .stage(Shop.prod), let why) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(why.hasPrefix("its verification in stage uat failed at "))

        let back = Command.rollBackStage(
            RollBackStage(project: Shop.project, stage: Shop.prod, target: .previous)
        )
        world.when(back)
        world.settle()
        #expect(world.running(Shop.prod)["payments"] == "payments-1")
        world.when(
            .rollBackStage(
                RollBackStage(
                    project: Shop.project,
                    stage: Shop.prod,
                    target: .freight(fix.rawValue)
                )
            )
        )
        world.settle()
        #expect(world.running(Shop.prod) == fixed, "what ran there can be gone back to")
    }
}
