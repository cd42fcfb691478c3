import EventLog
import Ledger
import PromotionModel
import Testing

/// What `explain` says of verifications.
@Suite struct ExplainingVerification {
    private func explain(_ stage: StageName, _ world: World) async throws -> StageExplanation {
        var found: StageExplanation?
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            found = try ledger.read { (view) throws(LedgerError) in
                try view.explain(stage, in: Shop.project)
            }
        }
        return try #require(found)
    }

    @Test func `an open verification is named where the queue waits for it, and downstream`()
        async throws
    {
        var world = World()
        world.given(Shop.verifying(Shop.dev, in: Shop.pair))
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        var dev = try await explain(Shop.dev, world)
        #expect(dev.verification?.promotion == promotion && !dev.waitsForVerification)
        let uat = try await explain(Shop.uat, world)
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        #expect(
            uat.origins[1].reasons.map(\.text) == [
                "freight \(alias) is not available: it is not verified in stage dev, where "
                    + "\(promotion) is being verified since \(world.now.text)"
            ]
        )
        #expect(
            uat.origins[1].reasons.first?.changes == [
                "waybill report --promotion \(promotion) --result passed",
                "waybill approve \(alias) --for stage/uat",
            ]
        )
        world.when(
            .requestPromotion(
                RequestPromotion(
                    project: Shop.project,
                    stage: Shop.dev,
                    selection: .named([freight.rawValue])
                )
            )
        )
        dev = try await explain(Shop.dev, world)
        #expect(dev.waitsForVerification)
        world.report(.failed)
        dev = try await explain(Shop.dev, world)
        #expect(dev.verification == nil && !dev.waitsForVerification)
    }

    @Test func `a withdrawal is told with its time`() async throws {
        var world = World()
        world.given(Shop.pair)
        let (freight, promotion) = world.givenPromoted(Shop.web, commit: "w1")
        world.report(.failed, of: .promotion(promotion))
        let uat = try await explain(Shop.uat, world)
        let alias = world.facts.freightStatus(freight, in: Shop.project).alias
        #expect(
            uat.origins[1].reasons.map(\.text) == [
                "freight \(alias) is not available: its verification in stage dev failed at "
                    + "\(world.now.text), after it had passed"
            ]
        )
    }
}
