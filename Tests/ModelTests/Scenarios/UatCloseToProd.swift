import EventLog
import PromotionModel
import Testing

/// uat is kept close to prod, so that a hotfix can be tried there: people take to uat what they
/// choose of dev, and a hotfix that is needed while a release gets ready goes along with it.
@Suite struct UatCloseToProd {
    private let candidate = JunctionName(unchecked: "candidate")

    private var resources: [Resource] {
        var chosen = JunctionSpec()
        chosen.requestedFreight = Shop.warehouses.map { Shop.from(Shop.dev, $0) }
        chosen.collectionPolicy = .manual
        chosen.repackagingPolicy = .automatic
        var release = JunctionSpec()
        release.requestedFreight = Shop.warehouses.map { Shop.from(Shop.uat, $0) }
        release.selection = .newestVerified
        let candidates = RequestedFreight(origin: .junction(candidate), direct: true)
        let releases = RequestedFreight(origin: .junction(Shop.release), direct: true)
        return [
            Shop.resource(.project),
            Shop.resource(.projectConfig(Shop.policies([Shop.dev, Shop.uat]))),
        ] + Shop.warehouses.map { Shop.resource(.warehouse($0, Shop.warehouse($0))) } + [
            Shop.resource(.stage(Shop.dev, Shop.stage(Shop.warehouses.map { Shop.direct($0) }))),
            Shop.resource(.junction(candidate, chosen)),
            Shop.resource(.stage(Shop.uat, Shop.stage([candidates]))),
            Shop.resource(.junction(Shop.release, release)),
            Shop.resource(.stage(Shop.prod, Shop.stage([releases]))),
        ]
    }

    private func choose(_ freight: [FreightID], in world: inout World) {
        world.when(
            .collectFreight(
                CollectFreight(
                    project: Shop.project,
                    junction: candidate,
                    freight: freight.map(\.rawValue)
                )
            )
        )
        world.settle()
    }

    /// Release 1 in uat and prod, and everything newer in dev only.
    private func released() -> World {
        var world = World()
        world.given(resources)
        var first: [FreightID] = []
        for warehouse in Shop.warehouses {
            first.append(world.givenFreight(warehouse, commit: "\(warehouse)-1"))
        }
        world.settle()
        choose(first, in: &world)
        world.repackage("release-1")
        world.givenPromotion(of: ["release-1"], to: Shop.prod)
        return world
    }

    @Test func `what flows into dev leaves uat as prod is`() {
        var world = released()
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-2")
        }
        world.settle()
        #expect(world.running(Shop.dev)["web"] == "web-2")
        #expect(world.running(Shop.uat) == world.running(Shop.prod))
    }

    @Test func `a hotfix goes alone through uat to prod, although dev is ahead`() {
        var world = released()
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-2")
        }
        world.settle()
        let hotfix = world.givenFreight(Shop.payments, commit: "payments-hotfix")
        world.settle()
        choose([hotfix], in: &world)
        #expect(
            world.running(Shop.uat) == [
                "checkout": "checkout-1", "payments": "payments-hotfix", "web": "web-1",
            ]
        )
        world.repackage("release-1.1")
        let name = world.givenPromotion(of: ["release-1.1"], to: Shop.prod)
        let changes = world.facts.promotionState(name, in: Shop.project).changes
        #expect(changes.filter { $0.kind.countsAsChanged }.map(\.origin.name) == ["payments"])
    }

    @Test func `a hotfix that comes while a release gets ready is clubbed with it`() {
        var world = released()
        let web = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        choose([web], in: &world)
        world.repackage("release-2")
        let hotfix = world.givenFreight(Shop.payments, commit: "payments-hotfix")
        world.settle()
        choose([hotfix], in: &world)
        #expect(world.slot(Shop.payments) == hotfix, "it was verified in uat, with the release")
        world.repackage("release-2.1")
        let bundle = world.events.last { $0.event.type == .freightRepackaged }
        guard case .freightRepackaged(let event) = bundle?.event else {
            Issue.record("nothing was repackaged")
            return
        }
        #expect(event.alias == "release-2.1" && event.verifiedTogether == [Shop.uat])
        world.givenPromotion(of: ["release-2.1"], to: Shop.prod)
        #expect(world.running(Shop.prod) == world.running(Shop.uat))
        #expect(world.running(Shop.prod)["web"] == "web-2")
    }

    @Test func `a release that was given up leaves uat, and the next train leaves it behind`() {
        var world = released()
        let old = world.slot(Shop.web)
        let web = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        choose([web], in: &world)
        #expect(world.slot(Shop.web) == web)
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.uat, target: .previous)
            ),
            reason: "web-2 is slow"
        )
        world.settle()
        #expect(world.slot(Shop.web) == old, "the newest verified is what uat runs again")
        world.repackage()
        let bundle = world.junction.bundle
        let first = world.facts.freight(withAlias: "release-1", in: Shop.project)
        #expect(bundle == first, "it is the release that prod runs")
    }
}
