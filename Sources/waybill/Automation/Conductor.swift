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
    private let ledger: Ledger
    private let lock: FileLock
    private let discovery: WarehouseDiscovery
    private let runner: PromotionRunner
    private let tell: @Sendable (String) -> Void
    /// When each warehouse was looked at; owned by the actor.
    private var lookedAt: [Place: Timestamp] = [:]
    /// Promotions that this process started to perform, so they need no take-over.
    private var ours: Set<Promoted> = []
    /// Proposals that were refused or had been accepted before.
    ///
    /// Not tried again until something is recorded. Owned by the actor.
    private var parked: Set<CommandID> = []

    private struct Place: Hashable {
        let project: ProjectName
        let warehouse: WarehouseName
    }

    private struct Promoted: Hashable {
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
                    + "stop it first"
            )
        }
        let cache = try WorkDirectories.make("cache", in: ledger.log.path)
        let work = try WorkDirectories.make("work", in: ledger.log.path)
        var looking = DiscoveryOptions()
        looking.allowFileRepositories = settings.allowFileRepositories
        discovery = WarehouseDiscovery(cacheDirectory: cache, options: looking)
        var running = RunnerOptions()
        running.allowFileRepositories = settings.allowFileRepositories
        runner = PromotionRunner(
            workDirectory: work,
            submit: { command in try await Self.submit(command, as: "runner", to: ledger) },
            load: { project, promotion in try Self.job(promotion, in: project, of: ledger) },
            options: running
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
            let now = Timestamp.wallClock()
            let next = [wakeAt, nextLook()].compactMap { $0 }.min()
            let pause = next.map { $0.milliseconds(since: now) } ?? Self.pauseMillisecondsMax
            let bounded = min(max(pause, 100), Self.pauseMillisecondsMax)
            // Cancellation ends the pause early, and the loop with it.
            try? await Task.sleep(for: .milliseconds(bounded))
        }
    }

    /// Commands by other processes are noticed after this long at the latest.
    private static let pauseMillisecondsMax: Int64 = 2000

    // MARK: - Looking

    /// Looks at every warehouse whose interval has passed; says whether anything was recorded.
    private func look() async throws -> Bool {
        let now = Timestamp.wallClock()
        var due: [(place: Place, spec: WarehouseSpec)] = []
        for (place, spec) in try warehouses() {
            if let last = lookedAt[place], now.milliseconds(since: last) < spec.intervalMs {
                continue
            }
            lookedAt[place] = now
            due.append((place, spec))
        }
        let discovery = discovery
        let ledger = ledger
        let receipts = try await withThrowingTaskGroup(of: Receipt?.self) { group in
            var waiting = due[...]
            for _ in 0..<Self.lookCountMax {
                guard let next = waiting.popFirst() else { break }
                group.addTask { try await Self.look(next.place, next.spec, discovery, ledger) }
            }
            var receipts: [Receipt] = []
            while let result = try await group.next() {
                if let receipt = result { receipts.append(receipt) }
                guard let next = waiting.popFirst() else { continue }
                group.addTask { try await Self.look(next.place, next.spec, discovery, ledger) }
            }
            return receipts
        }
        for receipt in receipts { _ = try concerned(receipt) }
        return !receipts.isEmpty
    }

    /// Warehouses that are looked at side by side.
    private static let lookCountMax = 16

    private static func look(
        _ place: Place,
        _ spec: WarehouseSpec,
        _ discovery: WarehouseDiscovery,
        _ ledger: Ledger
    ) async throws -> Receipt? {
        let command: Command
        do {
            command = .recordDiscovery(
                RecordDiscovery(
                    project: place.project,
                    warehouse: place.warehouse,
                    findings: try await discovery.findings(for: spec)
                )
            )
        } catch {
            // Whoever stops us has not found out anything about the repository.
            try Task.checkCancellation()
            command = .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: place.project,
                    warehouse: place.warehouse,
                    message: "\(error)"
                )
            )
        }
        switch try await submit(command, as: "discovery", to: ledger) {
        case .accepted(let receipt): return receipt
        case .quiet, .refused: return nil
        }
    }

    private func warehouses() throws -> [(Place, WarehouseSpec)] {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var found: [(Place, WarehouseSpec)] = []
                for project in try facts.projects() {
                    for name in try facts.warehouses(in: project) {
                        guard let row = try facts.warehouse(name, in: project) else { continue }
                        found.append((Place(project: project, warehouse: name), row.spec))
                    }
                }
                return found
            }
        }
    }

    private func nextLook() -> Timestamp? {
        let specs = (try? warehouses()) ?? []
        return specs.compactMap { place, spec in
            lookedAt[place]?.adding(milliseconds: spec.intervalMs)
        }.min()
    }

    // MARK: - Settling

    /// What settling came to.
    private struct Settled {
        var wakeAt: Timestamp?
    }

    /// Carries out what the rules call for, until they call for nothing more.
    private func settle() async throws -> Settled {
        var agenda = try everything()
        var settled = Settled()
        while let entry = agenda.popFirst() {
            let next = try ledger.read { (view) throws(LedgerError) in
                try view.ask { _ throws(FactsFailure) in
                    try view.nextStepsRule(in: entry.project).nextSteps(for: entry.subject)
                }
            }
            settled.wakeAt = [settled.wakeAt, next.wakeAt].compactMap { $0 }.min()
            for proposal in next.commands {
                agenda.formUnion(try await carryOut(proposal))
            }
        }
        return settled
    }

    private struct Entry: Hashable, Comparable {
        let project: ProjectName
        let subject: Subject

        static func < (left: Entry, right: Entry) -> Bool {
            (left.project, left.subject) < (right.project, right.subject)
        }
    }

    private func carryOut(_ proposal: ProposedCommand) async throws -> Set<Entry> {
        let envelope = proposal.envelope()
        guard !parked.contains(envelope.id) else { return [] }
        switch try await ledger.execute(envelope) {
        case .accepted(let receipt) where receipt.isDuplicate:
            parked.insert(envelope.id)
            return []
        case .accepted(let receipt):
            parked.removeAll()
            return try concerned(receipt)
        case .quiet:
            return []
        case .refused(let refusal):
            parked.insert(envelope.id)
            tell("\(proposal.subject): \(refusal)")
            return []
        case .conflict:
            parked.insert(envelope.id)
            return []
        }
    }

    /// What the events of a receipt concern; tells of them.
    private func concerned(_ receipt: Receipt) throws -> Set<Entry> {
        let (entries, lines) = try ledger.read { (view) throws(LedgerError) in
            var entries: Set<Entry> = []
            var lines: [String] = []
            for number in receipt.first.rawValue...receipt.last.rawValue {
                let event = try view.event(at: Position(rawValue: number))
                guard let payload = event.event else { continue }
                let project = ProjectName(unchecked: event.header.project)
                let subjects = try view.ask { facts throws(FactsFailure) in
                    try facts.dependents(of: payload, in: project)
                }
                entries.formUnion(subjects.map { Entry(project: project, subject: $0) })
                if let line = Narrator.line(event) { lines.append(line) }
            }
            return (entries, lines)
        }
        for line in lines { tell(line) }
        return entries
    }

    private func everything() throws -> Set<Entry> {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var entries: Set<Entry> = []
                for project in try facts.projects() {
                    let warehouses = try facts.warehouses(in: project).map { Subject.warehouse($0) }
                    let stages = try facts.stages(in: project).map { Subject.stage($0) }
                    let junctions = try facts.junctions(in: project).map { Subject.junction($0) }
                    for subject in warehouses + stages + junctions {
                        entries.insert(Entry(project: project, subject: subject))
                    }
                }
                return entries
            }
        }
    }

    // MARK: - Performing

    /// Performs all running promotions, stages side by side; says whether there were any.
    private func perform() async throws -> Bool {
        let running = try runningPromotions().filter { !ours.contains($0) }
        guard !running.isEmpty else { return false }
        ours.formUnion(running)
        let runner = runner
        try await withThrowingTaskGroup(of: Void.self) { group in
            for promoted in running {
                group.addTask {
                    _ = try await runner.perform(promoted.project, promoted.promotion)
                }
            }
            try await group.waitForAll()
        }
        for promoted in running { try tellEnd(of: promoted) }
        return true
    }

    /// Promotions whose runner is gone get a new attempt; nobody else can be at work on them,
    /// because the automation lock is ours.
    private func takeOver() async throws {
        for promoted in try runningPromotions() where !ours.contains(promoted) {
            let state = try ledger.read { (view) throws(LedgerError) in
                try view.ask { facts throws(FactsFailure) in
                    try facts.promotionState(promoted.promotion, in: promoted.project)
                }
            }
            let command = TakeOverPromotion(
                project: promoted.project,
                promotion: promoted.promotion,
                attempt: state.attempt
            )
            _ = try await Self.submit(.takeOverPromotion(command), as: "runner", to: ledger)
            tell("\(promoted.promotion) taken over")
        }
    }

    private func runningPromotions() throws -> [Promoted] {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                var running: [Promoted] = []
                for project in try facts.projects() {
                    for stage in try facts.stages(in: project) {
                        guard let name = try facts.stageState(stage, in: project).running else {
                            continue
                        }
                        running.append(Promoted(project: project, promotion: name))
                    }
                }
                return running
            }
        }
    }

    private func tellEnd(of promoted: Promoted) throws {
        let state = try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                try facts.promotionState(promoted.promotion, in: promoted.project)
            }
        }
        let message = state.message.map { ": \($0)" } ?? ""
        tell(
            "\(promoted.promotion) \(state.phase) (\(Display.summary(state.changes)))\(message)"
        )
    }

    private static func job(
        _ promotion: PromotionName,
        in project: ProjectName,
        of ledger: Ledger
    ) throws -> PromotionJob? {
        try ledger.read { (view) throws(LedgerError) in
            let checkpoint = (
                size: view.snapshot.head.position.rawValue, root: view.snapshot.root
            )
            return try view.ask { facts throws(FactsFailure) in
                try facts.job(for: promotion, in: project, checkpoint: checkpoint)
            }
        }
    }

    private static func submit(
        _ command: Command,
        as name: String,
        to ledger: Ledger
    ) async throws -> SubmitOutcome {
        let envelope = CommandEnvelope(
            id: .version7(at: .wallClock()),
            actor: EventActor(name: name, assurance: .automation),
            command: command
        )
        switch try await ledger.execute(envelope) {
        case .accepted(let receipt): return .accepted(receipt)
        case .quiet: return .quiet
        case .refused(let refusal): return .refused(refusal)
        case .conflict: preconditionFailure("a fresh command id was used before")
        }
    }
}
