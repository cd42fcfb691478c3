import Discovery
import EventLog
import Ledger
import LMDB
import PromotionModel
import PromotionRunner
import Requests

/// Keeps a ledger going: looks at warehouses, carries out what the rules call for, and performs
/// promotions.
///
/// One at a time in a ledger: it holds `automation.lock`, which the kernel gives back when the
/// process ends.
actor Conductor {
    let ledger: Ledger
    private let lock: FileLock
    let discovery: WarehouseDiscovery
    let runner: PromotionRunner
    let tell: @Sendable (String) -> Void
    /// Has a word whenever somebody asks for a look, however often before it is heard.
    let calls = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    /// What is left to be done, and what is under way; owned by the actor.
    var agenda = Agenda()

    struct Place: Hashable {
        let project: ProjectName
        let warehouse: WarehouseName
    }

    struct Promoted: Hashable {
        let project: ProjectName
        let promotion: PromotionName
        /// Whether what it made its stage run is verified; otherwise it is performed itself.
        var isVerification = false
    }

    /// What a conductor may do, and whom it tells.
    struct Settings: Sendable {
        var allowFileRepositories = false
        var tell: @Sendable (String) -> Void
    }

    /// A conductor of a ledger that is open for writing.
    ///
    /// - Throws: if another process conducts it already.
    init(_ ledger: Ledger, _ settings: Settings) throws {
        self.ledger = ledger
        tell = settings.tell
        lock = try FileLock("automation.lock", in: StoreDirectory(ledger.log.path))
        // Whoever explains looks at the lock, which takes no time worth mentioning.
        guard lock.lock(patience: .milliseconds(200)) else {
            throw CommandFailure(
                .failure,
                "held",
                "another process runs the automation of \(ledger.log.path) (\(lock.holderText)); "
                    + "stop it first",
                details: lock.holderDetails
            )
        }
        let outside = try Outside(
            ledger,
            allowFileRepositories: settings.allowFileRepositories
        )
        discovery = try outside.discovery()
        runner = try outside.runner(
            of: ledger,
            submit: { command in try await Self.submit(command, as: "runner", to: ledger) },
            load: { project, promotion in try Self.job(promotion, in: project, of: ledger) },
            loadVerification: { project, promotion in
                try Self.verificationJob(promotion, in: project, of: ledger)
            }
        )
    }

    /// Goes on until there is nothing to do now; says when there will be something.
    func runUntilIdle() async throws -> Timestamp? {
        try await conduct(untilIdle: true)
    }

    /// Goes on until the task is cancelled.
    func run() async throws {
        _ = try await conduct(untilIdle: false)
    }

    /// What a task of the conductor came back with.
    enum Report: Sendable {
        case looked(Place, DiscoveryError?)
        case performed(Promoted, RunOutcome)
        /// Somebody, in whichever process, recorded something.
        case recorded
        /// Somebody asked for a look.
        case asked
        /// A time came that the task of this number waited for.
        case slept(Int)
    }

    /// Looks at everything once, and from then on only at what new events concern and at what a
    /// time has come for.
    ///
    /// Warehouses are looked at, and promotions performed, side by side with it.
    private func conduct(untilIdle: Bool) async throws -> Timestamp? {
        try await takeOver()
        try lookAtEverything()
        return try await withThrowingTaskGroup(of: Report.self) { group in
            defer { group.cancelAll() }
            while true {
                try notice()
                try startLooks(in: &group)
                try await settle()
                startPerforming(in: &group)
                if untilIdle, agenda.isIdle { return agenda.wakeAt }
                try waitForNews(in: &group)
                guard let report = try await group.next() else { return nil }
                try Task.checkCancellation()
                try take(report)
            }
        }
    }

    private func take(_ report: Report) throws {
        switch report {
        case .looked(let place, let failure):
            agenda.looking.remove(place)
            agenda.schedule.end(place, failure)
        case .performed(let promoted, let outcome): conclude(promoted, outcome)
        case .recorded: agenda.hasFollowed()
        case .asked: agenda.hasListened()
        case .slept(let number): agenda.hasSlept(number)
        }
        agenda.wakeUp(at: .wallClock())
    }

    /// The clock is asked again after this long at the latest, whatever it said before.
    private static let pauseMillisecondsMax: Int64 = 60_000

    /// Has one task wait for events of whatever process, and one for the next time at which
    /// something changes by itself.
    private func waitForNews(in group: inout ThrowingTaskGroup<Report, any Error>) throws {
        let (ledger, seen) = (ledger, agenda.seen)
        if agenda.mustFollow() {
            group.addTask {
                for await _ in try ledger.log.follow(after: seen) { break }
                return .recorded
            }
        }
        if agenda.mustListen() {
            let stream = calls.stream
            group.addTask {
                for await _ in stream { break }
                return .asked
            }
        }
        let now = Timestamp.wallClock()
        let next = [agenda.wakeAt, try nextLook()].compactMap { $0 }.min()
        let pause = next.map { $0.milliseconds(since: now) } ?? Self.pauseMillisecondsMax
        let milliseconds = min(max(pause, 100), Self.pauseMillisecondsMax)
        if let number = agenda.newSleeper(until: now.adding(milliseconds: milliseconds)) {
            group.addTask {
                try? await Task.sleep(for: .milliseconds(milliseconds))
                return .slept(number)
            }
        }
    }
}
