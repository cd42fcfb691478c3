import EventLog
import Expressions
import Wire

extension Decider {
    /// Begins a pending promotion, or ends it where its freight is no longer available.
    ///
    /// An open verification that it does not wait for is aborted.
    ///
    /// Refuses, in this order: unknown project or promotion; one that is not pending; another
    /// that runs on the stage; another that goes first; an open verification that it waits for.
    func decide(_ command: StartPromotion) throws(Stop) -> [EventDraft] {
        let (core, state) = try promotion(command.promotion, in: command.project)
        guard state.phase == .pending else {
            throw .refused(.promotionNotPending(core.name, phase: state.phase))
        }
        let spec = try stageSpec(core.stage, in: command.project)
        let stage = try stageState(core.stage, in: command.project)
        if let running = stage.running {
            throw .refused(.anotherPromotionRuns(running, on: core.stage))
        }
        if let first = stage.pending.first, first.name != core.name {
            throw .refused(.anotherPromotionIsNext(first.name, on: core.stage))
        }
        let aborted = try verificationEnded(by: core, spec, stage, in: command.project)
        let collection: FreightCollection
        if let target = core.target {
            let current = stage.current ?? FreightCollection()
            if let why = try quarantine(of: target, core, running: current, in: command.project) {
                return [errored(core, "it can no longer be promoted: \(why)", in: command.project)]
            }
            collection = target
        } else {
            let freight = try freight(of: core, in: command.project)
            if let why = try unavailability(of: freight, core, in: command.project) {
                return [errored(core, "it can no longer be promoted: \(why)", in: command.project)]
            }
            let current = stage.current ?? FreightCollection()
            collection = current.putting(freight, requests: spec.requestedFreight, by: core.name)
        }
        let started = try started(core, collection, stage, in: command.project)
        return [aborted].compactMap { $0 } + started
    }

    private func started(
        _ core: Promotion,
        _ collection: FreightCollection,
        _ stage: StageState,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let current = stage.current ?? FreightCollection()
        var event = PromotionStarted()
        event.promotion = core.name
        event.stage = core.stage
        event.collection = collection
        event.changes = current.changes(
            to: collection,
            uncertain: Set(stage.uncertain.map(\.origin))
        )
        event.plan = core.plan(for: event.changes)
        let draft = EventDraft(
            project: project,
            subject: .promotion(core.name),
            event: .promotionStarted(event)
        )
        guard event.plan.isEmpty else { return [draft] }
        // Nothing is to be done, so there is nobody who would report the end.
        return [draft] + (try succeeded(core, collection, in: project))
    }

    private func freight(of core: Promotion, in project: ProjectName) throws(Stop) -> [Freight] {
        var freight: [Freight] = []
        for id in core.freight { freight.append(try self.freight(id, in: project)) }
        return freight
    }

    private func unavailability(
        of freight: [Freight],
        _ core: Promotion,
        in project: ProjectName
    ) throws(Stop) -> String? {
        for piece in freight {
            do throws(Stop) {
                try requireAvailable(piece, to: .stage(core.stage), in: project)
            } catch {
                guard case .refused(let refusal) = error else { throw error }
                return refusal.description
            }
        }
        return nil
    }

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
    /// Refuses, in this order: unknown project or promotion; one that does not run; another
    /// attempt; a step that is not the next one, or was not started; outputs over 64 KiB.
    func decide(_ command: FinishStep) throws(Stop) -> [EventDraft] {
        let (core, state) = try runningPromotion(command.promotion, in: command.project)
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
        let draft = EventDraft(
            project: command.project,
            subject: .promotion(core.name),
            event: .stepFinished(event)
        )
        guard command.step + 1 == state.plan.count else { return [draft] }
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
    private func succeeded(
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

    private func errored(
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

    private func aborted(
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

    private func runningPromotion(
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
    private func requireStarted(
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

    private func requireTurn(
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
