import EventLog

extension Decider {
    /// Records what the steps of an open verification found: it failed if one of them failed, and
    /// is errored if one errored or was aborted, or could not be performed.
    ///
    /// Refuses, in this order: unknown project or promotion; a verification that is over, or is
    /// another one than the runner began with.
    func decide(_ command: FinishVerification) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        let (core, state) = try promotion(command.promotion, in: command.project)
        let stage = try stageState(core.stage, in: command.project)
        guard let open = stage.verification, open.promotion == core.name,
            open.position == command.started, let collection = state.collection
        else { throw .refused(.verificationOver(core.name)) }
        let outcomes = command.outcomes(of: open)
        var event = VerificationFinished()
        event.stage = core.stage
        event.promotion = core.name
        event.collection = collection.id
        event.steps = command.steps
        switch outcomes.finalPhase {
        case .succeeded: event.result = .successful
        case .failed: event.result = .failed
        case .pending, .running, .errored, .aborted, .superseded: event.result = .errored
        }
        if event.result != .successful { event.message = outcomes.worst?.message }
        return [finished(event, in: command.project)]
    }
}

extension FinishVerification {
    /// What became of the steps, as far as it decides the result.
    fileprivate func outcomes(of open: OpenVerification) -> [StepOutcome] {
        steps.map { step in
            let continues =
                open.steps.indices.contains(Int(clamping: step.template))
                && open.steps[Int(step.template)].continueOnError
            return StepOutcome(
                status: step.status,
                continueOnError: continues,
                message: "step \(step.alias): \(step.message ?? "no reason was given")"
            )
        }
    }
}
