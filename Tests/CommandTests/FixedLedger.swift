import EventLog
import Foundation
import Ledger
import Manifests
import PromotionModel
import Synchronization

/// A ledger whose every position, time, id and name is the same on every machine.
///
/// The shop's manifests, but commits that nobody ever made, and a clock that goes on by a minute
/// with each command. Asked at a position, the program answers the same for ever.
struct FixedLedger: Sendable {
    let place: LedgerDirectory
    /// The last position.
    let end: Int

    private static let task = Task { try await make() }

    /// The ledger that all tests read; nobody changes it.
    static var shared: FixedLedger { get async throws { try await task.value } }

    /// A copy that a test may change.
    func copied() throws -> LedgerDirectory {
        let copy = try LedgerDirectory()
        try Files.copy(place.ledger, to: copy.ledger)
        return copy
    }

    private static func make() async throws -> FixedLedger {
        let place = try LedgerDirectory()
        let author = try FixedAuthor(place.ledger)
        try await author.write()
        return FixedLedger(place: place, end: try author.end())
    }
}

/// Writes the fixed ledger, as people, automation and a runner would.
private struct FixedAuthor {
    private let ledger: Ledger
    private let clock: FixedClock
    private let project = ProjectName(unchecked: "shop")

    init(_ path: String) throws {
        let clock = FixedClock()
        self.clock = clock
        ledger = try Ledger.create(at: path, clock: { clock.now })
    }

    func end() throws -> Int { Int(try ledger.log.head().position.rawValue) }

    func write() async throws {
        try await execute(.applyManifests(ApplyManifests(resources: try resources())))
        for service in ["catalog", "checkout", "payments", "search", "web"] {
            try await discover(service, "1")
        }
        try await settle()
        try await repackage("2026.47")
        try await promote("2026.47")
        try await settle()

        for service in ["catalog", "web"] { try await discover(service, "2") }
        try await settle()
        try await repackage("2026.48")
        try await promote("2026.48")
        try await settle()

        try await execute(
            .rollBackStage(
                RollBackStage(
                    project: project,
                    stage: StageName(unchecked: "prod"),
                    target: .previous
                )
            ),
            reason: "customers cannot pay"
        )
        try await settle()
        try await discoverTwins()
        try await execute(
            .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: project,
                    warehouse: WarehouseName(unchecked: "search"),
                    message: "git ls-remote: the repository is gone"
                )
            ),
            as: "discovery"
        )
        try await promote("2026.48")
        try await annotate()
        await ledger.log.close()
    }

    /// A bookmark where the first train had reached prod, and a note about prod.
    private func annotate() async throws {
        let arrivals = try ledger.read { (view) throws(LedgerError) in
            try view.history(of: StageName(unchecked: "prod"), in: project).items
        }
        let bookmark = SetBookmark(
            project: project,
            name: "first-train",
            position: arrivals.last?.position
        )
        try await execute(.setBookmark(bookmark), reason: "what the freeze began with")
        let note = RecordNote(
            project: project,
            subject: .stage(StageName(unchecked: "prod")),
            text: "customers saw errors from 02:10 to 02:40"
        )
        try await execute(.recordNote(note), as: "on-call")
    }

    private func resources() throws -> [Resource] {
        let folder = "\(Program.root)/fixtures/shop/manifests"
        return try Files.names(folder).flatMap { name in
            let text = try Files.text("\(folder)/\(name)")
                .replacingOccurrences(of: "REPOSITORIES", with: "https://git.example.com/shop")
            return ManifestReader.read(text, file: name).resources
        }
    }

    /// Two commits of search whose freight ids begin with the same six digits; automation of dev
    /// promotes neither, because nobody lets it go on.
    private func discoverTwins() async throws {
        for commit in Twins.commits {
            try await discover("search", commit)
            let warehouse = WarehouseName(unchecked: "search")
            try await execute(
                .createFreight(CreateFreight(project: project, warehouse: warehouse)),
                as: "automation/create"
            )
        }
    }

    private func discover(_ service: String, _ version: String) async throws {
        let digits = version.utf8.count == 40 ? version : Twins.id(service + version)
        var commit = CommitArtifact(
            repoURL: "https://git.example.com/shop/\(service).git",
            id: digits,
            branch: "main"
        )
        commit.author = "shop <shop@example.com>"
        commit.message = "Change \(version.prefix(7)) of \(service)"
        let finding = SubscriptionFinding(
            subscription: "",
            repoURL: commit.repoURL,
            artifacts: [Artifact(commit: commit)]
        )
        try await execute(
            .recordDiscovery(
                RecordDiscovery(
                    project: project,
                    warehouse: WarehouseName(unchecked: service),
                    findings: [finding]
                )
            ),
            as: "discovery"
        )
    }

    private func repackage(_ alias: String) async throws {
        let release = JunctionName(unchecked: "release")
        try await execute(
            .repackage(Repackage(project: project, junction: release, alias: alias))
        )
    }

    private func promote(_ alias: String) async throws {
        try await execute(
            .requestPromotion(
                RequestPromotion(
                    project: project,
                    stage: StageName(unchecked: "prod"),
                    selection: .named([alias])
                )
            )
        )
    }

    // MARK: - Automation

    /// Carries out what the rules call for, and performs promotions, until nothing is left.
    private func settle() async throws {
        while true {
            let (proposals, running) = try next()
            if proposals.isEmpty, running.isEmpty { return }
            for proposal in proposals { try await execute(proposal.envelope()) }
            for promotion in running { try await perform(promotion) }
        }
    }

    private func next() throws -> (proposals: [ProposedCommand], running: [PromotionName]) {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                let subjects =
                    try facts.warehouses(in: project).map { Subject.warehouse($0) }
                    + facts.stages(in: project).map { Subject.stage($0) }
                    + facts.junctions(in: project).map { Subject.junction($0) }
                let rule = view.nextStepsRule(in: project)
                var proposals: [ProposedCommand] = []
                for subject in subjects where proposals.isEmpty {
                    proposals = try rule.nextSteps(for: subject).commands
                }
                var running: [PromotionName] = []
                for stage in try facts.stages(in: project) {
                    running += [try facts.stageState(stage, in: project).running].compactMap { $0 }
                }
                return (proposals, proposals.isEmpty ? running : [])
            }
        }
    }

    private func perform(_ promotion: PromotionName) async throws {
        var step: UInt64 = 0
        while try isRunning(promotion) {
            try await execute(
                .startStep(
                    StartStep(project: project, promotion: promotion, attempt: 1, step: step)
                ),
                as: "runner"
            )
            try await execute(
                .finishStep(
                    FinishStep(
                        project: project,
                        promotion: promotion,
                        attempt: 1,
                        step: step,
                        status: .succeeded
                    )
                ),
                as: "runner"
            )
            step += 1
        }
    }

    private func isRunning(_ promotion: PromotionName) throws -> Bool {
        try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                try facts.promotionState(promotion, in: project).phase == .running
            }
        }
    }

    // MARK: - Commands

    private func execute(
        _ command: Command,
        as actor: String = "operator",
        reason: String? = nil
    ) async throws {
        try await execute(
            CommandEnvelope(
                id: CommandID(unchecked: "fixed-\(clock.tick())"),
                actor: EventActor(
                    name: actor,
                    assurance: actor == "operator" ? .asserted : .automation
                ),
                command: command,
                reason: reason
            )
        )
    }

    private func execute(_ envelope: CommandEnvelope) async throws {
        _ = clock.tick()
        switch try await ledger.execute(envelope) {
        case .accepted: return
        case .quiet, .refused, .conflict:
            throw TestFailure("the fixed ledger's \(envelope.command) was not accepted")
        }
    }
}

/// Commits of search whose freight ids share their first six digits; found by trying.
enum Twins {
    static let commits = [id("search 1564"), id("search 1847")]
    static let prefix = "c4b6a8"

    /// Forty digits that depend on a text only.
    static func id(_ text: String) -> String {
        String(Digest.sha256(Array(text.utf8)).hex.prefix(40))
    }
}

/// A clock that stands still until it is told to go on.
private final class FixedClock: Sendable {
    /// From 2026-03-02T09:00:00Z on.
    private let milliseconds = Mutex<Int64>(1_772_442_000_000)

    var now: Timestamp { milliseconds.withLock { Timestamp(rawValue: $0) } }

    /// Goes on by a minute; how many minutes it has gone since it began.
    func tick() -> Int64 {
        milliseconds.withLock { milliseconds in
            milliseconds += 60_000
            return (milliseconds - 1_772_442_000_000) / 60_000
        }
    }
}
