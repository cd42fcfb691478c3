package import EventLog
import PromotionModel

/// When warehouses are looked at: by their interval, and sooner after a failure.
///
/// A warehouse is due when it was never looked at, when its configuration changed, when somebody
/// asked, and when its interval has passed. After a failure it is due sooner: half a minute after
/// the first, twice as long after each further one, at most a quarter of an hour or its interval.
/// A failure that only a new configuration ends waits for the interval.
///
/// Pure: times come in.
package struct LookSchedule<Place: Hashable & Sendable, Configuration: Equatable & Sendable>:
    Sendable
{
    private var looks: [Place: Look] = [:]

    private struct Look {
        var configuration: Configuration
        var intervalMs: Int64
        /// When it began; nil where nobody knows.
        var at: Timestamp?
        /// Failures in a row that time may mend.
        var failureCount = 0
        /// Somebody asked for another one.
        var isAskedFor = false

        var dueAt: Timestamp? { at?.adding(milliseconds: pauseMs) }

        private var pauseMs: Int64 {
            guard failureCount > 0 else { return intervalMs }
            let first = min(LookPauses.firstMs, intervalMs)
            let longest = LookPauses.longestMs(intervalMs: intervalMs)
            // Above 2^20 every pause is the longest one.
            let doublings = Int64(min(failureCount - 1, 20))
            return min(first << doublings, longest)
        }
    }

    /// A schedule that has seen no look.
    package init() {}

    /// Whether `place` is to be looked at.
    package func isDue(_ place: Place, _ configuration: Configuration, at now: Timestamp) -> Bool {
        guard let look = looks[place], let at = look.at, let dueAt = look.dueAt else { return true }
        // A clock that was set back must not stop everything until it is there again.
        return look.configuration != configuration || look.isAskedFor || now > dueAt || now < at
    }

    /// Notes that a look begins, or began once at a time that nobody knows.
    package mutating func begin(
        _ place: Place,
        _ configuration: Configuration,
        intervalMs: Int64,
        at time: Timestamp?
    ) {
        var look = Look(configuration: configuration, intervalMs: intervalMs, at: time)
        // A new configuration may mend what failed.
        if let before = looks[place], before.configuration == configuration {
            look.failureCount = before.failureCount
        }
        looks[place] = look
    }

    /// Notes how the look that began came out.
    package mutating func end(_ place: Place, _ error: DiscoveryError?) {
        guard let error, !error.isTerminal else {
            looks[place]?.failureCount = 0
            return
        }
        looks[place]?.failureCount += 1
    }

    /// Makes `place` due: somebody asks for it.
    package mutating func ask(for place: Place) { looks[place]?.isAskedFor = true }

    /// When `place` is due by time; nil if it is due already.
    package func dueAt(_ place: Place) -> Timestamp? { looks[place]?.dueAt }
}
