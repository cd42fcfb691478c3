import EventLog
import Expressions
import Wire

extension Decider {
    /// Gives a promotion to another runner; quiet where somebody did so already.
    ///
    /// Refuses, in this order: unknown project or promotion; one that does not run.
    func decide(_ command: TakeOverPromotion) throws(Stop) -> [EventDraft] {
        let (core, state) = try runningPromotion(command.promotion, in: command.project)
        guard state.attempt == command.attempt else { return [] }
        var event = PromotionTakenOver()
        event.promotion = core.name
        event.stage = core.stage
        event.attempt = state.attempt + 1
        return [
            EventDraft(
                project: command.project,
                subject: .promotion(core.name),
                event: .promotionTakenOver(event)
            )
        ]
    }

    /// Records that a step begins.
    ///
    /// Refuses, in this order: unknown project or promotion; one that does not run; another
    /// attempt; a step that is not the next one.
    func decide(_ command: StartStep) throws(Stop) -> [EventDraft] {
        let (core, state) = try runningPromotion(command.promotion, in: command.project)
        try requireTurn(command.attempt, command.step, core, state)
        var event = StepStarted()
        event.promotion = core.name
        event.stage = core.stage
        event.attempt = command.attempt
        event.step = command.step
        event.alias = state.plan[Int(command.step)].alias
        return [
            EventDraft(
                project: command.project,
                subject: .promotion(core.name),
                event: .stepStarted(event)
            )
        ]
    }

    /// Records how a step ended, and with the last step how the promotion ended.
    ///
    /// Of a promotion that was superseded while it waited, it is still recorded that its step
    /// took effect: what it meant to change is uncertain then.
    ///
    /// Refuses, in this order: unknown project or promotion; one that does not run; another
    /// attempt; a step that is not the next one, or was not started; outputs over 64 KiB.
    func decide(_ command: FinishStep) throws(Stop) -> [EventDraft] {
        let (core, state) = try promotion(command.promotion, in: command.project)
        let isLate =
            state.phase == .superseded && state.startedAt != nil && command.hasTakenEffect
            && !state.hasTakenEffect
        guard state.phase == .running || isLate else {
            throw .refused(.promotionNotRunning(core.name, phase: state.phase))
        }
        try requireTurn(command.attempt, command.step, core, state)
        try requireStarted(command.step, by: command.attempt, core, in: command.project)
        let outputs = ValueMessage(command.outputs)
        let byteCount = outputs.encoded().count
        guard byteCount <= ModelLimits.outputByteCountMax else {
            throw .refused(.outputsTooLarge(byteCount: byteCount))
        }
        var event = StepFinished()
        event.promotion = core.name
        event.stage = core.stage
        event.attempt = command.attempt
        event.step = command.step
        event.alias = state.plan[Int(command.step)].alias
        event.status = command.status
        event.message = command.message
        event.outputs = outputs
        event.hasTakenEffect = command.hasTakenEffect
        let draft = EventDraft(
            project: command.project,
            subject: .promotion(core.name),
            event: .stepFinished(event)
        )
        guard !isLate, command.step + 1 == state.plan.count else { return [draft] }
        return [draft] + (try ended(core, state, last: event, in: command.project))
    }

    /// How a promotion ends, now that every step was dealt with.
    private func ended(
        _ core: Promotion,
        _ state: PromotionState,
        last: StepFinished,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        var outcomes: [StepOutcome] = []
        for (index, planned) in state.plan.enumerated() {
            let record = try ask { facts throws(FactsFailure) in
                try facts.step(UInt64(index), of: core.name, in: project)
            }
            let isLast = UInt64(index) == last.step
            let message = isLast ? last.message : record?.message
            outcomes.append(
                StepOutcome(
                    status: isLast ? last.status : record?.status ?? .skipped,
                    continueOnError: core.steps[Int(planned.template)].continueOnError,
                    message: "step \(planned.alias): \(message ?? "no reason was given")"
                )
            )
        }
        let message = outcomes.worst?.message ?? ""
        switch outcomes.finalPhase {
        case .succeeded:
            guard let collection = state.collection else {
                throw .failed(.inconsistent("promotion \(core.name) runs without a collection"))
            }
            return try succeeded(core, collection, in: project)
        case .failed:
            var event = PromotionFailed()
            event.promotion = core.name
            event.stage = core.stage
            event.message = message
            return [
                EventDraft(
                    project: project,
                    subject: .promotion(core.name),
                    event: .promotionFailed(event)
                )
            ]
        case .aborted:
            return [aborted(core, message, in: project)]
        case .pending, .running, .errored, .superseded:
            return [errored(core, message, in: project)]
        }
    }

    /// The end of a promotion that did all its steps, and what follows for its verification.
    func succeeded(
        _ core: Promotion,
        _ collection: FreightCollection,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        var success = PromotionSucceeded()
        success.promotion = core.name
        success.stage = core.stage
        success.collection = collection.id
        return [
            EventDraft(
                project: project,
                subject: .promotion(core.name),
                event: .promotionSucceeded(success)
            ),
            try verification(of: collection, by: core, in: project),
        ]
    }

    /// The event that ends `core` because something broke.
    func errored(
        _ core: Promotion,
        _ message: String,
        in project: ProjectName
    ) -> EventDraft {
        var event = PromotionErrored()
        event.promotion = core.name
        event.stage = core.stage
        event.message = message
        return EventDraft(
            project: project,
            subject: .promotion(core.name),
            event: .promotionErrored(event)
        )
    }

    /// Ends a promotion by hand.
    ///
    /// Refuses, in this order: unknown project or promotion; one that has ended.
    func decide(_ command: AbortPromotion) throws(Stop) -> [EventDraft] {
        let (core, state) = try promotion(command.promotion, in: command.project)
        if state.phase.isTerminal {
            throw .refused(.promotionEnded(core.name, phase: state.phase))
        }
        return [aborted(core, envelope.reason, in: command.project)]
    }

    /// The event that ends `core` before it is done.
    func aborted(
        _ core: Promotion,
        _ reason: String?,
        in project: ProjectName
    ) -> EventDraft {
        var event = PromotionAborted()
        event.promotion = core.name
        event.stage = core.stage
        event.reason = reason
        return EventDraft(
            project: project,
            subject: .promotion(core.name),
            event: .promotionAborted(event)
        )
    }

    /// A promotion that runs, or the refusal that it does not.
    func runningPromotion(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(Stop) -> (core: Promotion, state: PromotionState) {
        let (core, state) = try promotion(name, in: project)
        guard state.phase == .running else {
            throw .refused(.promotionNotRunning(name, phase: state.phase))
        }
        return (core, state)
    }

    /// Refuses the end of a step whose start this attempt has not reported: that a step began is
    /// what makes components uncertain, so it must not be missing.
    func requireStarted(
        _ step: UInt64,
        by attempt: UInt64,
        _ core: Promotion,
        in project: ProjectName
    ) throws(Stop) {
        let record = try ask { facts throws(FactsFailure) in
            try facts.step(step, of: core.name, in: project)
        }
        guard let record, record.attempt == attempt, record.startedAt != nil else {
            throw .refused(.stepNotStarted(core.name, step: step))
        }
    }

    /// Refuses reports of another attempt than the present one, or of a step out of order.
    func requireTurn(
        _ attempt: UInt64,
        _ step: UInt64,
        _ core: Promotion,
        _ state: PromotionState
    ) throws(Stop) {
        guard attempt == state.attempt else {
            throw .refused(
                .staleAttempt(core.name, attempt: attempt, current: state.attempt)
            )
        }
        guard step == state.currentStep, step < state.plan.count else {
            throw .refused(
                .stepOutOfOrder(core.name, step: step, expected: state.currentStep)
            )
        }
    }
}
