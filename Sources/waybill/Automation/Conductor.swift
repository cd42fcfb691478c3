import Discovery
import EventLog
import Ledger
import LMDB
import PromotionModel
import PromotionRunner

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
    /// When warehouses are looked at; owned by the actor.
    var schedule = LookSchedule<Place, WarehouseSpec>()
    /// Promotions that this process started to perform, so they need no take-over.
    var ours: Set<Promoted> = []
    /// Proposals that were refused or had been accepted before.
    ///
    /// Not tried again until something is recorded. Owned by the actor.
    var parked: Set<CommandID> = []

    struct Place: Hashable {
        let project: ProjectName
        let warehouse: WarehouseName
    }

    struct Promoted: Hashable {
        let project: ProjectName
        let promotion: PromotionName
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
        guard lock.tryLock() else {
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
            load: { project, promotion in try Self.job(promotion, in: project, of: ledger) }
        )
    }

    /// Goes on until there is nothing to do now; says when there will be something.
    func runUntilIdle() async throws -> Timestamp? {
        try await takeOver()
        while true {
            let looked = try await look()
            let settled = try await settle()
            let performed = try await perform()
            if !looked, !performed { return settled.wakeAt }
        }
    }

    /// Goes on until the task is cancelled.
    func run() async throws {
        while !Task.isCancelled {
            let wakeAt = try await runUntilIdle()
            let idleAt = try ledger.log.head().position
            let next = [wakeAt, nextLook()].compactMap { $0 }.min()
            let now = Timestamp.wallClock()
            let pause = next.map { $0.milliseconds(since: now) } ?? Self.pauseMillisecondsMax
            try await rest(
                after: idleAt,
                milliseconds: min(max(pause, 100), Self.pauseMillisecondsMax)
            )
        }
    }

    /// The clock is asked again after this long at the latest, whatever it said before.
    private static let pauseMillisecondsMax: Int64 = 60_000

    /// Waits until somebody, in whichever process, records something, or the time is over, or
    /// the task is cancelled.
    private func rest(after position: Position, milliseconds: Int64) async throws {
        let heads = try ledger.log.follow(after: position)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: .milliseconds(milliseconds)) }
            group.addTask { for await _ in heads { break } }
            await group.next()
            group.cancelAll()
        }
    }
}
