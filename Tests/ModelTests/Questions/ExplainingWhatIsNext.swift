import EventLog
import Ledger
import PromotionModel
import Testing

/// Explanations and automation agree, whatever happened.
@Suite struct ExplainingWhatIsNext {
    @Test func `freight is called next exactly where automation promotes it, and always something`()
        async throws
    {
        let seed = UInt64.random(in: 1...1_000_000)
        var shop = LivelyShop(seed: seed)
        var kinds: Set<Reason.Kind> = []
        try await withLedger { ledger, clock in
            var doneCount = 0
            for _ in 0..<150 {
                shop.step()
                for (envelope, time) in shop.world.given.dropFirst(doneCount) {
                    clock.now = time
                    _ = try await ledger.execute(envelope)
                }
                doneCount = shop.world.given.count
                clock.now = shop.world.now
                for stage in [Shop.dev, Shop.uat, Shop.prod] {
                    kinds.formUnion(try compare(stage, ledger, seed: seed))
                }
                try compareJunction(ledger, seed: seed)
            }
        }
        #expect(kinds.isSuperset(of: [.next, .current, .held, .notAutomatic]), "seed \(seed)")
    }

    private func compare(
        _ stage: StageName,
        _ ledger: Ledger,
        seed: UInt64
    ) throws -> Set<Reason.Kind> {
        try ledger.asked { view in
            let explanation = try view.explain(stage, in: Shop.project)
            let next = try view.ask { _ throws(FactsFailure) in
                try view.nextStepsRule(in: Shop.project).nextSteps(for: .stage(stage))
            }
            let proposed = next.commands.filter { $0.rule == "promote" }.compactMap(\.origin)
            for part in explanation.origins {
                let place = "seed \(seed), \(stage) at \(view.moment.position), \(part.origin)"
                #expect(!part.reasons.isEmpty, "\(place)")
                let isNext = part.reasons.contains { $0.kind == .next }
                #expect(isNext == proposed.contains(part.origin), "\(place)")
            }
            return Set(explanation.origins.flatMap(\.reasons).map(\.kind))
        }
    }

    private func compareJunction(_ ledger: Ledger, seed: UInt64) throws {
        try ledger.asked { view in
            let explanation = try view.explain(Shop.release, in: Shop.project)
            let next = try view.ask { _ throws(FactsFailure) in
                try view.nextStepsRule(in: Shop.project).nextSteps(for: .junction(Shop.release))
            }
            let place = "seed \(seed), junction at \(view.moment.position)"
            let repackages = next.commands.contains { $0.rule == "repackage" }
            #expect(!explanation.reasons.isEmpty, "\(place)")
            #expect(
                explanation.reasons.contains { $0.kind == .next } == repackages,
                "\(place)"
            )
            let collects = next.commands.contains { $0.rule == "collect" }
            for slot in explanation.slots {
                #expect(!slot.reasons.isEmpty, "\(place), \(slot.origin)")
                let isNext = slot.reasons.contains { $0.kind == .next }
                #expect(!isNext || collects, "\(place), \(slot.origin)")
                let isStale = slot.candidate != nil && slot.candidate != slot.freight
                #expect(
                    isNext || slot.isHeld || !isStale || !collects,
                    "\(place), \(slot.origin)"
                )
            }
        }
    }
}
