import EventLog
import Ledger
import PromotionModel
import Wire

/// Replay in memory: read, decode and evolve every event of a ledger.
enum ReplayBenchmark {
    private static let roundCount = 5

    static func run(_ ledger: Ledger) async throws {
        let size = Int(try ledger.log.head().position.rawValue)
        var rates: [Double] = []
        var decodeRates: [Double] = []
        for _ in 0..<roundCount {
            decodeRates.append(
                try await Measurement.take("decode", size) { try decode(ledger) }.rate
            )
            // What was made is let go only after the clock has stopped.
            var facts = DictionaryFacts(remembersPast: false)
            rates.append(
                try await Measurement.take("evolve", size) { try evolve(ledger, &facts) }.rate
            )
        }
        Output.line("| what | events/s | ratio | wanted | |\n|---|---|---|---|---|")
        Output.line(
            Measurement.line("read and decode \(size) events", decodeRates, [], against: nil, nil)
        )
        Output.line(
            Measurement.line("replay, decode and evolve them", rates, [], against: nil, 400_000)
        )
    }

    private static func decode(_ ledger: Ledger) throws {
        try ledger.read { (view) throws(LedgerError) in
            var count = 0
            try view.forEachEvent { (event) throws(LedgerError) in
                count += event.event == nil ? 0 : 1
                return true
            }
            precondition(count > 0, "nothing was read")
        }
    }

    private static func evolve(_ ledger: Ledger, _ facts: inout DictionaryFacts) throws {
        try ledger.read { (view) throws(LedgerError) in
            try view.forEachEvent { (event) throws(LedgerError) in
                guard let payload = event.event else { return true }
                let changes = try view.ask { _ throws(FactsFailure) in
                    try Evolver(facts: facts, header: event.header).changes(of: payload)
                }
                facts.apply(changes, at: event.header.position)
                return true
            }
        }
    }

    // MARK: - For a profile

    /// What each kind of event costs, in nanoseconds: decoding its payload, and evolving.
    static func profile(_ ledger: Ledger) throws {
        var costs: [EventType: (count: Int, decode: Duration, evolve: Duration)] = [:]
        var facts = DictionaryFacts(remembersPast: false)
        try ledger.read { (view) throws(LedgerError) in
            try view.forEachEvent { (event) throws(LedgerError) in
                guard let payload = event.event else { return true }
                let bytes = payload.payload.encoded()
                let began = ContinuousClock.now
                _ = try? Event(event.type, decoding: bytes)
                let decoded = ContinuousClock.now
                let changes = try view.ask { _ throws(FactsFailure) in
                    try Evolver(facts: facts, header: event.header).changes(of: payload)
                }
                facts.apply(changes, at: event.header.position)
                let ended = ContinuousClock.now
                var cost = costs[event.type] ?? (0, .zero, .zero)
                cost.count += 1
                cost.decode += decoded - began
                cost.evolve += ended - decoded
                costs[event.type] = cost
                return true
            }
        }
        Output.line("| event | count | decode ns | evolve ns |\n|---|---|---|---|")
        for (type, cost) in costs.sorted(by: { $0.value.count > $1.value.count }) {
            let decode = Int(cost.decode / .nanoseconds(1)) / cost.count
            let evolve = Int(cost.evolve / .nanoseconds(1)) / cost.count
            Output.line("| \(type) | \(cost.count) | \(decode) | \(evolve) |")
        }
    }
}
