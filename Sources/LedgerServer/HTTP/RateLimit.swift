import Synchronization

/// How often a client may do something: so many a second on average, twice that at once.
final class RateLimit: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private let buckets = Mutex<[String: Bucket]>([:])
    private let perSecond: Double
    /// More are forgotten, so that many addresses cannot fill the memory.
    private static let clientCountMax = 10_000

    init(perSecond: Double) {
        self.perSecond = perSecond
    }

    /// Takes one of what a client may; the seconds to wait if it has none left.
    func take(_ client: String, at now: ContinuousClock.Instant = .now) -> Int? {
        let capacity = perSecond * 2
        return buckets.withLock { buckets in
            if buckets.count >= Self.clientCountMax, buckets[client] == nil {
                // Whoever has not come for as long as it takes to fill a bucket has a full one.
                buckets = buckets.filter { now - $0.value.filledAt < .seconds(2) }
                if buckets.count >= Self.clientCountMax { buckets.removeAll() }
            }
            var bucket = buckets[client] ?? Bucket(tokens: capacity, filledAt: now)
            let passed = (now - bucket.filledAt) / .seconds(1)
            bucket.tokens = min(capacity, bucket.tokens + passed * perSecond)
            bucket.filledAt = now
            defer { buckets[client] = bucket }
            guard bucket.tokens >= 1 else {
                return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
            }
            bucket.tokens -= 1
            return nil
        }
    }
}
