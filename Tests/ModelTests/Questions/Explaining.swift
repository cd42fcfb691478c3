import EventLog
import Ledger
import PromotionModel
import Testing

/// Why nothing happens, and what would change that.
@Suite struct Explaining {
    @Test func `an explanation names every reason and what to do`() async throws {
        try await Shop.withEventful { ledger, world, _ in
            let explanation = try ledger.asked { view in
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
            let uat = try ledger.asked { view in
                try view.explain(Shop.uat, in: Shop.project)
            }
            #expect(uat.autoPromotionEnabled)
            #expect(uat.origins.allSatisfy { $0.reasons.first?.contains("runs already") == true })
        }
    }
}
