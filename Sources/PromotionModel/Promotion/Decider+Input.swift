import EventLog
import Wire

extension Decider {
    /// Records what the present step of a promotion waits for; quiet where it is known.
    ///
    /// Refuses, in this order: unknown project or promotion; one that does not run; another
    /// attempt; a step that is not the next one, or was not started; a message and address over
    /// 4 KiB.
    func decide(_ command: RequestInput) throws(Stop) -> [EventDraft] {
        let (core, state) = try runningPromotion(command.promotion, in: command.project)
        try requireTurn(command.attempt, command.step, core, state)
        try requireStarted(command.step, by: command.attempt, core, in: command.project)
        let byteCount = command.message.utf8.count + (command.url?.utf8.count ?? 0)
        guard byteCount <= ModelLimits.awaitedByteCountMax else {
            throw .refused(
                .inputTooLarge(byteCount: byteCount, max: ModelLimits.awaitedByteCountMax)
            )
        }
        if let awaited = state.awaited, awaited.step == command.step,
            awaited.message == command.message, awaited.url == command.url
        {
            return []
        }
        var event = InputRequested()
        event.promotion = core.name
        event.stage = core.stage
        event.attempt = command.attempt
        event.step = command.step
        event.message = command.message
        event.url = command.url
        return [
            EventDraft(
                project: command.project,
                subject: .promotion(core.name),
                event: .inputRequested(event)
            )
        ]
    }

    /// Records what somebody gave to a waiting step; quiet where the same was given already.
    ///
    /// Refuses, in this order: unknown project or promotion; one that does not run; one that
    /// waits for nothing, or at another step; something else that was given already; a value
    /// over 64 KiB.
    func decide(_ command: GiveInput) throws(Stop) -> [EventDraft] {
        let (core, state) = try runningPromotion(command.promotion, in: command.project)
        guard let awaited = state.awaited, command.step == nil || command.step == awaited.step
        else { throw .refused(.nothingAwaited(core.name)) }
        let value = ValueMessage(command.value)
        if let given = awaited.value {
            guard given == value else { throw .refused(.inputGiven(core.name)) }
            return []
        }
        let byteCount = value.encoded().count
        guard byteCount <= ModelLimits.inputByteCountMax else {
            throw .refused(
                .inputTooLarge(byteCount: byteCount, max: ModelLimits.inputByteCountMax)
            )
        }
        var event = InputGiven()
        event.promotion = core.name
        event.stage = core.stage
        event.step = awaited.step
        event.value = value
        event.reason = envelope.reason
        return [
            EventDraft(
                project: command.project,
                subject: .promotion(core.name),
                event: .inputGiven(event)
            )
        ]
    }
}
