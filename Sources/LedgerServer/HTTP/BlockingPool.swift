import DequeModule
import LMDB
import Synchronization
import HTTPTypes

/// Threads for questions that take long, so that those that do not are never kept waiting.
final class BlockingPool: Sendable {
    private struct State {
        var waiting: Deque<@Sendable () -> Void> = []
        var running = 0
    }

    private let state = Mutex(State())
    private let threadCountMax: Int
    /// More that wait are sent away: their askers would have gone before it is their turn.
    private static let waitingCountMax = 256

    init(threadCount: Int) {
        threadCountMax = threadCount
    }

    /// Runs `body` on a thread of its own, when one is free.
    ///
    /// - Throws: what `body` throws, and a problem if too many wait.
    func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let result = await withCheckedContinuation { (continuation: Continuation<T>) in
            let isIn = add { continuation.resume(returning: Result { try body() }) }
            if !isIn { continuation.resume(returning: .failure(Self.busy)) }
        }
        return try result.get()
    }

    private typealias Continuation<T> = CheckedContinuation<Result<T, any Error>, Never>

    private static var busy: Problem {
        var problem = Problem(
            .serviceUnavailable,
            "busy",
            "too many long questions are being answered; ask again later"
        )
        problem.retryAfterSeconds = 2
        return problem
    }

    private func add(_ work: @escaping @Sendable () -> Void) -> Bool {
        let (isIn, mustStart) = state.withLock { state -> (Bool, Bool) in
            guard state.waiting.count < Self.waitingCountMax else { return (false, false) }
            state.waiting.append(work)
            guard state.running < threadCountMax else { return (true, false) }
            state.running += 1
            return (true, true)
        }
        if mustStart { BlockingThread.detached(named: "question") { self.work() } }
        return isIn
    }

    /// Takes what waits until nothing does.
    private func work() {
        while let next = next() { next() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            if let next = state.waiting.popFirst() { return next }
            state.running -= 1
            return nil
        }
    }
}
