extension Decider {
    /// Says how healthy is what a stage runs; quiet while it stays so.
    ///
    /// It counts until something else runs there; it moves nothing and keeps nothing from moving.
    ///
    /// Refuses, in this order: unknown project or stage; a message that is too long.
    func decide(_ command: ReportHealth) throws(Stop) -> [EventDraft] {
        _ = try stageSpec(command.stage, in: command.project)
        try requireFinding(command.message)
        let state = try stageState(command.stage, in: command.project)
        if state.health == command.health, state.healthMessage == command.message { return [] }
        var event = HealthReported()
        event.stage = command.stage
        event.health = command.health
        event.message = command.message
        return [
            EventDraft(
                project: command.project,
                subject: .stage(command.stage),
                event: .healthReported(event)
            )
        ]
    }
}
