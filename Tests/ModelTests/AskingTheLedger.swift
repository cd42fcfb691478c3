import EventLog
import Ledger
import PromotionModel
import Testing

@Suite struct AskingTheLedger {
    /// Prod ran `first`, `second` (web changed), a hotfix of payments, and `first` again; an hour
    /// between them.
    private func eventfulShop() -> World {
        var world = Shop.released()
        world.wait(minutes: 60)
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Shop.release, alias: "second")
            )
        )
        world.givenPromotion(of: ["second"], to: Shop.prod)
        world.wait(minutes: 60)
        let fix = world.givenFreight(Shop.payments, commit: "payments-fix")
        world.settle()
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        world.wait(minutes: 60)
        world.when(
            .rollBackStage(
                RollBackStage(
                    project: Shop.project,
                    stage: Shop.prod,
                    target: .freight("first")
                )
            ),
            by: "on-call",
            reason: "customers cannot pay"
        )
        let rollback = world.facts.stageState(Shop.prod, in: Shop.project).pending.first?.name
        world.perform(rollback ?? PromotionName(unchecked: "none"))
        return world
    }

    private func withShop(_ body: (Ledger, World, SettableClock) throws -> Void) async throws {
        let world = eventfulShop()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            try body(ledger, world, clock)
        }
    }

    @Test func `history lists every combination, who, why and how long it stayed`() async throws {
        try await withShop { ledger, world, _ in
            let page = try ledger.read { (view) throws(LedgerError) in
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
        try await withShop { ledger, _, _ in
            try ledger.read { (view) throws(LedgerError) in
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

    @Test func `a stage at an earlier moment is compared with itself now`() async throws {
        try await withShop { ledger, world, _ in
            let hotfix = try ledger.read { (view) throws(LedgerError) in
                try view.history(of: Shop.prod, in: Shop.project).items[1]
            }
            let then = try ledger.read(at: .promotion(hotfix.promotion.name.rawValue)) {
                (view) throws(LedgerError) in
                try view.combination("prod", in: Shop.project)
            }
            let now = try ledger.read { (view) throws(LedgerError) in
                try view.combination("stage/prod", in: Shop.project)
            }
            #expect(then.moment.position == hotfix.position)
            let changes = then.collection.changes(to: now.collection)
            #expect(changes.map(\.kind) == [.unchanged, .changed, .changed])
            let hours = try ledger.read(at: .ago(milliseconds: 3_600_000)) {
                (view) throws(LedgerError) in
                try view.combination("prod", in: Shop.project)
            }
            #expect(hours.collection.id == then.collection.id)
        }
    }

    @Test func `a name that is nothing at that moment is not found`() async throws {
        try await withShop { ledger, _, _ in
            for (name, position) in [("second", 5), ("nowhere", nil)] as [(String, UInt64?)] {
                let reference = position.map {
                    MomentReference.position(Position(rawValue: $0))
                }
                #expect(throws: LedgerError.self) {
                    try ledger.read(at: reference ?? .now) { (view) throws(LedgerError) in
                        try view.combination(name, in: Shop.project)
                    }
                }
            }
        }
    }

    @Test func `blame names the promotion that put each component in`() async throws {
        try await withShop { ledger, _, _ in
            let lines = try ledger.read { (view) throws(LedgerError) in
                try view.blame(Shop.prod, in: Shop.project)
            }
            #expect(lines.map(\.component.origin.name) == ["checkout", "payments", "web"])
            #expect(lines.map { $0.promotion?.kind } == [.manual, .rollback, .rollback])
            #expect(lines.map { $0.promotion?.actor } == ["operator", "on-call", "on-call"])
        }
    }

    @Test func `an explanation names every reason and what to do`() async throws {
        try await withShop { ledger, world, _ in
            let explanation = try ledger.read { (view) throws(LedgerError) in
                try view.explain(Shop.prod, in: Shop.project)
            }
            #expect(!explanation.autoPromotionEnabled)
            #expect(
                explanation.origins.map(\.origin.rawValue)
                    == ["Junction/release", "Warehouse/payments"]
            )
            for origin in explanation.origins {
                #expect(origin.hold?.actor == "on-call")
                #expect(origin.reasons.contains { $0.contains("waybill resume stage/prod") })
                #expect(origin.reasons.contains { $0.contains("waybill promote --stage prod") })
            }
            let uat = try ledger.read { (view) throws(LedgerError) in
                try view.explain(Shop.uat, in: Shop.project)
            }
            #expect(uat.autoPromotionEnabled)
            #expect(uat.origins.allSatisfy { $0.reasons.first?.contains("runs already") == true })
        }
    }

    @Test func `audits are narrowed by subject, type and actor, and paged`() async throws {
        try await withShop { ledger, world, _ in
            try ledger.read { (view) throws(LedgerError) in
                var filter = AuditFilter()
                filter.types = [.promotionRequested]
                filter.actor = "on-call"
                let requested = try view.events(filter, limit: 10)
                #expect(requested.items.count == 1 && requested.next == nil)
                var all: [Position] = []
                var before = Position(rawValue: .max)
                while true {
                    let page = try view.events(AuditFilter(), before: before, limit: 7)
                    all += page.items.map(\.header.position)
                    guard let next = page.next else { break }
                    before = next
                }
                let expected = (1...UInt64(world.events.count)).reversed()
                #expect(all == expected.map { Position(rawValue: $0) })
                var about = AuditFilter()
                about.narrow(to: .stage(Shop.prod), in: Shop.project)
                let page = try view.events(about, limit: 1000)
                let scanned = world.events.count {
                    $0.subject == .stage(Shop.prod)
                        || $0.event.relatedSubjects.contains(.stage(Shop.prod))
                }
                #expect(page.items.count == scanned && scanned > 4)
            }
        }
    }

    @Test func `a preview is what repackaging then makes`() async throws {
        let world = eventfulShop()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let preview = try ledger.read { (view) throws(LedgerError) in
                try view.preview(of: Shop.release, in: Shop.project)
            }
            #expect(preview.missing.isEmpty && preview.isNew && !preview.isCurrent)
            #expect(preview.verifiedTogether == [Shop.uat])
            #expect(preview.consumers.map(\.stage) == [Shop.prod])
            #expect(
                preview.consumers.first?.changes.map(\.kind) == [.unchanged, .changed, .changed]
            )
            let envelope = CommandEnvelope(
                id: CommandID(unchecked: "repackage"),
                actor: EventActor(name: "operator", assurance: .asserted),
                command: .repackage(
                    Repackage(project: Shop.project, junction: Shop.release)
                )
            )
            _ = try await ledger.execute(envelope)
            let bundle = try ledger.read { (view) throws(LedgerError) in
                try view.ask { facts throws(FactsFailure) in
                    try facts.junctionState(Shop.release, in: Shop.project).bundle
                }
            }
            #expect(bundle == preview.freight)
        }
    }

    @Test func `moments are positions, times, ages and promotions, and none lies ahead`() throws {
        #expect(MomentReference(parsing: "#12") == .position(Position(rawValue: 12)))
        #expect(MomentReference(parsing: "12") == .position(Position(rawValue: 12)))
        #expect(MomentReference(parsing: "now") == .now)
        #expect(MomentReference(parsing: "2h ago") == .ago(milliseconds: 7_200_000))
        #expect(MomentReference(parsing: "promotion/x") == .promotion("x"))
        #expect(
            MomentReference(parsing: "2026-11-23T10:00:00+01:00")
                == Timestamp(text: "2026-11-23T09:00:00Z").map { .time($0) }
        )
        for text in [
            "", "#", "yesterday", "2026-13-01", "2026-11-23T09:00:00", "-1", "99999999999999999999",
            "2x ago", " ago", "promotion/", "#12a",
        ] {
            #expect(MomentReference(parsing: text) == nil, "\(text)")
        }
    }

    @Test func `the same command again gets the same receipt, and other content is refused`()
        async throws
    {
        try await withLedger { ledger, _ in
            func envelope(_ resources: [Resource]) -> CommandEnvelope {
                CommandEnvelope(
                    id: CommandID(unchecked: "once"),
                    actor: EventActor(name: "operator", assurance: .asserted),
                    command: .applyManifests(ApplyManifests(resources: resources))
                )
            }
            guard case .accepted(let first) = try await ledger.execute(envelope(Shop.resources)),
                case .accepted(let again) = try await ledger.execute(envelope(Shop.resources))
            else {
                Issue.record("not accepted")
                return
            }
            #expect(again.isDuplicate && !first.isDuplicate)
            #expect(again.first == first.first && again.last == first.last)
            #expect(again.root == first.root)
            let other = try await ledger.execute(envelope(Shop.manual))
            guard case .conflict(first.first, first.last) = other else {
                Issue.record("\(other)")
                return
            }
        }
    }
}
