import EventLog
import Ledger
import PromotionModel
import Testing

extension Shop {
    /// Prod ran `first`, `second` (web changed), a hotfix of payments, and `first` again; an hour
    /// between them.
    static func eventful() -> World {
        var world = Shop.released()
        world.wait(minutes: 60)
        world.givenFreight(Shop.web, commit: "web-2")
        world.settle()
        world.when(
            .repackage(
                Repackage(project: Shop.project, junction: Shop.release, alias: "second")
            ),
            by: "release-manager",
            reason: "the second train"
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

    /// Hands `body` a ledger with the eventful shop, and the shop itself.
    static func withEventful(
        _ body: (Ledger, World, SettableClock) async throws -> Void
    ) async throws {
        let world = eventful()
        try await withLedger { ledger, clock in
            try await ledger.relive(world, clock)
            try await body(ledger, world, clock)
        }
    }
}

extension Ledger {
    /// Executes a command that must be accepted.
    @discardableResult
    func accept(
        _ command: Command,
        id: String,
        by actor: String = "operator",
        reason: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Receipt? {
        let outcome = try await execute(
            CommandEnvelope(
                id: CommandID(unchecked: id),
                actor: EventActor(name: actor, assurance: .asserted),
                command: command,
                reason: reason
            )
        )
        if case .accepted(let receipt) = outcome { return receipt }
        Issue.record("\(command) was \(outcome)", sourceLocation: sourceLocation)
        return nil
    }
}

extension Ledger {
    /// Asks questions at a moment; whatever `body` throws comes out as it is.
    func asked<T>(
        at reference: MomentReference = .now,
        _ body: (View) throws -> T
    ) throws -> T {
        let result: Result<T, any Error> = try read(at: reference) { (view) throws(LedgerError) in
            Result { try body(view) }
        }
        return try result.get()
    }
}

/// All items of a list, read by the page.
func allPages<Item>(_ page: (Position) throws -> Page<Item>) throws -> [Item] {
    var items: [Item] = []
    var next: Position? = Position(rawValue: .max)
    while let before = next {
        let page = try page(before)
        items += page.items
        next = page.next
    }
    return items
}
