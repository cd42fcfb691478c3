import EventLog
import PromotionModel
import Testing

/// What is verified in a stage goes on: to one stage, or to all that is behind it.
@Suite struct PromotingDownstream {
    private let project = Shop.project

    private func downstream(of stage: StageName, verifiedOnly: Bool = false) -> Command {
        .promoteDownstream(
            PromoteDownstream(
                project: Shop.project,
                stage: stage,
                verifiedOnly: verifiedOnly
            )
        )
    }

    /// Dev runs new freight of these warehouses; nothing moves by itself.
    private func shop(dev warehouses: [WarehouseName] = Shop.warehouses) -> World {
        var world = World()
        world.given(Shop.manual)
        for warehouse in warehouses {
            let freight = world.givenFreight(warehouse, commit: "\(warehouse)-1")
            world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        }
        return world
    }

    /// The requests that the last command made.
    private func requests(_ world: World) -> [PromotionRequested] {
        world.made(.promotionRequested).compactMap { event in
            if case .promotionRequested(let request) = event { request } else { nil }
        }
    }

    @Test func `everything behind a stage gets what is verified there, in one command`() {
        var world = shop()
        let extra = StageName(unchecked: "perf")
        world.given([
            Shop.resource(.stage(extra, Shop.stage([Shop.from(Shop.dev, Shop.web)])))
        ])
        world.when(downstream(of: Shop.dev))
        #expect(requests(world).map(\.request.stage) == [extra, Shop.uat])
        #expect(requests(world).map(\.request.freight.count) == [1, 3])
        #expect(requests(world).allSatisfy { $0.isDownstream && $0.from == Shop.dev })
        let names = requests(world).map(\.request.name)
        #expect(
            names[0].rawValue.split(separator: ".")[1] < names[1].rawValue.split(separator: ".")[1]
        )
        for name in names { world.perform(name) }
        #expect(Set(world.running(Shop.uat).keys) == ["checkout", "payments", "web"])
    }

    @Test func `a junction behind a stage collects it`() {
        var world = shop()
        world.when(downstream(of: Shop.dev))
        for name in requests(world).map(\.request.name) { world.perform(name) }
        world.when(downstream(of: Shop.uat))
        #expect(world.made(.freightCollected).count == 3)
        // Prod takes payments from uat by itself, too.
        #expect(requests(world).map(\.request.stage) == [Shop.prod])
        let slots = world.facts.junctionState(Shop.release, in: project).slots
        #expect(slots.map(\.origin) == Shop.warehouses.map { .warehouse($0) })
        #expect(slots.allSatisfy { !$0.held })
    }

    @Test func `whoever has it all is passed over`() {
        var world = shop()
        world.when(downstream(of: Shop.dev))
        let names = requests(world).map(\.request.name)
        world.when(downstream(of: Shop.dev))
        #expect(world.verdict == .quiet, "it waits there")
        world.letWait(names[0])
        world.when(downstream(of: Shop.dev))
        #expect(world.verdict == .quiet, "it is on its way")
        world.finishAll(of: names[0])
        world.when(downstream(of: Shop.dev))
        #expect(world.verdict == .quiet, "it is there")
        world.givenPromotion(
            of: [world.givenFreight(Shop.web, commit: "web-2").rawValue],
            to: Shop.dev
        )
        world.when(downstream(of: Shop.dev))
        #expect(world.madeEvents == [.promotionRequested])
    }

    @Test func `all or nothing, and the refusal lists what stands against it everywhere`() throws {
        var world = shop(dev: [Shop.web])
        let soaked = StageName(unchecked: "perf")
        world.given([
            Shop.resource(
                .stage(soaked, Shop.stage([Shop.from(Shop.dev, Shop.web, soakMinutes: 60)]))
            )
        ])
        world.when(downstream(of: Shop.dev))
        guard case .downstreamNotReady(let from, let problems) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(from == Shop.dev)
        #expect(
            world.refusal?.description.hasPrefix(
                "what is behind stage dev cannot have all that is current and verified there: "
            ) == true
        )
        try #require(problems.count == 3)
        #expect(problems[0].hasPrefix("stage/perf: freight "))
        #expect(problems[0].contains("it must stay in stage dev until"))
        #expect(problems[1] == "stage/uat: Warehouse/checkout: nothing is current")
        #expect(problems[2] == "stage/uat: Warehouse/payments: nothing is current")
        #expect(world.pending(Shop.uat).isEmpty)
        world.wait(minutes: 60)
        world.when(downstream(of: Shop.dev, verifiedOnly: true))
        #expect(requests(world).map(\.request.stage) == [soaked, Shop.uat])
        let dropped = requests(world)[1].dropped.map(\.description)
        #expect(
            dropped == [
                "Warehouse/checkout: nothing is current", "Warehouse/payments: nothing is current",
            ]
        )
    }

    @Test func `freight passes a control-flow stage by itself, so what is behind it gets it`() {
        var world = shop()
        let gate = StageName(unchecked: "gate")
        var spec = Shop.stage([Shop.from(Shop.dev, Shop.web)])
        spec.steps = []
        let behind = StageName(unchecked: "perf")
        world.given([
            Shop.resource(.stage(gate, spec)),
            Shop.resource(.stage(behind, Shop.stage([Shop.from(gate, Shop.web)]))),
        ])
        world.when(downstream(of: Shop.dev))
        #expect(requests(world).map(\.request.stage) == [behind, Shop.uat])
    }

    @Test func `downstream is refused in the order of the documentation`() {
        var world = World()
        world.when(downstream(of: Shop.dev))
        #expect(world.refusal == .unknownProject(project))
        world.given(Shop.manual)
        let nowhere = StageName(unchecked: "nowhere")
        world.when(downstream(of: nowhere))
        #expect(world.refusal == .unknownStage(nowhere, in: project))
        world.when(downstream(of: Shop.prod))
        #expect(world.refusal == .nothingDownstream(Shop.prod))
    }

    @Test func `verified only goes without the rest, and the event says without what`() {
        var world = shop(dev: [Shop.checkout, Shop.web])
        func take(_ verifiedOnly: Bool, _ stage: StageName = Shop.uat) -> Command {
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: stage,
                    selection: .from(Shop.dev, origin: nil),
                    verifiedOnly: verifiedOnly
                )
            )
        }
        world.when(take(false))
        #expect(
            world.refusal
                == .nothingToPromote(
                    from: Shop.dev,
                    to: Shop.uat,
                    missing: ["Warehouse/payments: nothing is current"]
                )
        )
        world.when(take(true))
        #expect(requests(world)[0].request.freight.count == 2)
        #expect(requests(world)[0].from == Shop.dev)
        #expect(
            requests(world)[0].dropped
                == [
                    DroppedFreight(
                        origin: .warehouse(Shop.payments),
                        freight: nil,
                        why: "nothing is current"
                    )
                ]
        )
        world.when(take(true, Shop.prod))
        guard case .nothingToPromote = world.refusal else {
            Issue.record("going with nothing: \(world.verdict)")
            return
        }
    }
}
