import EventLog
import PromotionModel
import Testing

/// Which freight automation takes.
///
/// That indexes find what a look at everything finds is a part of `RandomHistories`.
@Suite struct FreightCandidates {
    @Test func `a proposal says what was passed over, and why`() throws {
        var world = World()
        world.given(Shop.manual)
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev])))])
        let old = world.givenFreight(Shop.web, commit: "web-1")
        let new = world.givenFreight(Shop.web, commit: "web-2")
        let names = [old, new].map { world.facts.freightStatus($0, in: Shop.project).alias }
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: new.rawValue)
            ),
            reason: "it loses orders"
        )
        let proposal = try #require(world.nextSteps(for: .stage(Shop.dev)).commands.first)
        #expect(
            proposal.because
                == "autoPromotionEnabled: \(names[0]) is the newest available freight of "
                + "Warehouse/web; \(names[1]) is newer, but \(names[1]) is quarantined: it loses "
                + "orders"
        )
    }

    @Test func `what its stage runs is said where that is what counts`() throws {
        var world = World()
        world.given(Shop.manual)
        var request = Shop.from(Shop.dev, Shop.web)
        request.selection = .matchUpstream
        world.given([
            Shop.resource(.projectConfig(Shop.policies([Shop.uat]))),
            Shop.resource(
                .stage(
                    Shop.uat,
                    Shop.stage(
                        [request] + Shop.warehouses.dropLast().map { Shop.from(Shop.dev, $0) }
                    )
                )
            ),
        ])
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        let proposal = try #require(world.nextSteps(for: .stage(Shop.uat)).commands.first)
        #expect(
            proposal.because
                == "autoPromotionEnabled: stage dev runs \(alias) of Warehouse/web"
        )
    }

    // MARK: - Never back

    @Test func `automation does not go back when what runs can go nowhere any more`() throws {
        var world = World()
        world.given(Shop.resources)
        world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .quarantineFreight(QuarantineFreight(project: Shop.project, freight: new.rawValue)),
            reason: "it loses orders"
        )
        world.settle()
        #expect(world.running(Shop.dev) == ["web": "web-2"])
        #expect(world.running(Shop.uat) == ["web": "web-2"])
        world.givenFreight(Shop.web, commit: "web-3")
        world.settle()
        #expect(world.running(Shop.uat) == ["web": "web-3"])
    }

    @Test func `automation does not go back to an older bundle, unless it is repackaged anew`() {
        var world = Shop.released()
        world.given([Shop.resource(.projectConfig(Shop.policies([Shop.dev, Shop.uat, Shop.prod])))])
        let repackage = Command.repackage(
            Repackage(project: Shop.project, junction: Shop.release)
        )
        let old = world.newestFreight(of: Shop.web)
        let new = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(repackage)
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-2")
        world.when(
            .quarantineFreight(QuarantineFreight(project: Shop.project, freight: new.rawValue)),
            reason: "it loses orders"
        )
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-2", "what runs stays")
        let slot = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]
        #expect(slot?.freight == old, "the slot falls back")
        world.when(repackage)
        world.settle()
        #expect(world.running(Shop.prod)["web"] == "web-1")
    }

    @Test func `the same freight is proposed again when a choice against it is taken back`() {
        var world = World()
        world.given(Shop.resources)
        let old = world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        let new = world.givenFreight(Shop.web, commit: "web-2")
        // Somebody goes against what automation would do, and it comes to nothing.
        world.givenPromotion(of: [old.rawValue], to: Shop.dev, ending: .failed)
        world.settle()
        #expect(world.running(Shop.dev) == ["web": "web-1"])
        world.when(
            .resumeAutomation(ResumeAutomation(project: Shop.project, stage: Shop.dev))
        )
        world.settle()
        #expect(world.running(Shop.dev) == ["web": "web-2"])
        let quarantine = QuarantineFreight(project: Shop.project, freight: new.rawValue)
        for _ in 0..<3 {
            world.when(.quarantineFreight(quarantine), reason: "it loses orders")
            world.settle()
            world.when(
                .liftQuarantine(
                    LiftQuarantine(project: Shop.project, freight: new.rawValue)
                ),
                reason: "it does not"
            )
            world.settle()
        }
        #expect(world.running(Shop.uat) == ["web": "web-2"])
    }
}
