import Discovery
import EventLog
import Testing

/// A warehouse is looked at by its interval, and sooner after a failure.
@Suite struct SchedulingLooks {
    private let start = Timestamp(rawValue: 1_000_000)
    private let unreachable = DiscoveryError.unreachable(repoURL: "u", reason: "r")

    private func after(_ seconds: Int64) -> Timestamp {
        start.adding(milliseconds: seconds * 1_000)
    }

    private func schedule(intervalMs: Int64 = 300_000) -> LookSchedule<String, String> {
        var schedule = LookSchedule<String, String>()
        schedule.begin("w", "1", intervalMs: intervalMs, at: start)
        schedule.end("w", nil)
        return schedule
    }

    @Test func `never looked at, its interval over, its configuration changed, asked for`() {
        var schedule = schedule()
        #expect(schedule.isDue("other", "1", at: start))
        #expect(!schedule.isDue("w", "1", at: after(300)))
        #expect(schedule.isDue("w", "1", at: after(301)))
        #expect(schedule.dueAt("w") == after(300))
        #expect(schedule.isDue("w", "2", at: after(1)))
        schedule.ask(for: "w")
        #expect(schedule.isDue("w", "1", at: after(1)))
        schedule.begin("w", "1", intervalMs: 300_000, at: after(1))
        #expect(!schedule.isDue("w", "1", at: after(2)))
    }

    /// Seconds between the looks at something that fails every time.
    private func pauses(intervalSeconds: Int64, count: Int) -> [Int64] {
        var schedule = LookSchedule<String, String>()
        var now = start
        return (0..<count).map { _ in
            schedule.begin("w", "1", intervalMs: intervalSeconds * 1_000, at: now)
            schedule.end("w", unreachable)
            let next = schedule.dueAt("w") ?? now
            defer { now = next }
            return next.milliseconds(since: now) / 1_000
        }
    }

    @Test func `each failure doubles the pause, up to a quarter of an hour or the interval`() {
        #expect(pauses(intervalSeconds: 300, count: 7) == [30, 60, 120, 240, 480, 900, 900])
        #expect(pauses(intervalSeconds: 10, count: 9) == [10, 20, 40, 80, 160, 320, 640, 900, 900])
        #expect(pauses(intervalSeconds: 7_200, count: 10).suffix(3) == [3_840, 7_200, 7_200])
        #expect(pauses(intervalSeconds: 300, count: 100).last == 900)
    }

    @Test func `a success and a new configuration forget the failures`() {
        var schedule = schedule()
        schedule.begin("w", "1", intervalMs: 300_000, at: start)
        schedule.end("w", unreachable)
        schedule.begin("w", "1", intervalMs: 300_000, at: after(30))
        schedule.end("w", nil)
        #expect(schedule.dueAt("w") == after(330))
        schedule.begin("w", "1", intervalMs: 300_000, at: start)
        schedule.end("w", unreachable)
        schedule.begin("w", "2", intervalMs: 300_000, at: start)
        schedule.end("w", unreachable)
        #expect(schedule.dueAt("w") == after(30))
    }

    @Test func `a clock that was set back stops nothing`() {
        #expect(schedule().isDue("w", "1", at: after(-1)))
    }

    @Test func `what only a new configuration mends is not tried sooner`() {
        var schedule = schedule()
        schedule.begin("w", "1", intervalMs: 300_000, at: start)
        schedule.end("w", .refusedURL(repoURL: "u", why: "y"))
        #expect(schedule.dueAt("w") == after(300))
    }
}
