import EventLog
import Ledger
import PromotionModel
import Testing

/// Why a junction makes no bundle, and why a slot holds what it holds.
@Suite struct ExplainingJunctions {
    /// Explains the junction of a world.
    private func explain(_ world: World) async throws -> JunctionExplanation {
        var found: JunctionExplanation?
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            clock.now = world.now
            found = try ledger.asked { view in try view.explain(Shop.release, in: Shop.project) }
        }
        return try #require(found)
    }

    @Test func `empty slots are told, with what keeps freight from them`() async throws {
        var world = World()
        world.given(Shop.manual)
        var release = try await explain(world)
        #expect(release.bundle == nil && release.collectionPolicy == .automatic)
        #expect(release.reasons.map(\.kind) == [.slotEmpty])
        #expect(release.reasons[0].changes.isEmpty, "collecting would change nothing")
        #expect(release.slots.map(\.origin.name) == ["checkout", "payments", "web"])
        #expect(release.slots.allSatisfy { $0.reasons.map(\.kind) == [.slotEmpty, .noFreight] })
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        release = try await explain(world)
        #expect(release.slots[2].reasons.map(\.kind) == [.slotEmpty, .notVerified])
        #expect(
            release.slots[2].reasons[1].changes.last
                == "waybill approve \(alias) --for junction/release"
        )
    }

    @Test func `freight is next where automation collects it, and a bundle where it repackages`()
        async throws
    {
        var world = World()
        world.given(Shop.manual)
        for warehouse in Shop.warehouses {
            let freight = world.givenFreight(warehouse, commit: "1")
            world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
            world.givenPromotion(of: [freight.rawValue], to: Shop.uat)
        }
        var release = try await explain(world)
        #expect(release.slots.allSatisfy { $0.reasons.map(\.kind) == [.next] })
        #expect(release.slots.allSatisfy { $0.freight == nil && $0.candidate != nil })
        world.when(.setProjectMode(SetProjectMode(project: Shop.project, mode: .observe)))
        release = try await explain(world)
        #expect(release.reasons.map(\.kind) == [.projectObserved, .slotEmpty])
        #expect(release.slots.allSatisfy { $0.reasons.map(\.kind) == [.available] })
        world.when(.setProjectMode(SetProjectMode(project: Shop.project, mode: .drive)))
        world.settle()
        release = try await explain(world)
        #expect(release.reasons.map(\.kind) == [.byHand])
        #expect(release.reasons[0].changes == ["waybill repackage release"])
        #expect(release.slots.allSatisfy { $0.reasons.map(\.kind) == [.current] })
        world.when(.repackage(Repackage(project: Shop.project, junction: Shop.release)))
        release = try await explain(world)
        #expect(release.reasons.map(\.kind) == [.unchanged])
        #expect(release.bundle != nil)
    }

    @Test func `automation that waits says until when`() async throws {
        var spec = Shop.junction()
        spec.repackagingPolicy = .automatic
        spec.debounceMs = 10 * 60_000
        spec.criteria = "changed('missing')"
        var world = World()
        world.given(Shop.resources(with: spec))
        for warehouse in Shop.warehouses { world.givenFreight(warehouse, commit: "1") }
        world.settle()
        let changed = world.facts.junctionState(Shop.release, in: Shop.project).changedAt
        let release = try await explain(world)
        #expect(release.reasons.map(\.kind) == [.debouncing, .criteria])
        #expect(release.reasons[0].at == changed.adding(milliseconds: 10 * 60_000))
        #expect(release.wakeAt == release.reasons[0].at)
        #expect(release.reasons.allSatisfy { $0.changes == ["waybill repackage release"] })
    }

    @Test func `a slot that is held, and one that lost its freight, say how to go on`()
        async throws
    {
        var world = Shop.settled()
        let old = try #require(
            world.facts.junctionState(Shop.release, in: Shop.project)
                .slots.first { $0.origin == .warehouse(Shop.web) }
        )
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .collectFreight(
                CollectFreight(
                    project: Shop.project,
                    junction: Shop.release,
                    freight: [old.freight.rawValue]
                )
            )
        )
        var release = try await explain(world)
        let held = try #require(release.slots.first { $0.isHeld })
        #expect(held.origin == .warehouse(Shop.web))
        #expect(held.reasons.map(\.kind) == [.held, .available])
        #expect(
            held.reasons[0].changes
                == ["waybill resume junction/release --origin Warehouse/web"]
        )
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: old.freight.rawValue)
            ),
            reason: "it leaks"
        )
        release = try await explain(world)
        let lost = try #require(release.slots.first { $0.origin == .warehouse(Shop.web) })
        #expect(lost.reasons.map(\.kind) == [.held, .slotLost, .quarantined, .next])
        #expect(release.reasons.map(\.kind) == [.slotLost])
    }

    @Test func `freight says why a slot does not take it`() async throws {
        var world = Shop.settled()
        let old = try #require(
            world.facts.junctionState(Shop.release, in: Shop.project)
                .slots.first { $0.origin == .warehouse(Shop.web) }
        )
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let explanation = try ledger.asked { view in
                try view.explain(old.freight, in: Shop.project)
            }
            let release = try #require(
                explanation.consumers.first { $0.consumer == .junction(Shop.release) }
            )
            #expect(release.availableSince != nil && !release.isThere)
            #expect(release.reasons.map(\.kind) == [.otherPreferred])
            #expect(release.reasons[0].changes[0].hasPrefix("waybill collect release --freight"))
        }
    }

    @Test func `a junction that is not there is said so`() async throws {
        try await withLedger { ledger, clock in
            try await ledger.relive(Shop.settled(), clock)
            #expect(throws: LedgerError.self) {
                try ledger.asked { view in
                    try view.explain(JunctionName(unchecked: "nowhere"), in: Shop.project)
                }
            }
        }
    }
}
