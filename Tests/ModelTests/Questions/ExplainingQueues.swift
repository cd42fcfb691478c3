import EventLog
import Ledger
import PromotionModel
import Testing

/// What waits, for what, and what may take its place.
@Suite struct ExplainingQueues {
    /// Explains prod in a world.
    private func explainProd(_ world: World) async throws -> StageExplanation {
        var found: StageExplanation?
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            clock.now = world.now
            found = try ledger.asked { view in try view.explain(Shop.prod, in: Shop.project) }
        }
        return try #require(found)
    }

    @Test(arguments: [false, true])
    func `a step that waits for input says for what, and whether anything may take its place`(
        _ afterTakingEffect: Bool
    ) async throws {
        var world = Shop.released()
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        let name = world.request(["second"], to: Shop.prod)
        world.letWait(name, afterTakingEffect: afterTakingEffect)
        let prod = try await explainProd(world)
        let last: Reason.Kind = afterTakingEffect ? .takenEffect : .givesWay
        #expect(prod.reasons.map(\.kind) == [.running, .awaitingInput, last])
        #expect(prod.reasons[1].text.contains("a review of the pull request"))
        #expect(
            prod.reasons[1].changes
                == ["waybill answer \(name) ANSWER", "waybill abort \(name)"]
        )
        // What is said is what happens.
        let successor = world.rollBack(Shop.prod, to: .freight("first"))
        let isSuperseded = world.promotionState(name).phase == .superseded
        #expect(isSuperseded != afterTakingEffect, "\(successor)")
    }

    @Test(
        arguments: [
            (PromotionQueuePolicy.all, 0), (.latest, 1), (.coalesce, 1),
        ] as [(PromotionQueuePolicy, Int)]
    )
    func `the policy of a queue is told where something waits`(
        _ policy: PromotionQueuePolicy,
        _ count: Int
    ) async throws {
        var world = Shop.released()
        var spec = try #require(world.facts.stage(Shop.prod, in: Shop.project)?.spec)
        spec.promotionQueue = policy
        world.given([Shop.resource(.stage(Shop.prod, spec))])
        #expect(try await explainProd(world).reasons.isEmpty)
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        world.request(["second"], to: Shop.prod, now: true)
        let prod = try await explainProd(world)
        #expect(prod.reasons.first?.kind == .pending)
        #expect(prod.reasons.first?.text.contains("(manual, now) is first in the queue") == true)
        #expect(prod.reasons.count { $0.kind == .queuePolicy } == count)
    }

    @Test func `a promotion of a restore says which stages go before it`() async throws {
        var world = Shop.released()
        let then = world.facts.position
        Shop.nextBundle("second", of: Shop.web, commit: "web-2", in: &world)
        world.givenPromotion(of: ["second"], to: Shop.prod)
        world.when(.restoreProject(RestoreProject(project: Shop.project, position: then)))
        var uat: StageExplanation?
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            uat = try ledger.asked { view in try view.explain(Shop.uat, in: Shop.project) }
        }
        let reasons = try #require(uat).reasons
        #expect(reasons.map(\.kind) == [.restoring, .pending])
        #expect(
            reasons[1].text.hasSuffix(
                "waits until the restore has ended in prod, further downstream"
            )
        )
    }
}
