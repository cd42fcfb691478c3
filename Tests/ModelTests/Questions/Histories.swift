import EventLog
import Ledger
import PromotionModel
import Testing

/// What stages ran and what junctions made.
@Suite struct Histories {
    @Test func `history lists every combination, who, why and how long it stayed`() async throws {
        try await Shop.withEventful { ledger, world, _ in
            let page = try ledger.asked { view in
                try view.history(of: Shop.prod, in: Shop.project)
            }
            #expect(page.items.map(\.promotion.kind) == [.rollback, .manual, .manual, .manual])
            #expect(page.items[0].promotion.actor == "on-call")
            #expect(page.items[0].promotion.reason == "customers cannot pay")
            #expect(page.items[0].until == nil)
            for (newer, older) in zip(page.items, page.items.dropFirst()) {
                #expect(older.until == newer.at)
                #expect(newer.at.milliseconds(since: older.at) == 3_600_000)
            }
            #expect(page.items[0].collection.id == page.items[3].collection.id)
        }
    }

    @Test func `pages of history are the history`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            try ledger.asked { view in
                let whole = try view.history(of: Shop.prod, in: Shop.project).items
                var paged: [HistoryEntry] = []
                var before = Position(rawValue: .max)
                while true {
                    let page = try view.history(
                        of: Shop.prod,
                        in: Shop.project,
                        before: before,
                        limit: 1
                    )
                    paged += page.items
                    guard let next = page.next else { break }
                    before = next
                }
                #expect(paged == whole)
            }
        }
    }

    @Test func `a page that begins between two combinations knows how long its first one stayed`()
        async throws
    {
        try await Shop.withEventful { ledger, _, _ in
            try ledger.asked { view in
                let whole = try view.history(of: Shop.prod, in: Shop.project).items
                for entry in whole {
                    let between = Position(rawValue: entry.position.rawValue + 1)
                    let page = try view.history(of: Shop.prod, in: Shop.project, before: between)
                    #expect(page.items == Array(whole.drop { $0.position > entry.position }))
                }
            }
        }
    }

    @Test func `what ran is told with how it was judged`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let entries = try ledger.asked { view in
                try view.history(of: Shop.prod, in: Shop.project).items
            }
            #expect(entries.allSatisfy { $0.verification?.result == .successful })
            #expect(entries.allSatisfy { $0.verification?.implicit == true })
        }
    }

    @Test func `a stage that there never was has no history`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            #expect(throws: LedgerError.self) {
                try ledger.asked { view in
                    try view.history(of: StageName(unchecked: "qa"), in: Shop.project)
                }
            }
            #expect(throws: LedgerError.self) {
                try ledger.asked { view in
                    try view.history(of: JunctionName(unchecked: "train"), in: Shop.project)
                }
            }
        }
    }

    /// The eventful shop whose junction went back to its first bundle, web being held.
    private func returned() -> World {
        var world = Shop.eventful()
        world.wait(minutes: 60)
        let first = world.facts.freight(withAlias: "first", in: Shop.project)
        let bundle = first.flatMap { world.facts.freight($0, in: Shop.project) }
        for leaf in bundle?.constituents ?? [] {
            world.when(
                .collectFreight(
                    CollectFreight(
                        project: Shop.project,
                        junction: Shop.release,
                        freight: [leaf.freight.rawValue]
                    )
                ),
                by: "release-manager"
            )
        }
        world.when(.repackage(Repackage(project: Shop.project, junction: Shop.release)))
        return world
    }

    @Test func `a junction's history lists every bundle, who made it, and how long it was current`()
        async throws
    {
        let world = returned()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let lines = try ledger.asked { view in
                try view.history(of: Shop.release, in: Shop.project).items
            }
            let entries = lines.compactMap { line -> BundleEntry? in
                if case .bundle(let entry) = line { entry } else { nil }
            }
            #expect(entries.count == lines.count)
            #expect(entries.map(\.alias) == ["first", "second", "first"])
            #expect(entries.map(\.isNew) == [false, true, true])
            #expect(entries.map(\.actor) == ["operator", "release-manager", "operator"])
            #expect(entries.map(\.reason) == [nil, "the second train", nil])
            #expect(entries[0].until == nil)
            #expect(entries[1].until == entries[0].at && entries[2].until == entries[1].at)
            #expect(entries[0].bundle == entries[2].bundle)
            #expect(entries[1].changes.map(\.kind) == [.unchanged, .unchanged, .changed])
            #expect(entries.allSatisfy { $0.verifiedTogether == [Shop.uat] })
        }
    }

    @Test func `with slots, a junction's history says what each slot held and why`() async throws {
        let world = returned()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            try ledger.asked { view in
                let lines = try view.history(of: Shop.release, in: Shop.project, withSlots: true)
                    .items
                let slots = lines.compactMap { line -> SlotEntry? in
                    if case .slot(let entry) = line { entry } else { nil }
                }
                let collected = world.events.count { $0.event.type == .freightCollected }
                #expect(slots.count == collected && collected > 4)
                #expect(slots.contains { $0.held && $0.actor == "release-manager" })
                #expect(slots.contains { $0.automatic && $0.because != nil })
                for limit in 1...3 {
                    let paged = try allPages { before in
                        try view.history(
                            of: Shop.release,
                            in: Shop.project,
                            withSlots: true,
                            before: before,
                            limit: limit
                        )
                    }
                    #expect(paged == lines, "pages of \(limit)")
                }
            }
        }
    }
}
