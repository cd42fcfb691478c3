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
                let (project, promotion) = (promoted.project, promoted.promotion)
                let outcome =
                    promoted.isVerification
                    ? try await runner.verify(project, promotion)
                    : try await runner.perform(project, promotion)
                return .performed(promoted, outcome)
            }
        }
    }

    /// Takes leave of a promotion that is no longer performed, or no longer verified.
    func conclude(_ promoted: Promoted, _ outcome: RunOutcome) {
        switch outcome {
        case .ended, .notRunning: agenda.finish(promoted, hasEnded: true)
        // Perhaps it still runs, for somebody else; a verification that was stopped is over.
        case .stopped: agenda.finish(promoted, hasEnded: promoted.isVerification)
        }
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

    /// What is told of an end that a runner reported; nothing of its other reports.
    static func linesOfEnd(
        _ payload: Event,
        _ facts: StoreFacts,
        in project: ProjectName
    ) throws(FactsFailure) -> [String] {
        if case .verificationStarted(let event) = payload {
            let name = event.promotion
            return event.steps.isEmpty
                ? [
                    "\(name) waits to be verified; waybill report --promotion \(name) says how "
                        + "that ended"
                ] : ["\(name) is being verified by \(event.steps.count) steps"]
        }
        if case .verificationFinished(let event) = payload {
            if event.assumed {
                return [
                    "\(event.promotion) is taken as verified, and nobody looked (external: assume)"
                ]
            }
            return [event.line].compactMap { $0 }
        }
        guard let name = payload.promotionThatEnded else { return [] }
        let state = try facts.promotionState(name, in: project)
        let message = state.message.map { ": \($0)" } ?? ""
        return ["\(name) \(state.phase) (\(Display.summary(state.changes)))\(message)"]
    }

    static func verificationJob(
        _ promotion: PromotionName,
        in project: ProjectName,
        of ledger: Ledger
    ) throws -> VerificationJob? {
        try ledger.read { (view) throws(LedgerError) in
            try view.verificationJob(for: promotion, in: project)
        }
    }

    static func job(
        _ promotion: PromotionName,
        in project: ProjectName,
        of ledger: Ledger
    ) throws -> PromotionJob? {
        try ledger.read { (view) throws(LedgerError) in
            try view.job(for: promotion, in: project)
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

extension Event {
    /// The promotion whose end it is.
    fileprivate var promotionThatEnded: PromotionName? {
        if case .promotionSucceeded(let event) = self { return event.promotion }
        if case .promotionFailed(let event) = self { return event.promotion }
        if case .promotionErrored(let event) = self { return event.promotion }
        if case .promotionAborted(let event) = self { return event.promotion }
        return nil
    }
}
