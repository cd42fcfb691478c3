import EventLog
import PromotionModel
import Testing

@Suite struct FreightAvailability {
    private func availability(
        _ world: World,
        of freight: FreightID,
        to stage: StageName
    ) throws -> Availability {
        let core = try #require(world.facts.freight(freight, in: Shop.project))
        return try AvailabilityRule(facts: world.facts, project: Shop.project, now: world.now)
            .availability(of: core, to: .stage(stage))
    }

    /// dev takes web directly; uat takes it from dev after `soakMinutes`.
    private func pipeline(soakMinutes: Int64 = 0) -> World {
        var world = World()
        world.given([
            Shop.resource(.project),
            Shop.resource(.warehouse(Shop.web, Shop.warehouse(Shop.web))),
            Shop.resource(.stage(Shop.dev, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(
                .stage(
                    Shop.uat,
                    Shop.stage([Shop.from(Shop.dev, Shop.web, soakMinutes: soakMinutes)])
                )
            ),
        ])
        return world
    }

    @Test func `direct freight is available at once`() throws {
        var world = pipeline()
        let freight = world.givenFreight(Shop.web, commit: "w1")
        #expect(try availability(world, of: freight, to: Shop.dev).isAvailable)
        #expect(
            try availability(world, of: freight, to: Shop.uat)
                == .unavailable([.notVerified(in: Shop.dev)])
        )
    }

    @Test func `freight soaks from the moment at which it became current`() throws {
        var world = pipeline(soakMinutes: 60)
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let due = world.now.adding(milliseconds: 3_600_000)
        #expect(
            try availability(world, of: freight, to: Shop.uat)
                == .unavailable([.notSoaked(in: Shop.dev, until: due)])
        )
        #expect(try availability(world, of: freight, to: Shop.uat).wakeAt == due)
        world.wait(minutes: 60)
        #expect(try availability(world, of: freight, to: Shop.uat) == .available(since: due))
    }

    @Test func `a completed stay counts after the freight has left`() throws {
        var world = pipeline(soakMinutes: 60)
        let first = world.givenFreight(Shop.web, commit: "w1")
        world.givenPromotion(of: [first.rawValue], to: Shop.dev)
        world.wait(minutes: 90)
        let second = world.givenFreight(Shop.web, commit: "w2")
        world.givenPromotion(of: [second.rawValue], to: Shop.dev)
        #expect(try availability(world, of: first, to: Shop.uat).isAvailable)
        world.wait(minutes: 30)
        let third = world.givenFreight(Shop.web, commit: "w3")
        world.givenPromotion(of: [third.rawValue], to: Shop.dev)
        #expect(
            try availability(world, of: second, to: Shop.uat)
                == .unavailable([.notSoaked(in: Shop.dev, until: nil)])
        )
    }

    @Test(arguments: [
        (AvailabilityStrategy.oneOf, true), (.all, false),
    ])
    func `one of the upstream stages is enough, or all of them are needed`(
        strategy: AvailabilityStrategy,
        isAvailable: Bool
    ) throws {
        let east = StageName(unchecked: "east")
        let west = StageName(unchecked: "west")
        var request = Shop.from(east, Shop.web)
        request.stages = [east, west]
        request.availability = strategy
        var world = World()
        world.given([
            Shop.resource(.project),
            Shop.resource(.warehouse(Shop.web, Shop.warehouse(Shop.web))),
            Shop.resource(.stage(east, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(.stage(west, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(.stage(Shop.prod, Shop.stage([request]))),
        ])
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.givenPromotion(of: [freight.rawValue], to: east)
        let found = try availability(world, of: freight, to: Shop.prod)
        #expect(found.isAvailable == isAvailable)
        if !isAvailable { #expect(found == .unavailable([.notVerified(in: west)])) }
    }

    @Test func `freight passes a control-flow stage as soon as it is available to it`() throws {
        let gate = StageName(unchecked: "gate")
        var spec = Shop.stage([Shop.from(Shop.dev, Shop.web)])
        spec.steps = []
        var world = pipeline()
        world.given([
            Shop.resource(.stage(gate, spec)),
            Shop.resource(
                .stage(Shop.prod, Shop.stage([Shop.from(gate, Shop.web, soakMinutes: 10)]))
            ),
        ])
        let freight = world.givenFreight(Shop.web, commit: "w1")
        #expect(try !availability(world, of: freight, to: Shop.prod).isAvailable)
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        #expect(try !availability(world, of: freight, to: Shop.prod).isAvailable)
        world.wait(minutes: 10)
        #expect(
            try availability(world, of: freight, to: Shop.prod).isAvailable,
            "soak downstream of a control-flow stage can be met"
        )
    }

    @Test func `automation wakes when freight has soaked`() throws {
        var world = pipeline(soakMinutes: 60)
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev, Shop.uat])))])
        world.givenFreight(Shop.web, commit: "w1")
        world.settle()
        #expect(world.running(Shop.uat).isEmpty)
        let next = world.nextSteps(for: .stage(Shop.uat))
        #expect(next.commands.isEmpty)
        world.wait(minutes: (next.wakeAt?.milliseconds(since: world.now) ?? 0) / 60_000)
        world.settle()
        #expect(world.running(Shop.uat) == ["web": "w1"])
    }
}
