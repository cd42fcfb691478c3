import EventLog
import Ledger
import LedgerAPI
import PromotionModel
import Testing

/// The events that say something about one change.
@Suite struct EvidenceOfChanges {
    /// Hands `body` the evidence of the last change of a stage in the ledger that `world` makes.
    private static func evidence(
        of stage: StageName,
        in world: World,
        _ body: (ChangeEvidence) throws -> Void
    ) async throws {
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let evidence = try ledger.asked(at: .now) { view in
                let last = try view.changes(of: stage, in: Shop.project, after: .origin).last
                let start = try view.change(startedAt: last ?? .origin, in: Shop.project)
                return try view.evidence(of: start.promotion.name, in: Shop.project)
            }
            try body(try #require(evidence))
        }
    }

    private static func types(
        _ evidence: ChangeEvidence,
        _ role: EvidenceRole
    ) -> [EventType] {
        evidence.events.filter { $0.role == role }.map(\.event.type)
    }

    @Test func `approvals, quarantine and notes of its freight are there, before and after`()
        async throws
    {
        var world = World()
        world.given(Shop.pair)
        let freight = world.givenFreight(Shop.web, commit: "web-1")
        let stage = Consumer.stage(Shop.dev)
        world.when(
            .approveFreight(
                ApproveFreight(project: Shop.project, freight: freight.rawValue, consumer: stage)
            ),
            by: "release-manager"
        )
        world.givenPromotion(of: [freight.rawValue], to: Shop.dev)
        world.when(
            .quarantineFreight(
                QuarantineFreight(project: Shop.project, freight: freight.rawValue)
            ),
            reason: "it loses orders"
        )
        try await Self.evidence(of: Shop.dev, in: world) { evidence in
            #expect(
                Self.types(evidence, .decision) == [.freightApproved, .freightQuarantined]
            )
            #expect(Self.types(evidence, .freight).contains(.freightCreated))
            #expect(Self.types(evidence, .discovery) == [.artifactsDiscovered])
            #expect(Self.types(evidence, .promotion).first == .promotionRequested)
            #expect(Self.types(evidence, .promotion).contains(.promotionSucceeded))
            let positions = evidence.events.map(\.event.header.position)
            #expect(positions == Set(positions).sorted())
        }
    }

    @Test func `events of other changes are not there`() async throws {
        try await Self.evidence(of: Shop.prod, in: Shop.eventful()) { evidence in
            let name = evidence.record.promotion.name
            for item in evidence.events where item.role == .promotion {
                #expect(item.event.header.subject == "promotion/\(name)")
            }
            let requests = evidence.events.filter { $0.event.type == .promotionRequested }
            #expect(requests.count == 1)
        }
    }

    @Test func `a bundle's making and slots are there, and where it had been verified`()
        async throws
    {
        var world = Shop.released()
        world.repackage("again")
        let fix = world.givenFreight(Shop.payments, commit: "payments-2")
        world.settle()
        world.givenPromotion(of: [fix.rawValue], to: Shop.prod)
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            try ledger.asked(at: .now) { view in
                let starts = try view.changes(of: Shop.prod, in: Shop.project, after: .origin)
                let first = try #require(starts.first)
                let change = try view.change(startedAt: first, in: Shop.project)
                let name = change.promotion.name
                let found = try view.evidence(of: name, in: Shop.project)
                let evidence = try #require(found)
                let types = Set(evidence.events.map(\.event.type))
                #expect(types.contains(.freightRepackaged) && types.contains(.freightCollected))
                let verified = Set(change.changes.flatMap(\.verified).map(\.position))
                let there = Set(evidence.events.map(\.event.header.position))
                #expect(verified.isSubset(of: there) && !verified.isEmpty)
            }
        }
    }

    @Test func `what held automation when it was asked for is there`() async throws {
        var world = Shop.eventful()
        world.rollBack(Shop.uat, to: .previous)
        world.perform(try #require(world.pending(Shop.uat).first))
        let newest = try #require(world.newestFreight(of: Shop.payments))
        world.givenPromotion(of: [newest.rawValue], to: Shop.uat)
        try await Self.evidence(of: Shop.uat, in: world) { evidence in
            #expect(Self.types(evidence, .hold).contains(.autoPromotionHeld))
            #expect(evidence.record.findings.map(\.code).contains("madeWhileHeld"))
        }
    }

    @Test func `what waits has no evidence, and what there never was is unknown`() async throws {
        var world = Shop.released()
        let freight = world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        let waits = world.request([freight.rawValue], to: Shop.dev)
        world.when(.abortPromotion(AbortPromotion(project: Shop.project, promotion: waits)))
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            let found = try ledger.asked(at: .now) { view in
                try view.evidence(of: waits, in: Shop.project)?.events.count
            }
            #expect(found == nil)
            let unknown = PromotionName(unchecked: "dev.01m839zrya000000000000008k.b01e8ee")
            #expect(throws: LedgerError.self) {
                try ledger.asked(at: .now) { view in
                    try view.evidence(of: unknown, in: Shop.project)?.events.count
                }
            }
        }
    }
}
