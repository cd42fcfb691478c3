import EventLog
import Glibc
import Ledger
import LedgerAPI
import PromotionModel
import Testing

/// Long random histories on the store and on dictionaries: same verdicts, same facts at every
/// position.
@Suite struct RandomHistories {
    /// The seed of this run; set `SEED` to repeat one.
    private static let seed: UInt64 = {
        if let text = unsafe getenv("SEED"), let seed = UInt64(unsafe String(cString: text)) {
            return seed
        }
        return UInt64.random(in: 1...1_000_000_000)
    }()

    @Test func `a view at any position equals a naive replay to that position`() async throws {
        let seed = Self.seed
        try await withLedger { ledger, clock in
            var world = World()
            var history = RandomHistory(seed: seed)
            try await run(&world, &history, ledger, clock, eventCount: 700, seed: seed)
            let size = world.events.count
            try #require(size >= 700, "seed \(seed): too little happened (\(size) events)")
            var generator = SeededGenerator(seed: seed &+ 1)
            let positions = (0..<200).map { _ in Int.random(in: 1...size, using: &generator) }
            try compare(ledger, at: Set(positions).sorted(), seed: seed)
            try replay(ledger, seed: seed)
        }
    }

    /// Executes random commands on both, and expects the same verdicts.
    private func run(
        _ world: inout World,
        _ history: inout RandomHistory,
        _ ledger: Ledger,
        _ clock: SettableClock,
        eventCount: Int,
        seed: UInt64
    ) async throws {
        for index in 0..<10_000 where world.events.count < eventCount {
            world.wait(minutes: history.pauseMinutes())
            clock.now = world.now
            let command: Command =
                index == 0
                ? .applyManifests(ApplyManifests(resources: Shop.resources))
                : history.command(world.facts)
            let reason = index.isMultiple(of: 3) ? nil : "it is Tuesday"
            let envelope = CommandEnvelope(
                id: CommandID(unchecked: "random-\(index)"),
                actor: EventActor(name: "operator", assurance: .asserted),
                command: command,
                reason: reason
            )
            let tried = try ledger.dryRun(envelope)
            let outcome = try await ledger.execute(envelope)
            // The store's recorded time never runs backward; the model is told the same time.
            world.setTime(try ledger.log.head().recorded, orLater: world.now)
            let verdict = world.when(command, reason: reason)
            #expect(tried == verdict, "seed \(seed), command \(index): \(command)")
            let agrees =
                switch (verdict, outcome) {
                case (.quiet, .quiet): true
                case (.refused(let left), .refused(let right)): left == right
                case (.events(let drafts), .accepted(let receipt)):
                    receipt.last.rawValue - receipt.first.rawValue + 1 == UInt64(drafts.count)
                default: false
                }
            try #require(agrees, "seed \(seed), command \(index): \(verdict) and \(outcome)")
        }
    }

    /// Compares views with dictionaries that took in the log's events one by one.
    private func compare(_ ledger: Ledger, at positions: [Int], seed: UInt64) throws {
        var facts = DictionaryFacts()
        for position in positions {
            let first = facts.position.next
            let here = Position(rawValue: UInt64(position))
            let picture = try ledger.read(at: .position(here)) { (view) throws(LedgerError) in
                try view.forEachEvent(from: first) { (event) throws(LedgerError) in
                    guard let payload = event.event else { return true }
                    let changes = try view.ask { _ throws(FactsFailure) in
                        try Evolver(facts: facts, header: event.header).changes(of: payload)
                    }
                    facts.apply(changes, at: event.header.position)
                    return true
                }
                return try view.ask { stored throws(FactsFailure) in try Picture.of(stored) }
            }
            let expected = try Picture.of(facts)
            try #require(picture == expected, "seed \(seed): they differ at #\(position)")
        }
    }

    private func replay(_ ledger: Ledger, seed: UInt64) throws {
        let scratch = TemporaryFolder()
        let result = try ledger.replay(into: scratch.path)
        #expect(result.findings.isEmpty, "seed \(seed): \(result.findings)")
        #expect(try ledger.log.verify().isEmpty, "seed \(seed)")
    }

    @Test func `decide accepts everything that the rules propose`() throws {
        let seed = Self.seed &+ 7
        var world = World()
        world.given(Shop.resources)
        var history = RandomHistory(seed: seed)
        for index in 0..<600 {
            world.wait(minutes: abs(history.pauseMinutes()))
            world.when(history.command(world.facts), reason: "it is Tuesday")
            for subject in world.allSubjects {
                for proposal in world.nextSteps(for: subject).commands {
                    let verdict = world.decide(proposal.envelope())
                    if case .events = verdict { continue }
                    Issue.record("seed \(seed), command \(index): \(proposal) is \(verdict)")
                    return
                }
            }
        }
    }
}
