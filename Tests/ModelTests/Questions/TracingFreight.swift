import EventLog
import Ledger
import PromotionModel
import Testing

/// From artifacts to stages, and back.
@Suite struct TracingFreight {
    private func trace(_ text: String, _ ledger: Ledger) throws -> [FreightTrace] {
        try ledger.asked { view in
            try view.trace(text, in: Shop.project).items
        }
    }

    @Test func `a commit is traced to freight, its bundles and the stages that it was in`()
        async throws
    {
        try await Shop.withEventful { ledger, world, _ in
            let traces = try trace("web-2", ledger)
            try #require(traces.count == 1)
            let web = traces[0]
            #expect(web.freight.artifacts.first?.commit?.id == "web-2")
            #expect(web.discovered != nil && web.discovered?.position != web.freight.created)
            #expect(web.bundles.map(\.alias) == ["second"])
            // It is in dev and uat, and was in prod from the second train to the rollback.
            #expect(web.past.stays.map(\.stage) == [Shop.prod, Shop.uat, Shop.dev])
            let prod = web.past.stays[0]
            #expect(prod.via == web.bundles[0].freight.id)
            #expect(prod.verified != nil && prod.left != nil)
            let history = try ledger.asked { view in
                try view.history(of: Shop.prod, in: Shop.project).items
            }
            #expect(prod.entered == history[2].position && prod.left == history[0].position)
            #expect(prod.promotion == history[2].promotion.name)
            #expect(prod.replacedBy == history[0].promotion.name)
            #expect(prod.leftAt == history[0].at && prod.enteredAt == history[2].at)
            #expect(web.past.stays[1].left == nil && web.past.stays[1].via == nil)
        }
    }

    @Test func `a bundle is traced to its parts and its stages`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            let traces = try trace("first", ledger)
            try #require(traces.count == 1)
            #expect(traces[0].freight.constituents.count == 3)
            #expect(traces[0].past.stays.map(\.stage) == [Shop.prod, Shop.prod])
            #expect(traces[0].past.stays[0].left == nil)
            #expect(traces[0].bundles.isEmpty && traces[0].past.aliases == ["first"])
            let id = traces[0].freight.id.rawValue
            for name in [id, String(id.prefix(6))] {
                #expect(try trace(name, ledger).map(\.freight.id.rawValue) == [id], "\(name)")
            }
        }
    }

    /// A ledger with freight of web for each of these commits, which have tags.
    private func withTags(
        _ commits: [(id: String, tag: String)],
        _ body: (Ledger) throws -> Void
    ) async throws {
        var world = World()
        world.given(Shop.manual)
        for (id, tag) in commits {
            let artifact = Artifact(
                commit: CommitArtifact(repoURL: Shop.repository(Shop.web), id: id, tag: tag)
            )
            let finding = SubscriptionFinding(
                subscription: "",
                repoURL: Shop.repository(Shop.web),
                artifacts: [artifact]
            )
            world.when(
                .recordDiscovery(
                    RecordDiscovery(
                        project: Shop.project,
                        warehouse: Shop.web,
                        findings: [finding]
                    )
                )
            )
            world.when(.createFreight(CreateFreight(project: Shop.project, warehouse: Shop.web)))
        }
        // Found, and nothing was made of it.
        world.when(.recordDiscovery(Shop.discovery(of: Shop.checkout, commit: "checkout-9")))
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            try body(ledger)
        }
    }

    @Test func `what is called exactly so goes before what begins so, and six characters suffice`()
        async throws
    {
        let commits = [("aaaaaa01", "v1.2"), ("aaaaaa02", "v1.20"), ("bbbbbb03", "release-7")]
        try await withTags(commits) { ledger in
            func found(_ text: String) throws -> [String] {
                try trace(text, ledger).compactMap { $0.freight.artifacts.first?.commit?.id }
            }
            #expect(try found("v1.2") == ["aaaaaa01"])
            #expect(try found("aaaaaa") == ["aaaaaa02", "aaaaaa01"])
            #expect(try found("release") == ["bbbbbb03"])
            #expect(throws: LedgerError.self) { try found("v1.") }
            #expect(throws: LedgerError.self) { try found("aaaaa") }
            let pages = try ledger.asked { view in
                try allPages { before in
                    try view.trace("aaaaaa", in: Shop.project, before: before, limit: 1)
                }
            }
            #expect(pages.count == 2)
        }
    }

    @Test func `a commit of which no freight was made is told as such`() async throws {
        try await withTags([("aaaaaa01", "v1.2")]) { ledger in
            let error = #expect(throws: LedgerError.self) { try trace("checkout-9", ledger) }
            #expect("\(error, default: "")".contains("warehouse checkout found"))
            let nothing = #expect(throws: LedgerError.self) { try trace("nothing", ledger) }
            #expect("\(nothing, default: "")".contains("is called"))
        }
    }

    @Test func `stays are what the stages ran, whatever happened`() async throws {
        let seed = UInt64.random(in: 1...1_000_000)
        var shop = LivelyShop(seed: seed)
        for _ in 0..<150 { shop.step() }
        try await withLedger { ledger, clock in
            try await ledger.relive(shop.world, clock)
            let expected = try ledger.asked { view in try Presence.all(view) }
            #expect(expected.count > 30, "seed \(seed)")
            for freight in Set(expected.keys.map(\.freight)) {
                let stays = try ledger.asked { view in
                    try view.past(of: freight, in: Shop.project).stays
                }
                var found: [Presence: [Presence.Stay]] = [:]
                for stay in stays.reversed() {
                    found[Presence(freight: freight, stage: stay.stage), default: []]
                        .append(Presence.Stay(from: stay.entered, to: stay.left))
                }
                #expect(
                    found == expected.filter { $0.key.freight == freight },
                    "seed \(seed), \(freight)"
                )
            }
        }
    }
}

/// Freight in a stage, as a replay of the events without any index sees it.
private struct Presence: Hashable {
    let freight: FreightID
    let stage: StageName

    struct Stay: Hashable {
        let from: Position
        var to: Position?
    }

    static func all(_ view: View) throws -> [Presence: [Stay]] {
        var facts = DictionaryFacts()
        var stays: [Presence: [Stay]] = [:]
        var before: Set<Presence> = []
        try view.forEachEvent { (event) throws(LedgerError) in
            guard let payload = event.event else { return true }
            let changes = try view.ask { _ throws(FactsFailure) in
                try Evolver(facts: facts, header: event.header).changes(of: payload)
            }
            let position = event.header.position
            facts.apply(changes, at: position)
            let now = present(facts)
            for gone in before.subtracting(now) {
                if let last = stays[gone]?.indices.last { stays[gone]?[last].to = position }
            }
            for come in now.subtracting(before) {
                stays[come, default: []].append(Stay(from: position))
            }
            before = now
            return true
        }
        return stays
    }

    private static func present(_ facts: DictionaryFacts) -> Set<Presence> {
        var present: Set<Presence> = []
        for stage in facts.stages(in: Shop.project) {
            let current = facts.stageState(stage, in: Shop.project).current
            for component in current?.components ?? [] {
                present.insert(Presence(freight: component.freight, stage: stage))
                present.insert(Presence(freight: component.carrier, stage: stage))
            }
        }
        return present
    }
}
