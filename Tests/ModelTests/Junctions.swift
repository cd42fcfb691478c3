import EventLog
import PromotionModel
import Testing

@Suite struct Junctions {
    private let repackage = Command.repackage(
        Repackage(project: Shop.project, junction: Shop.release)
    )

    @Test func `slots are filled as freight passes the stage upstream`() {
        let world = Shop.settled()
        let state = world.facts.junctionState(Shop.release, in: Shop.project)
        #expect(state.slots.map(\.origin) == Shop.warehouses.map { .warehouse($0) })
        #expect(state.slots.map(\.automatic) == [true, true, true])
        #expect(state.bundle == nil, "repackaging is by hand")
    }

    @Test func `nothing is repackaged while a slot is empty`() {
        var world = World()
        world.given(Shop.resources)
        world.givenFreight(Shop.web, commit: "web-1")
        world.settle()
        world.when(repackage)
        #expect(
            world.refusal
                == .slotsEmpty(
                    Shop.release,
                    origins: [.warehouse(Shop.checkout), .warehouse(Shop.payments)]
                )
        )
    }

    @Test func `a bundle is known by its leaves, and says what was verified together`() {
        var world = Shop.settled()
        world.when(repackage)
        guard case .events(let drafts) = world.verdict,
            case .freightRepackaged(let bundle) = drafts[0].event
        else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(bundle.isNew)
        #expect(bundle.constituents.map(\.origin) == Shop.warehouses.map { .warehouse($0) })
        #expect(bundle.changes.map(\.kind) == [.added, .added, .added])
        #expect(bundle.verifiedTogether == [Shop.uat])
        world.when(repackage)
        #expect(world.verdict == .quiet, "the same combination is the junction's bundle already")
    }

    @Test func `three parts that never ran together are not called verified together`() {
        var world = Shop.settled()
        let old = world.facts.junctionState(Shop.release, in: Shop.project)
        world.givenFreight(Shop.web, commit: "web-2")
        world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        // web-1 with payments-2 never ran in uat if both moved, one after the other, web first.
        let combos = world.facts.collections(
            of: Shop.uat,
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 100
        ).compactMap {
            world.facts.promotionState($0.promotion, in: Shop.project).collection
        }
        let slot = old[origin: .warehouse(Shop.payments)]
        let web = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]
        let ranTogether = combos.contains {
            $0[origin: .warehouse(Shop.payments)]?.freight == slot?.freight
                && $0[origin: .warehouse(Shop.web)]?.freight == web?.freight
        }
        world.when(
            .collectFreight(
                CollectFreight(
                    project: Shop.project,
                    junction: Shop.release,
                    freight: [slot?.freight.rawValue ?? ""]
                )
            )
        )
        world.when(repackage)
        guard case .events(let drafts) = world.verdict,
            case .freightRepackaged(let bundle) = drafts[0].event
        else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(bundle.verifiedTogether == (ranTogether ? [Shop.uat] : []))
    }

    @Test func `going back to an earlier combination is the same bundle, and current again`() {
        var world = Shop.settled()
        world.when(repackage)
        let first = world.facts.junctionState(Shop.release, in: Shop.project).bundle
        let oldWeb = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]?.freight
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(repackage)
        world.when(
            .collectFreight(
                CollectFreight(
                    project: Shop.project,
                    junction: Shop.release,
                    freight: [oldWeb?.rawValue ?? ""]
                )
            )
        )
        world.when(repackage)
        guard case .events(let drafts) = world.verdict,
            case .freightRepackaged(let bundle) = drafts[0].event
        else {
            Issue.record("\(world.verdict)")
            return
        }
        #expect(!bundle.isNew && bundle.freight == first)
        let newest = world.facts.freight(
            of: .junction(Shop.release),
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 3
        )
        #expect(newest.first?.freight == first, "newest means last repackaged")
        #expect(newest.count == 3)
    }

    @Test func `what was collected by hand against the selection stays, until it is lifted`() {
        var world = Shop.settled()
        let old = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]?.freight
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let collect = Command.collectFreight(
            CollectFreight(
                project: Shop.project,
                junction: Shop.release,
                freight: [old?.rawValue ?? ""]
            )
        )
        world.when(collect, reason: "web-2 is slow")
        world.settle()
        let held = world.facts.junctionState(Shop.release, in: Shop.project)
        #expect(held[origin: .warehouse(Shop.web)]?.freight == old)
        #expect(held[origin: .warehouse(Shop.web)]?.held == true)
        world.when(
            .collectFreight(CollectFreight(project: Shop.project, junction: Shop.release))
        )
        let lifted = world.facts.junctionState(Shop.release, in: Shop.project)
        #expect(lifted[origin: .warehouse(Shop.web)]?.freight != old)
        #expect(lifted[origin: .warehouse(Shop.web)]?.held == false)
    }

    @Test func `rolling uat back moves a slot back that takes the newest verified`() {
        var world = World()
        var junction = Shop.junction()
        junction.selection = .newestVerified
        world.given(
            Shop.resources.map { resource in
                if case .junction = resource.specification {
                    return Shop.resource(.junction(Shop.release, junction))
                }
                return resource
            }
        )
        for warehouse in Shop.warehouses {
            world.givenFreight(warehouse, commit: "\(warehouse)-1")
        }
        world.settle()
        let old = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]?.freight
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let new = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]?.freight
        #expect(new != old)
        world.when(
            .rollBackStage(
                RollBackStage(project: Shop.project, stage: Shop.uat, target: .previous)
            )
        )
        world.settle()
        let back = world.facts.junctionState(Shop.release, in: Shop.project)[
            origin: .warehouse(Shop.web)
        ]?.freight
        #expect(back == old)
    }

    @Test func `another alias for the bundle that it is, is refused`() {
        var world = Shop.released()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Shop.release, alias: "other")
            )
        )
        #expect(world.refusal == .bundleExists(Shop.release, alias: "first"))
    }

    @Test func `an alias that other freight has is refused`() {
        var world = Shop.settled()
        let taken = world.facts.freightStatus(
            world.facts.junctionState(Shop.release, in: Shop.project).slots[0].freight,
            in: Shop.project
        ).alias
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: taken))
        )
        guard case .aliasTaken(taken, by: _) = world.refusal else {
            Issue.record("\(world.verdict)")
            return
        }
        world.when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: "No Name"))
        )
        #expect(world.refusal == .aliasMalformed("No Name"))
    }

    @Test func `a bundle of a bundle is flattened`() {
        var world = Shop.settled()
        let final = JunctionName(unchecked: "final")
        var spec = JunctionSpec()
        spec.requestedFreight = [RequestedFreight(origin: .junction(Shop.release), direct: true)]
        spec.repackagingPolicy = .automatic
        world.given([Shop.resource(.junction(final, spec))])
        world.when(repackage)
        world.settle()
        let id = world.facts.junctionState(final, in: Shop.project).bundle
        let bundle = world.facts.freight(id ?? .init(unchecked: ""), in: Shop.project)
        #expect(bundle?.constituents.map(\.origin) == Shop.warehouses.map { .warehouse($0) })
    }

    @Test func `what a bundle is marks its constituents, with the bundle that brought them`() {
        let world = Shop.released()
        let bundle = world.facts.freight(withAlias: "first", in: Shop.project)
        let slot = world.facts.junctionState(Shop.release, in: Shop.project).slots[0]
        let status = world.facts.freightStatus(slot.freight, in: Shop.project)
        let mark = status.current.first { $0.stage == Shop.prod }
        #expect(mark?.via == bundle && bundle != nil)
        #expect(status.verified.contains { $0.stage == Shop.prod })
    }
}
