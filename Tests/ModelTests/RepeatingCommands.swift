import EventLog
import Ledger
import PromotionModel
import Testing

/// Commands and their receipts.
@Suite struct RepeatingCommands {
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
