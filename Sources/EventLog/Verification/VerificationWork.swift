import LMDB
import Synchronization

/// The work of verifying a log, cut into jobs that threads take one after the other.
final class VerificationWork: Sendable {
    /// What all jobs together came to.
    struct Outcome: Sendable {
        var findings = FindingList<VerificationFinding>()
        var pages: StructureCheck.Report?
        var redacted: [RedactedPayload] = []
        var redactions: [Position] = []
    }

    private enum Job: Sendable {
        /// Every page of the file.
        case pages
        /// Every row of `commands`.
        case commands
        /// The events of one part.
        case part(Int)
    }

    private struct Done: Sendable {
        var pages: StructureCheck.Report?
        var commands: CommandRows?
        var parts: [PartResult?]
    }

    private let plan: LogPlan
    private let parts: [ClosedRange<UInt64>]
    private let jobs: [Job]
    private let next = Atomic<Int>(0)
    /// Events and pages that were checked.
    private let progressed = Atomic<UInt64>(0)
    /// What the jobs found; guarded by itself.
    private let done: Mutex<Done>

    init(_ plan: LogPlan, walksPages: Bool) {
        self.plan = plan
        let parts = plan.parts
        self.parts = parts
        done = Mutex(Done(parts: parts.map { _ in nil }))
        jobs = (walksPages ? [.pages, .commands] : []) + parts.indices.map { .part($0) }
    }

    /// Does the work; `progress` is told on the calling thread.
    @available(*, noasync)
    func run(_ progress: @escaping (UInt64, UInt64) -> Void) {
        let size = max(1, parts.reduce(0) { $0 + UInt64($1.count) } + plan.snapshot.lastPage)
        // Only worker 0 calls it, on the thread that this is.
        nonisolated(unsafe) let tell = progress
        Workers.run(min(Workers.count, jobs.count)) { worker in
            while let job = take() {
                perform(job) { more in
                    let now = self.progressed.add(more, ordering: .relaxed).newValue
                    if worker == 0 { unsafe tell(min(now, size), size) }
                }
            }
        }
        progress(size, size)
    }

    private func take() -> Job? {
        let index = next.add(1, ordering: .relaxed).oldValue
        return index < jobs.count ? jobs[index] : nil
    }

    private func perform(_ job: Job, _ progress: @escaping (UInt64) -> Void) {
        switch job {
        case .pages:
            var told: UInt64 = 0
            let check = StructureCheck(plan.snapshot, kinds: LogInspection.kinds)
            let report = check.run { pageCount in
                progress(pageCount - told)
                told = pageCount
            }
            done.withLock { $0.pages = report }
        case .commands:
            let rows = CommandRows(plan)
            done.withLock { $0.commands = rows }
        case .part(let index):
            let result = PartCheck(plan, parts[index]).run(progress: progress)
            done.withLock { $0.parts[index] = result }
        }
    }

    /// Puts the parts together: what goes from one into the next, and the end of the log.
    var outcome: Outcome {
        let done = done.withLock { $0 }
        var assembly = LogAssembly(plan)
        for part in done.parts {
            guard let part else { preconditionFailure("every part was checked") }
            assembly.add(part)
        }
        assembly.finish(done.commands)
        return Outcome(
            findings: assembly.findings,
            pages: done.pages,
            redacted: assembly.redacted,
            redactions: assembly.redactions
        )
    }
}
