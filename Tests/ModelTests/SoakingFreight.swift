import EventLog
import PromotionModel
import Testing

/// How long freight must stay in a stage, what counts, and since when it is available.
@Suite struct SoakingFreight {
    private let gate = StageName(unchecked: "gate")
    private let hour: Int64 = 3_600_000

    /// dev takes web directly, uat from dev after an hour; the gate behind dev asks for an hour and
    /// prod for another one behind it.
    private var world: World {
        var world = World()
        var spec = Shop.stage([Shop.from(Shop.dev, Shop.web, soakMinutes: 60)])
        spec.steps = []
        world.given([
            Shop.resource(.project),
            Shop.resource(.warehouse(Shop.web, Shop.warehouse(Shop.web))),
            Shop.resource(.stage(Shop.dev, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(
                .stage(Shop.uat, Shop.stage([Shop.from(Shop.dev, Shop.web, soakMinutes: 60)]))
            ),
            Shop.resource(.stage(gate, spec)),
            Shop.resource(
                .stage(Shop.prod, Shop.stage([Shop.from(gate, Shop.web, soakMinutes: 60)]))
            ),
        ])
        return world
    }

    private func availability(
        of freight: FreightID,
        to stage: StageName,
        in world: World
    ) throws -> Availability {
        let core = try #require(world.facts.freight(freight, in: Shop.project))
        return try AvailabilityRule(facts: world.facts, project: Shop.project, now: world.now)
            .availability(of: core, to: .stage(stage))
    }

    /// Freight that came to dev now.
    private func arrived(in world: inout World, commit: String) -> FreightID {
        let freight = world.givenFreight(Shop.web, commit: commit)
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        return freight
    }

    @Test func `a withdrawal forgets soak, and it counts anew from the next verification`() throws {
        var world = self.world
        let freight = arrived(in: &world, commit: "w1")
        world.wait(minutes: 90)
        #expect(try availability(of: freight, to: Shop.uat, in: world).isAvailable)
        world.report(.failed, about: Shop.dev)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world)
                == .unavailable([.withdrawn(in: Shop.dev, at: world.now)])
        )
        world.wait(minutes: 10)
        world.report(.passed, about: Shop.dev)
        let due = world.now.adding(milliseconds: hour)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world)
                == .unavailable([.notSoaked(in: Shop.dev, until: due)])
        )
        world.wait(minutes: 60)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world) == .available(since: due)
        )
    }

    @Test func `a withdrawal forgets completed stays too`() throws {
        var world = self.world
        let freight = arrived(in: &world, commit: "w1")
        world.wait(minutes: 90)
        _ = arrived(in: &world, commit: "w2")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        #expect(try availability(of: freight, to: Shop.uat, in: world).isAvailable)
        world.report(.failed, about: Shop.dev)
        world.report(.passed, about: Shop.dev)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world)
                == .unavailable([
                    .notSoaked(in: Shop.dev, until: world.now.adding(milliseconds: hour))
                ])
        )
    }

    @Test func `what left while its verification was withdrawn has no soak`() throws {
        var world = self.world
        let freight = arrived(in: &world, commit: "w1")
        world.report(.failed, about: Shop.dev)
        world.wait(minutes: 90)
        _ = arrived(in: &world, commit: "w2")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world)
                == .unavailable([
                    .notSoaked(in: Shop.dev, until: world.now.adding(milliseconds: hour))
                ])
        )
    }

    @Test func `marks from before a stage was made anew do not count`() throws {
        var world = self.world
        let freight = arrived(in: &world, commit: "w1")
        world.wait(minutes: 90)
        _ = arrived(in: &world, commit: "w2")
        #expect(try availability(of: freight, to: Shop.uat, in: world).isAvailable)
        world.givenMadeAnew(Shop.dev)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world)
                == .unavailable([.notVerified(in: Shop.dev)])
        )
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let due = world.now.adding(milliseconds: hour)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world)
                == .unavailable([.notSoaked(in: Shop.dev, until: due)]),
            "the longer stay of before does not count either"
        )
        world.wait(minutes: 70)
        _ = arrived(in: &world, commit: "w3")
        #expect(
            try availability(of: freight, to: Shop.uat, in: world).isAvailable,
            "a stay that is shorter than the one of before counts all the same"
        )
    }

    @Test func `a stay in a stage of before that had verified it is no soak in the new one`() throws
    {
        var world = self.world
        let freight = arrived(in: &world, commit: "w1")
        world.givenMadeAnew(Shop.dev)
        // It is current in the new stage, which never verified it.
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.dev,
                    selection: .named([freight.rawValue])
                )
            )
        )
        var event = PromotionSucceeded()
        event.stage = Shop.dev
        event.promotion = try #require(
            world.facts.stageState(Shop.dev, in: Shop.project).pending.first?.name
        )
        world.when(
            .startPromotion(StartPromotion(project: Shop.project, promotion: event.promotion))
        )
        world.given(.promotionSucceeded(event), about: .promotion(event.promotion))
        world.wait(minutes: 90)
        _ = arrived(in: &world, commit: "w2")
        #expect(world.facts.freightStatus(freight, in: Shop.project).soaked.isEmpty)
    }

    // MARK: - Since when

    @Test func `that freight leaves does not change since when it is available`() throws {
        var world = self.world
        let freight = arrived(in: &world, commit: "w1")
        let soaked = world.now.adding(milliseconds: hour)
        world.wait(minutes: 90)
        #expect(
            try availability(of: freight, to: Shop.uat, in: world) == .available(since: soaked)
        )
        _ = arrived(in: &world, commit: "w2")
        #expect(
            try availability(of: freight, to: Shop.uat, in: world) == .available(since: soaked)
        )
        #expect(
            try availability(of: freight, to: Shop.prod, in: world)
                == .unavailable([
                    .notSoaked(in: gate, until: soaked.adding(milliseconds: hour))
                ]),
            "behind the gate it soaks from there, and no sooner because it left"
        )
    }

    @Test func `a longer stay later does not change since when it is available`() throws {
        var world = self.world
        let freight = arrived(in: &world, commit: "w1")
        let soaked = world.now.adding(milliseconds: hour)
        world.wait(minutes: 70)
        _ = arrived(in: &world, commit: "w2")
        world.wait(minutes: 5)
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        world.wait(minutes: 90)
        for commit in ["w3", "w4"] {
            #expect(
                try availability(of: freight, to: Shop.uat, in: world) == .available(since: soaked)
            )
            _ = arrived(in: &world, commit: commit)
        }
        #expect(try availability(of: freight, to: Shop.prod, in: world).isAvailable)
    }

    @Test func `how many stays are kept is bounded, and the longest is always among them`() {
        var world = self.world
        let freight = world.givenFreight(Shop.web, commit: "w0")
        for minutes in 1...20 as ClosedRange<Int64> {
            world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
            world.wait(minutes: minutes)
            _ = arrived(in: &world, commit: "w\(minutes)")
        }
        let soaked = world.facts.freightStatus(freight, in: Shop.project).soaked
        #expect(soaked.count == 16)
        #expect(soaked.map(\.longestMs).max() == Int64(20 * 60_000))
        #expect(soaked.map(\.longestMs).min() == Int64(60_000))
    }

    // MARK: - Control flow

    @Test func `through a chain of control-flow stages each asks for its own soak`() throws {
        var world = self.world
        var spec = Shop.stage([Shop.from(gate, Shop.web, soakMinutes: 30)])
        spec.steps = []
        let second = StageName(unchecked: "gate-two")
        world.given([
            Shop.resource(.stage(second, spec)),
            Shop.resource(
                .stage(Shop.prod, Shop.stage([Shop.from(second, Shop.web, soakMinutes: 10)]))
            ),
        ])
        let freight = arrived(in: &world, commit: "w1")
        let start = world.now
        func minutes(_ count: Int64) -> Timestamp { start.adding(milliseconds: count * 60_000) }
        for (elapsed, expected) in [
            (0, Availability.unavailable([.notSoaked(in: Shop.dev, until: minutes(60))])),
            (60, .unavailable([.notSoaked(in: gate, until: minutes(90))])),
            (90, .unavailable([.notSoaked(in: second, until: minutes(100))])),
            (100, .available(since: minutes(100))),
        ] as [(Int64, Availability)] {
            var later = world
            later.wait(minutes: elapsed)
            #expect(try availability(of: freight, to: Shop.prod, in: later) == expected)
        }
    }

    @Test
    func `a control-flow stage that takes freight from several places is passed by the first`()
        throws
    {
        var world = self.world
        var request = Shop.from(Shop.dev, Shop.web, soakMinutes: 60)
        request.stages = [Shop.dev, Shop.uat]
        var spec = Shop.stage([request])
        spec.steps = []
        world.given([
            Shop.resource(.stage(gate, spec)),
            Shop.resource(.stage(Shop.prod, Shop.stage([Shop.from(gate, Shop.web)]))),
        ])
        let freight = arrived(in: &world, commit: "w1")
        let start = world.now
        world.wait(minutes: 60)
        world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        world.wait(minutes: 60)
        #expect(
            try availability(of: freight, to: Shop.prod, in: world)
                == .available(since: start.adding(milliseconds: hour))
        )
    }

    @Test func `many ways through control-flow stages are looked at once each`() throws {
        var world = self.world
        var previous = [Shop.dev]
        for layer in 0..<16 {
            var next: [StageName] = []
            for side in ["a", "b", "c"] {
                var request = Shop.from(Shop.dev, Shop.web)
                request.stages = previous
                request.availability = .all
                var spec = Shop.stage([request])
                spec.steps = []
                let name = StageName(unchecked: "layer-\(layer)-\(side)")
                world.given([Shop.resource(.stage(name, spec))])
                next.append(name)
            }
            previous = next
        }
        var request = Shop.from(Shop.dev, Shop.web)
        request.stages = previous
        world.given([Shop.resource(.stage(Shop.prod, Shop.stage([request])))])
        // Three ways at each of sixteen layers are 43 million ways.
        let freight = world.givenFreight(Shop.web, commit: "w1")
        #expect(
            try availability(of: freight, to: Shop.prod, in: world)
                == .unavailable([.notVerified(in: Shop.dev)]),
            "what is wanting along every way is said once"
        )
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        #expect(try availability(of: freight, to: Shop.prod, in: world).isAvailable)
        let candidate = try CandidateRule(
            facts: world.facts,
            project: Shop.project,
            now: world.now
        ).candidate(for: request, of: .stage(Shop.prod), selection: .newestFreight)
        #expect(candidate.freight?.id == freight)
    }

    // MARK: - When it comes true by itself

    @Test func `automation wakes when the last soak is over, if nothing else is wanting`() throws {
        var world = self.world
        let west = StageName(unchecked: "west")
        var request = Shop.from(Shop.dev, Shop.web, soakMinutes: 60)
        request.stages = [Shop.dev, west]
        request.availability = .all
        world.given([
            Shop.resource(.stage(west, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(.stage(Shop.uat, Shop.stage([request]))),
        ])
        let freight = arrived(in: &world, commit: "w1")
        #expect(
            try availability(of: freight, to: Shop.uat, in: world).wakeAt == nil,
            "time alone does not verify it in west"
        )
        world.wait(minutes: 20)
        world.givenPromotion(of: [freight.rawValue], to: west)
        let last = world.now.adding(milliseconds: hour)
        #expect(try availability(of: freight, to: Shop.uat, in: world).wakeAt == last)
        request.availability = .oneOf
        world.given([Shop.resource(.stage(Shop.uat, Shop.stage([request])))])
        #expect(
            try availability(of: freight, to: Shop.uat, in: world).wakeAt
                == last.adding(milliseconds: -20 * 60_000)
        )
    }

    @Test func `no stage and not direct lets nothing in, whatever the strategy`() throws {
        for strategy in [AvailabilityStrategy.oneOf, .all] {
            var world = self.world
            let freight = arrived(in: &world, commit: "w1")
            var request = RequestedFreight(origin: .warehouse(Shop.web))
            request.availability = strategy
            var spec = try #require(world.facts.stage(Shop.uat, in: Shop.project)).spec
            spec.requestedFreight = [request]
            var event = StageConfigured()
            event.stage = Shop.uat
            event.spec = spec
            world.given(.stageConfigured(event), about: .stage(Shop.uat))
            #expect(
                try availability(of: freight, to: Shop.uat, in: world) == .unavailable([])
            )
        }
    }
}
