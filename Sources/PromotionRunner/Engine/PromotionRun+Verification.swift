import EventLog
import PromotionModel

extension PromotionRun {
    /// Performs the steps of a verification, from the first on, and reports what they found.
    mutating func verify(
        _ started: Position,
        while isOpen: @escaping () async throws -> Bool
    ) async throws -> RunOutcome {
        self.isOpen = isOpen
        defer { directory.remove() }
        let obstacle = try await prepareDirectory(for: 0)
        var found: [VerificationStep] = []
        do {
            for index in job.state.plan.indices {
                try Task.checkCancellation()
                let result =
                    if let obstacle {
                        StepResult.unsuccessful(.wrong(obstacle))
                    } else {
                        try await result(of: index, isReported: false)
                    }
                progress.finish(index, result)
                found.append(finding(of: index, result))
            }
        } catch let stop as Stop {
            return .stopped(stop.refusal)
        }
        try Task.checkCancellation()
        let command = FinishVerification(
            project: job.project,
            promotion: job.promotion.name,
            started: started,
            steps: found
        )
        if case .refused(let refusal) = try await submit(.finishVerification(command)) {
            return .stopped(refusal)
        }
        return .ended
    }

    private func finding(of index: Int, _ result: StepResult) -> VerificationStep {
        let planned = job.state.plan[index]
        var step = VerificationStep()
        step.alias = planned.alias
        step.template = planned.template
        step.uses = planned.uses
        step.status = result.status
        step.message = result.message.map { secrets.masking($0) }
        return step
    }
}
