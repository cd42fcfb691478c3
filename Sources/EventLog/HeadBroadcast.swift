import Synchronization

/// Tells followers where the log ends, each time it grows.
final class HeadBroadcast: Sendable {
    private struct State {
        var followers: [UInt64: AsyncStream<LogHead>.Continuation] = [:]
        var nextID: UInt64 = 0
        var head: LogHead
    }

    private let state: Mutex<State>

    init(_ head: LogHead) {
        state = Mutex(State(head: head))
    }

    deinit {
        for follower in state.withLock({ Array($0.followers.values) }) { follower.finish() }
    }

    /// The last end that was sent.
    var head: LogHead { state.withLock { $0.head } }

    /// Passes a new end on, unless it is known.
    func send(_ head: LogHead) {
        let followers = state.withLock { state -> [AsyncStream<LogHead>.Continuation] in
            guard head.position > state.head.position else { return [] }
            state.head = head
            return Array(state.followers.values)
        }
        for follower in followers { follower.yield(head) }
    }

    /// The ends after `position`.
    ///
    /// Who is slow gets only the newest.
    func follow(after position: Position) -> AsyncStream<LogHead> {
        let (stream, continuation) = AsyncStream<LogHead>.makeStream(
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = state.withLock { state -> UInt64 in
            state.nextID += 1
            state.followers[state.nextID] = continuation
            if state.head.position > position { continuation.yield(state.head) }
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.followers.removeValue(forKey: id) }
        }
        return stream
    }

    /// Ends all streams.
    func finish() {
        for follower in state.withLock({ Array($0.followers.values) }) { follower.finish() }
    }
}
