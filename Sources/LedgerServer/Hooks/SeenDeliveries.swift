import EventLog
import Synchronization

/// The webhooks that were taken lately, so that none is taken twice.
///
/// Known by what was signed: the id that a sender gives a delivery is not, so whoever sends one
/// again could change it.
final class SeenDeliveries: Sendable {
    private struct State {
        var seen: Set<Digest> = []
        /// In the order in which they came.
        var order: [Digest] = []
        var next = 0
    }

    private let state = Mutex(State())
    private let countMax: Int

    /// Remembers so many, and forgets the oldest for a new one.
    init(countMax: Int = 10_000) {
        self.countMax = countMax
    }

    /// Notes a delivery; false if it was noted before.
    func note(_ delivery: Digest) -> Bool {
        state.withLock { state in
            guard state.seen.insert(delivery).inserted else { return false }
            if state.order.count < countMax {
                state.order.append(delivery)
            } else {
                state.seen.remove(state.order[state.next])
                state.order[state.next] = delivery
                state.next = (state.next + 1) % countMax
            }
            return true
        }
    }

    /// Forgets a delivery that came to nothing, so that its sender may repeat it.
    func forget(_ delivery: Digest) {
        state.withLock { state in _ = state.seen.remove(delivery) }
    }
}
