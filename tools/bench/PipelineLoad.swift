import EventLog
import Expressions
import Ledger
import PromotionModel

/// Drives a ledger through the pipeline by commands, as warehouses, automation and runners would.
struct PipelineLoad: Sendable {
    let ledger: Ledger
    let pipeline: Pipeline

    /// How many commits a look at a repository finds: Kargo's default limit.
    private static let foundCount = 20

    /// Executes a command under a fresh id; it must be accepted.
    func execute(
        _ command: Command,
        by assurance: Assurance = .automation,
        because: String? = nil
    ) async throws {
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: CommandNames.next()),
            actor: EventActor(name: "bench", assurance: assurance),
            command: command,
            because: because
        )
        let outcome = try await ledger.execute(envelope)
        guard case .accepted = outcome else {
            fatalError("\(command) should be accepted, yet \(outcome)")
        }
    }

    // MARK: - Freight

    static func commit(_ service: Int, _ number: Int) -> Artifact {
        let digits = Digest.sha256(Array("\(service)-\(number)".utf8)).hex.prefix(40)
        var commit = CommitArtifact(
            repoURL: Pipeline.repository(service),
            id: String(digits),
            branch: "main"
        )
        commit.message = "service-\(service): change number \(number) of many"
        commit.author = "Developer \(number % 40) <developer-\(number % 40)@example.com>"
        return Artifact(commit: commit)
    }

    static func freight(_ service: Int, _ number: Int) -> FreightID {
        FreightIdentity.id(of: [commit(service, number)], origin: Pipeline.origin(service))
    }

    /// Finds a commit, beside the ones before it, and makes freight of it.
    func makeFreight(_ service: Int, _ number: Int) async throws {
        let oldest = max(0, number - Self.foundCount + 1)
        let finding = SubscriptionFinding(
            subscription: "",
            repoURL: Pipeline.repository(service),
            artifacts: (oldest...number).reversed().map { Self.commit(service, $0) }
        )
        let warehouse = Pipeline.warehouse(service)
        try await execute(
            .recordDiscovery(
                RecordDiscovery(
                    project: Pipeline.project,
                    warehouse: warehouse,
                    findings: [finding]
                )
            )
        )
        try await execute(
            .createFreight(CreateFreight(project: Pipeline.project, warehouse: warehouse)),
            because: "freightCreationPolicy Automatic: the newest of each subscription"
        )
    }

    // MARK: - Promotions

    /// Promotes to a stage and performs every step.
    func promote(_ selection: FreightSelection, to stage: StageName) async throws {
        let request = RequestPromotion(
            project: Pipeline.project,
            stage: stage,
            selection: selection,
            kind: .automatic
        )
        try await execute(
            .requestPromotion(request),
            because: "autoPromotionEnabled: it is the newest available freight"
        )
        try await perform(stage)
    }

    /// Starts the promotion that waits on a stage, and performs every step.
    func perform(_ stage: StageName) async throws {
        let promotion = try state(of: stage).pending.first?.name
        guard let promotion else { preconditionFailure("nothing waits on \(stage)") }
        let project = Pipeline.project
        try await execute(
            .startPromotion(StartPromotion(project: project, promotion: promotion))
        )
        let stepCount = try ask { facts throws(FactsFailure) in
            try facts.promotionState(promotion, in: project).plan.count
        }
        for step in 0..<UInt64(stepCount) {
            try await execute(
                .startStep(
                    StartStep(project: project, promotion: promotion, attempt: 1, step: step)
                )
            )
            try await execute(
                .finishStep(
                    FinishStep(
                        project: project,
                        promotion: promotion,
                        attempt: 1,
                        step: step,
                        status: .succeeded,
                        outputs: ["commit": "64929ca1b2c3d4e5f60718293a4b5c6d7e8f9012"]
                    )
                )
            )
        }
    }

    private func state(of stage: StageName) throws -> StageState {
        try ask { facts throws(FactsFailure) in
            try facts.stageState(stage, in: Pipeline.project)
        }
    }

    private func ask<T>(_ question: (StoreFacts) throws(FactsFailure) -> T) throws -> T {
        try ledger.read { (view) throws(LedgerError) in try view.ask(question) }
    }

    // MARK: - All of it

    /// Fills the ledger: `freightCount` pieces of freight of each service, in `roundCount` rounds.
    ///
    /// After each round the newest of each service go through two of its own stages (every tenth
    /// round through all), and together through dev, uat, the junction and one prod.
    func fill(freightCount: Int, roundCount: Int) async throws {
        let project = Pipeline.project
        try await execute(.applyManifests(ApplyManifests(resources: pipeline.resources)))
        let each = freightCount / roundCount
        for round in 0..<roundCount {
            let numbers = round * each..<(round + 1) * each
            try await withThrowingTaskGroup(of: Void.self) { group in
                for service in 0..<pipeline.serviceCount {
                    group.addTask { try await fill(service, numbers, round) }
                }
                try await group.waitForAll()
            }
            let newest = (0..<pipeline.serviceCount).map {
                Self.freight($0, numbers.upperBound - 1).rawValue
            }
            try await promote(.named(newest), to: Pipeline.dev)
            try await promote(.from(Pipeline.dev, origin: nil), to: Pipeline.uat)
            try await execute(
                .collectFreight(CollectFreight(project: project, junction: Pipeline.release))
            )
            try await execute(
                .repackage(Repackage(project: project, junction: Pipeline.release)),
                by: .asserted
            )
            let bundle = try ask { facts throws(FactsFailure) in
                try facts.junctionState(Pipeline.release, in: project).bundle
            }
            guard let bundle else { preconditionFailure("it was repackaged") }
            let prod = Pipeline.prod(round % pipeline.prodCount)
            try await promote(.named([bundle.rawValue]), to: prod)
        }
    }

    private func fill(_ service: Int, _ numbers: Range<Int>, _ round: Int) async throws {
        for number in numbers { try await makeFreight(service, number) }
        let newest = Self.freight(service, numbers.upperBound - 1).rawValue
        let stageCount = round % 10 == 0 ? pipeline.ownStageCount : 2
        for stage in 0..<stageCount {
            try await promote(.named([newest]), to: Pipeline.ownStage(service, stage))
        }
    }
}
