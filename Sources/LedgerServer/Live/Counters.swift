import Synchronization

/// What the server counts of itself, for `/metrics`.
final class Counters: Sendable {
    /// Requests of a route that ended with a status.
    struct Requests: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    /// How long something took: how often at most each bound.
    struct Histogram {
        /// Upper bounds, in seconds.
        static let bounds: [Double] = [
            0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
        ]
        private(set) var counts = [UInt64](repeating: 0, count: bounds.count)
        private(set) var sum = 0.0
        private(set) var count: UInt64 = 0

        mutating func add(_ duration: Duration) {
            let seconds = duration / .seconds(1)
            sum += seconds
            count += 1
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound {
                counts[index] += 1
            }
        }
    }

    struct State {
        var requests: [Requests: UInt64] = [:]
        var durations: [String: Histogram] = [:]
        var commands = Histogram()
        var commandOutcomes: [String: UInt64] = [:]
        var refusedEntries: UInt64 = 0
        var eventReaders = 0
        var droppedEventReaders: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Counts a request that was answered.
    func answered(_ requests: Requests, in duration: Duration) {
        state.withLock { state in
            state.requests[requests, default: 0] += 1
            state.durations[requests.route, default: Histogram()].add(duration)
        }
    }

    /// Counts a command, and how long it took until it was on disk.
    func executed(_ outcome: String, in duration: Duration) {
        state.withLock { state in
            state.commandOutcomes[outcome, default: 0] += 1
            state.commands.add(duration)
        }
    }

    /// Changes what is counted.
    func count(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
    }

    /// What was counted so far.
    var current: State { state.withLock { $0 } }
}
