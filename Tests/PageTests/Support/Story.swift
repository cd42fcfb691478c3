import EventLog
import Expressions
import Foundation
import Glibc
import Ledger
import PromotionModel
import Synchronization
import Testing

/// A ledger in a folder of its own, with a clock that the story sets, and people and machines who
/// act in it.
final class Story {
    static let project = ProjectName(unchecked: "shop")

    let ledger: Ledger
    private let folder: String
    private let time: SettableTime
    private var commandCount = 0

    /// A clock that is set.
    final class SettableTime: Sendable {
        private let value: Mutex<Timestamp>
        init(_ value: Timestamp) { self.value = Mutex(value) }
        var now: Timestamp {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    init(at start: String = "2026-09-04T08:00:00Z") throws {
        var template = Array("/tmp/waybill-pages-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            preconditionFailure("no folder can be made in /tmp")
        }
        let path = template.dropLast().map { UInt8(bitPattern: $0) }
        folder = String(decoding: path, as: UTF8.self)
        let time = SettableTime(Timestamp(text: start) ?? .epoch)
        self.time = time
        ledger = try Ledger.create(at: folder + "/ledger", clock: { time.now })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var now: Timestamp { time.now }

    func at(_ text: String) {
        guard let time = Timestamp(text: text) else { preconditionFailure("no time: \(text)") }
        precondition(time >= self.time.now, "\(text) is before \(self.time.now.text)")
        self.time.now = time
    }

    func wait(seconds: Int64) { time.now = time.now.adding(milliseconds: seconds * 1000) }

    /// Executes a command, which must be accepted.
    @discardableResult
    func act(
        _ command: Command,
        by actor: String = "automation",
        reason: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Position? {
        commandCount += 1
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "story-\(commandCount)"),
            actor: EventActor(
                name: actor,
                assurance: ["automation", "runner-1", "discovery"].contains(actor)
                    ? .automation : .asserted
            ),
            command: command,
            reason: reason
        )
        switch try await ledger.execute(envelope) {
        case .accepted(let receipt): return receipt.first
        case .quiet, .conflict: return nil
        case .refused(let refusal):
            Issue.record("refused: \(refusal)", sourceLocation: sourceLocation)
            return nil
        }
    }

    func state(of stage: String) throws -> StageState {
        try ledger.read { view throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                try facts.stageState(StageName(unchecked: stage), in: Self.project)
            }
        }
    }

    func newest(_ origin: Origin) throws -> FreightID {
        let found = try ledger.read { view throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                try facts.freight(
                    of: origin,
                    in: Self.project,
                    before: Position(rawValue: .max),
                    limit: 1
                )
            }
        }
        return try #require(found.first?.freight)
    }
}

extension Story {
    // MARK: - What happens

    /// A warehouse finds a version, and makes freight of it.
    func discover(_ warehouse: String, _ version: String) async throws {
        let name = WarehouseName(unchecked: warehouse)
        let repository = "https://git.example.com/shop/\(warehouse).git"
        let id = Digest.sha256(Array("\(warehouse) \(version)".utf8)).hex.prefix(40)
        var commit = CommitArtifact(repoURL: repository, id: String(id), tag: version)
        commit.message = "Release \(version)"
        commit.author = "release-bot <bot@example.com>"
        commit.committedAtMs = now.rawValue - 600_000
        let finding = SubscriptionFinding(
            subscription: "",
            repoURL: repository,
            artifacts: [Artifact(commit: commit)]
        )
        try await act(
            .recordDiscovery(
                RecordDiscovery(project: Self.project, warehouse: name, findings: [finding])
            ),
            by: "discovery"
        )
        try await act(
            .createFreight(CreateFreight(project: Self.project, warehouse: name)),
            by: "discovery"
        )
    }

    /// Asks for a promotion; returns its name.
    @discardableResult
    func request(
        _ stage: String,
        _ freight: String,
        by actor: String = "automation",
        reason: String? = nil
    ) async throws -> PromotionName {
        let name = StageName(unchecked: stage)
        try await act(
            .requestPromotion(
                RequestPromotion(
                    project: Self.project,
                    stage: name,
                    selection: .named([freight]),
                    kind: actor == "automation" ? .automatic : .manual,
                    allowRegression: actor != "automation"
                )
            ),
            by: actor,
            reason: reason
        )
        return try #require(try state(of: stage).pending.last?.name)
    }

    /// Performs the first of a stage's queue: all steps, or the first `count` of them.
    func perform(
        _ stage: String,
        steps count: Int = .max,
        ending: StepStatus = .succeeded,
        seconds: Int64 = 6
    ) async throws {
        let name = try #require(try state(of: stage).pending.first?.name)
        try await act(
            .startPromotion(StartPromotion(project: Self.project, promotion: name)),
            by: "runner-1"
        )
        let plan = try ledger.read { view throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                try facts.promotionState(name, in: Self.project).plan
            }
        }
        for index in plan.indices.prefix(count) {
            try await step(name, index)
            wait(seconds: seconds)
            let isLast = index == min(count, plan.count) - 1
            try await act(
                .finishStep(
                    FinishStep(
                        project: Self.project,
                        promotion: name,
                        attempt: 1,
                        step: UInt64(index),
                        status: isLast ? ending : .succeeded,
                        message: isLast && ending != .succeeded ? "timed out after 10 min" : nil,
                        outputs: ["commit": "84a516844c1b", "branch": "main"],
                        hasTakenEffect: plan[index].alias == "push"
                    )
                ),
                by: "runner-1"
            )
        }
        guard count < plan.count else { return }
        try await step(name, count)
    }

    private func step(_ name: PromotionName, _ index: Int) async throws {
        try await act(
            .startStep(
                StartStep(
                    project: Self.project,
                    promotion: name,
                    attempt: 1,
                    step: UInt64(index)
                )
            ),
            by: "runner-1"
        )
    }

    /// Freight goes through dev and uat.
    func flow(_ warehouse: String, _ version: String) async throws {
        try await discover(warehouse, version)
        let id = try newest(.warehouse(WarehouseName(unchecked: warehouse))).rawValue
        wait(seconds: 60)
        try await request("dev", id)
        try await perform("dev")
        wait(seconds: 60)
        try await request("uat", id)
        try await perform("uat")
    }

    /// The junction fills its slots and makes a bundle, which goes to prod.
    func release(_ alias: String, reason: String) async throws {
        try await collect()
        try await act(
            .repackage(Repackage(project: Self.project, junction: Shop.release, alias: alias)),
            by: "release-manager",
            reason: reason
        )
        wait(seconds: 600)
        try await request("prod", alias, by: "release-manager", reason: reason)
        try await perform("prod")
    }

    func collect() async throws {
        try await act(
            .collectFreight(CollectFreight(project: Self.project, junction: Shop.release))
        )
    }
}
