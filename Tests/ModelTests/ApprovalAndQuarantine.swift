import EventLog
import PromotionModel
import Testing

/// What lets freight through that did not pass, and what stops freight that did.
@Suite struct ApprovalAndQuarantine {
    private let gate = StageName(unchecked: "gate")

    /// dev takes web directly, uat from dev.
    private var world: World {
        var world = World()
        world.given([
            Shop.resource(.project),
            Shop.resource(.warehouse(Shop.web, Shop.warehouse(Shop.web))),
            Shop.resource(.stage(Shop.dev, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(.stage(Shop.uat, Shop.stage([Shop.from(Shop.dev, Shop.web)]))),
        ])
        return world
    }

    private func availability(
        of freight: FreightID,
        to consumer: Consumer,
        in world: World
    ) throws -> Availability {
        let core = try #require(world.facts.freight(freight, in: Shop.project))
        return try AvailabilityRule(facts: world.facts, project: Shop.project, now: world.now)
            .availability(of: core, to: consumer)
    }

    private func approve(_ freight: FreightID, for consumer: Consumer) -> Command {
        .approveFreight(
            ApproveFreight(
                project: Shop.project,
                freight: freight.rawValue,
                consumer: consumer
            )
        )
    }

    private func revoke(_ freight: FreightID, for consumer: Consumer) -> Command {
        .revokeApproval(
            RevokeApproval(
                project: Shop.project,
                freight: freight.rawValue,
                consumer: consumer
            )
        )
    }

    private func quarantine(_ freight: FreightID) -> Command {
        .quarantineFreight(
            QuarantineFreight(project: Shop.project, freight: freight.rawValue)
        )
    }

    private func lift(_ freight: FreightID) -> Command {
        .liftQuarantine(LiftQuarantine(project: Shop.project, freight: freight.rawValue))
    }

    // MARK: - Approval

    @Test func `an approval is enough, until it is taken back`() throws {
        var world = self.world
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.wait(minutes: 5)
        world.when(approve(freight, for: .stage(Shop.uat)))
        #expect(
            try availability(of: freight, to: .stage(Shop.uat), in: world)
                == .available(since: world.now)
        )
        world.when(revoke(freight, for: .stage(Shop.uat)))
        #expect(
            try availability(of: freight, to: .stage(Shop.uat), in: world)
                == .unavailable([.notVerified(in: Shop.dev)])
        )
    }

    @Test func `an approval never overrides where freight comes from`() throws {
        var world = self.world
        world.given([
            Shop.resource(.warehouse(Shop.checkout, Shop.warehouse(Shop.checkout))),
            Shop.resource(
                .stage(
                    Shop.uat,
                    Shop.stage([Shop.from(Shop.dev, Shop.web), Shop.direct(Shop.checkout)])
                )
            ),
        ])
        let freight = world.givenFreight(Shop.checkout, commit: "c1")
        world.when(approve(freight, for: .stage(Shop.uat)))
        #expect(world.madeEvents == [.freightApproved])
        world.given([
            Shop.resource(.stage(Shop.uat, Shop.stage([Shop.from(Shop.dev, Shop.web)])))
        ])
        #expect(
            try availability(of: freight, to: .stage(Shop.uat), in: world)
                == .unavailable([
                    .originNotRequested(.warehouse(Shop.checkout), by: .stage(Shop.uat))
                ])
        )
    }

    @Test func `an approval from before a stage was made anew does not count`() throws {
        var world = self.world
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.when(approve(freight, for: .stage(Shop.uat)))
        world.givenMadeAnew(Shop.uat)
        #expect(try !availability(of: freight, to: .stage(Shop.uat), in: world).isAvailable)
        world.when(approve(freight, for: .stage(Shop.uat)))
        #expect(try availability(of: freight, to: .stage(Shop.uat), in: world).isAvailable)
    }

    @Test func `freight that passed and is approved is available since the first of both`() throws {
        var world = self.world
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let passed = world.now
        world.wait(minutes: 30)
        world.when(approve(freight, for: .stage(Shop.uat)))
        #expect(
            try availability(of: freight, to: .stage(Shop.uat), in: world)
                == .available(since: passed)
        )
    }

    @Test func `an approval of a control-flow stage lets freight through to what stands behind it`()
        throws
    {
        var world = self.world
        var spec = Shop.stage([Shop.from(Shop.uat, Shop.web)])
        spec.steps = []
        world.given([
            Shop.resource(.stage(gate, spec)),
            Shop.resource(
                .stage(Shop.prod, Shop.stage([Shop.from(gate, Shop.web, soakMinutes: 10)]))
            ),
        ])
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.when(approve(freight, for: .stage(gate)))
        let approved = world.now
        #expect(
            try world.facts.dependents(of: #require(world.lastEvent), in: Shop.project)
                == [.stage(gate), .stage(Shop.prod)]
        )
        let due = approved.adding(milliseconds: 600_000)
        #expect(
            try availability(of: freight, to: .stage(Shop.prod), in: world)
                == .unavailable([.notSoaked(in: gate, until: due)]),
            "it soaks since the approval"
        )
        world.wait(minutes: 10)
        #expect(
            try availability(of: freight, to: .stage(Shop.prod), in: world)
                == .available(since: due)
        )
    }

    @Test func `automation goes on when freight is approved, and stops when that is taken back`() {
        var world = self.world
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.uat])))])
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.settle()
        #expect(world.running(Shop.uat).isEmpty)
        world.when(approve(freight, for: .stage(Shop.uat)))
        var revoked = world
        revoked.when(revoke(freight, for: .stage(Shop.uat)))
        revoked.settle()
        #expect(revoked.running(Shop.uat).isEmpty)
        world.settle()
        #expect(world.running(Shop.uat) == ["web": "w1"])
    }

    @Test func `an approval that is taken back ends what waited for its turn`() throws {
        var world = self.world
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.when(approve(freight, for: .stage(Shop.uat)))
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.uat,
                    selection: .named([freight.rawValue])
                )
            )
        )
        world.when(revoke(freight, for: .stage(Shop.uat)))
        let waiting = try #require(
            world.facts.stageState(Shop.uat, in: Shop.project).pending.first?.name
        )
        world.settle()
        let state = world.facts.promotionState(waiting, in: Shop.project)
        #expect(state.phase == .errored)
        #expect(state.message?.contains("it is not verified in stage dev") == true)
    }

    // MARK: - Quarantine

    @Test func `quarantine stops freight that was verified and approved`() throws {
        var world = self.world
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        world.when(approve(freight, for: .stage(Shop.uat)))
        world.when(quarantine(freight), reason: "it loses orders")
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        for stage in [Shop.dev, Shop.uat] {
            #expect(
                try availability(of: freight, to: .stage(stage), in: world)
                    == .unavailable([
                        .quarantined(freight, alias: alias, reason: "it loses orders")
                    ])
            )
        }
        world.when(lift(freight), reason: "it was the database")
        #expect(try availability(of: freight, to: .stage(Shop.uat), in: world).isAvailable)
    }

    @Test func `quarantine of a constituent stops every bundle that holds it`() throws {
        var world = Shop.released()
        let bundle = try #require(world.facts.freight(withAlias: "first", in: Shop.project))
        let leaf = try #require(world.newestFreight(of: Shop.payments))
        world.when(quarantine(leaf), reason: "it loses orders")
        let alias = world.facts.freightStatus(leaf, in: Shop.project).alias
        #expect(
            try availability(of: bundle, to: .stage(Shop.prod), in: world)
                == .unavailable([.quarantined(leaf, alias: alias, reason: "it loses orders")])
        )
        #expect(
            world.facts.freightStatus(bundle, in: Shop.project).quarantine == nil,
            "it is looked up, not copied"
        )
    }

    @Test func `whatever could have taken the freight or a bundle with it is asked again`() throws {
        var world = Shop.released()
        let leaf = try #require(world.newestFreight(of: Shop.payments))
        world.when(quarantine(leaf), reason: "it loses orders")
        #expect(
            try world.facts.dependents(of: #require(world.lastEvent), in: Shop.project)
                == [.stage(Shop.dev), .stage(Shop.uat), .stage(Shop.prod), .junction(Shop.release)]
        )
    }

    @Test func `a refusal names every condition, and what to do about them`() {
        var world = self.world
        let west = StageName(unchecked: "west")
        var request = Shop.from(Shop.dev, Shop.web, soakMinutes: 60)
        request.stages = [Shop.dev, west]
        request.availability = .all
        world.given([
            Shop.resource(.stage(west, Shop.stage([Shop.direct(Shop.web)]))),
            Shop.resource(.stage(Shop.uat, Shop.stage([request]))),
        ])
        let freight = world.givenFreight(Shop.web, commit: "w1")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        let due = world.now.adding(milliseconds: 3_600_000).text
        let promote = Command.requestPromotion(
            RequestPromotion(
                project: Shop.project,
                stage: Shop.uat,
                selection: .named([alias])
            )
        )
        world.when(promote)
        #expect(
            world.refusal?.description
                == "freight \(alias) is not available to stage/uat: it must stay in stage dev "
                + "until \(due); it is not verified in stage west; wait until then, and have it "
                + "verified in stage west, or approve it: waybill approve \(alias) --for stage/uat"
        )
        request.availability = .oneOf
        world.given([Shop.resource(.stage(Shop.uat, Shop.stage([request])))])
        world.when(promote)
        #expect(
            world.refusal?.description
                == "freight \(alias) is not available to stage/uat: it passed none of its stages: "
                + "it must stay in stage dev until \(due), or it is not verified in stage west; "
                + "wait until then, or have it verified in stage west, or approve it: waybill "
                + "approve \(alias) --for stage/uat"
        )
        world.when(quarantine(freight), reason: "it loses orders")
        world.when(promote)
        #expect(
            world.refusal?.description
                == "freight \(alias) is not available to stage/uat: \(alias) is quarantined: it "
                + "loses orders; lift that with waybill unquarantine \(alias) --reason …"
        )
    }
}
