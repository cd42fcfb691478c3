import EventLog
import Expressions
import Ledger
import PromotionModel
import Synchronization

/// What asking a ledger costs: the state of a stage at any position, small ledger and large.
enum LedgerBenchmark {
    private static let stageCount = 20
    private static let questionCount = 20_000

    /// Makes a ledger of `eventCount` events in `directory`/ledger-`eventCount`, unless it is
    /// there, and asks it for stages at random positions.
    static func run(in directory: String, eventCounts: [Int]) async throws {
        Output.line("| events | made at | median µs | 99 % µs | wanted | |")
        Output.line("|---|---|---|---|---|---|")
        var first: Double?
        for eventCount in eventCounts {
            let path = "\(directory)/ledger-\(eventCount)"
            let (ledger, rate) = try await make(at: path, eventCount: eventCount)
            // The first pass brings the pages into memory, where a ledger in use has them.
            _ = try ask(ledger)
            let micros = try ask(ledger).sorted()
            let median = micros[micros.count / 2]
            let tail = micros[micros.count * 99 / 100]
            let isFast = median < 10 && median <= 2 * (first ?? median)
            first = first ?? median
            let made = rate.map { "\(Int($0))/s" } ?? "there already"
            Output.line(
                "| \(try ledger.log.head().position.rawValue) | \(made) | \(fixed(median)) "
                    + "| \(fixed(tail)) | 10, and 2 × the smallest ledger's "
                    + "| \(isFast ? "reached" : "missed") |"
            )
            await ledger.log.close()
        }
        Output.line("\nPeak resident anonymous memory: \(Memory.peakAnonymousMiB()) MiB")
    }

    private static func fixed(_ value: Double) -> String {
        "\((value * 100).rounded() / 100)"
    }

    /// Microseconds that each of many questions took.
    private static func ask(_ ledger: Ledger) throws -> [Double] {
        let size = try ledger.log.head().position.rawValue
        var generator = SplitMix(seed: 1)
        var micros: [Double] = []
        micros.reserveCapacity(questionCount)
        try ledger.read { (view) throws(LedgerError) in
            for _ in 0..<questionCount {
                let stage = Self.stage(Int.random(in: 0..<stageCount, using: &generator))
                let position = UInt64.random(in: 1...size, using: &generator)
                let facts = view.facts.asOf(Position(rawValue: position))
                let began = ContinuousClock.now
                _ = try view.ask { _ throws(FactsFailure) in
                    try facts.stageState(stage, in: project)
                }
                micros.append((ContinuousClock.now - began) / .microseconds(1))
            }
        }
        Memory.sample()
        return micros
    }

    // MARK: - Making

    private static let project = ProjectName(unchecked: "bench")

    private static func stage(_ number: Int) -> StageName {
        StageName(unchecked: "stage-\(number)")
    }

    private static func warehouse(_ number: Int) -> WarehouseName {
        WarehouseName(unchecked: "warehouse-\(number)")
    }

    /// The ledger at `path`, and how many events a second were appended to make it.
    static func make(
        at path: String,
        eventCount: Int
    ) async throws -> (Ledger, Double?) {
        do throws(LedgerError) {
            return (try Ledger.open(at: path), nil)
        } catch {
            guard case .log(.noLedger) = error else { throw error }
        }
        let ledger = try Ledger.create(at: path)
        let began = ContinuousClock.now
        try await submit(.applyManifests(ApplyManifests(resources: resources)), "apply", ledger)
        let cycleCount = eventCount / 8 / stageCount
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<stageCount {
                group.addTask {
                    for cycle in 0..<cycleCount {
                        try await promote(number, cycle, ledger)
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return (ledger, Double(try ledger.log.head().position.rawValue) / seconds)
    }

    private static var resources: [Resource] {
        var specifications: [Specification] = [.project]
        for number in 0..<stageCount {
            var step = StepTemplate()
            step.uses = "fail"
            step.config = ["path": "./out"]
            var spec = StageSpec()
            spec.steps = [step]
            spec.requestedFreight = [
                RequestedFreight(origin: .warehouse(warehouse(number)), direct: true)
            ]
            var watched = WarehouseSpec()
            watched.subscriptions = [Subscription(git: GitSubscription(repoURL: url(number)))]
            specifications.append(.warehouse(warehouse(number), watched))
            specifications.append(.stage(stage(number), spec))
        }
        return specifications.map { Resource(project: project, specification: $0) }
    }

    private static func url(_ number: Int) -> String {
        "https://git.example.com/bench/service-\(number).git"
    }

    /// One commit from discovery to a succeeded promotion: eight events.
    private static func promote(_ number: Int, _ cycle: Int, _ ledger: Ledger) async throws {
        let name = "\(number)-\(cycle)"
        let commit = Digest.sha256(Array(name.utf8)).hex.prefix(40)
        let finding = SubscriptionFinding(
            subscription: "",
            repoURL: url(number),
            artifacts: [
                Artifact(commit: CommitArtifact(repoURL: url(number), id: String(commit)))
            ]
        )
        let warehouse = warehouse(number)
        let discovery = RecordDiscovery(
            project: project,
            warehouse: warehouse,
            findings: [finding]
        )
        try await submit(.recordDiscovery(discovery), "d-\(name)", ledger)
        let creation = CreateFreight(project: project, warehouse: warehouse)
        try await submit(.createFreight(creation), "f-\(name)", ledger)
        let freight = FreightIdentity.id(of: finding.artifacts, origin: .warehouse(warehouse))
        let request = RequestPromotion(
            project: project,
            stage: stage(number),
            selection: .named([freight.rawValue])
        )
        try await submit(.requestPromotion(request), "r-\(name)", ledger)
        let pending = try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                try facts.stageState(stage(number), in: project).pending.first?.name
            }
        }
        guard let promotion = pending else { preconditionFailure("the request was accepted") }
        let start = StartPromotion(project: project, promotion: promotion)
        try await submit(.startPromotion(start), "s-\(name)", ledger)
        let began = StartStep(project: project, promotion: promotion, attempt: 1, step: 0)
        try await submit(.startStep(began), "b-\(name)", ledger)
        let ended = FinishStep(
            project: project,
            promotion: promotion,
            attempt: 1,
            step: 0,
            status: .succeeded
        )
        try await submit(.finishStep(ended), "e-\(name)", ledger)
    }

    private static func submit(_ command: Command, _ id: String, _ ledger: Ledger) async throws {
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: id),
            actor: EventActor(name: "bench", assurance: .asserted),
            command: command
        )
        let outcome = try await ledger.execute(envelope)
        guard case .accepted = outcome else {
            preconditionFailure("\(id) should be accepted, yet \(outcome)")
        }
    }
}
