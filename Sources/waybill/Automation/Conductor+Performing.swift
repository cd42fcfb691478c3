import EventLog
import Ledger
import PromotionModel
import PromotionRunner

/// Performing promotions, and handing over commands.
extension Conductor {
    /// Promotions that are performed side by side.
    ///
    /// Many, because one that waits for somebody outside is among them as long as it waits.
    private static let performCountMax = 256

    /// Starts to perform the promotions that run, on several stages at once.
    func startPerforming(in group: inout ThrowingTaskGroup<Report, any Error>) {
        let runner = runner
        while let promoted = agenda.nextToPerform(limit: Self.performCountMax) {
            group.addTask {
                let outcome = try await runner.perform(promoted.project, promoted.promotion)
                return .performed(promoted, outcome)
            }
        }
    }

    /// Takes leave of a promotion that is no longer performed.
    func conclude(_ promoted: Promoted, _ outcome: RunOutcome) throws {
        switch outcome {
        case .ended, .notRunning: agenda.finish(promoted, hasEnded: true)
        // Perhaps it still runs, for somebody else.
        case .stopped: agenda.finish(promoted, hasEnded: false)
        }
        try tellEnd(of: promoted)
    }

    /// Promotions whose runner is gone get a new attempt; nobody else can be at work on them,
    /// because the automation lock is ours.
    func takeOver() async throws {
        let running = try runningPromotions()
        runner.sweep(keeping: running.map { ($0.project, $0.promotion) })
        for promoted in running {
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
        let name = promoted.promotion
        let (state, open) = try ledger.read { (view) throws(LedgerError) in
            try view.ask { facts throws(FactsFailure) in
                let stage = try facts.promotion(name, in: promoted.project)?.stage
                let open = try stage.flatMap { stage throws(FactsFailure) in
                    try facts.stageState(stage, in: promoted.project).verification
                }
                return (try facts.promotionState(name, in: promoted.project), open)
            }
        }
        let message = state.message.map { ": \($0)" } ?? ""
        tell("\(name) \(state.phase) (\(Display.summary(state.changes)))\(message)")
        if open?.promotion == name {
            tell(
                "\(name) waits to be verified; waybill report --promotion \(name) says how that "
                    + "ended"
            )
        } else if state.verification?.assumed == true {
            tell("\(name) is taken as verified, and nobody looked (external: assume)")
        }
    }

    static func job(
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

    static func submit(
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
