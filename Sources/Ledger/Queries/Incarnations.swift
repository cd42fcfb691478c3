package import EventLog
package import PromotionModel
import Wire

/// That a stage or junction was deleted; what is made under its name later is another one.
package struct Removal: Hashable, Sendable {
    package let position: Position
    package let at: Timestamp
    /// Who deleted it.
    package let actor: String
    package let reason: String?
}

extension View {
    /// The removal recorded at `position`.
    func removal(at position: Position) throws(LedgerError) -> Removal {
        let event = try event(at: position)
        var reason: String?
        if case .resourceRemoved(let payload) = event.event { reason = payload.reason }
        return Removal(
            position: position,
            at: event.header.recorded,
            actor: event.header.actor.name,
            reason: reason
        )
    }
}

extension StoreFacts {
    /// The event that ended the incarnation of a stage that there was at `then`; nil if it is
    /// still there.
    func removal(
        of stage: StageName,
        from then: Position,
        in project: ProjectName
    ) throws(FactsFailure) -> Position? {
        let key = RowKey(project.rawValue, stage.rawValue)
        return try removal(.stages, key, from: then, StageSpec.self)
    }

    /// The event that ended the incarnation of a junction that there was at `then`; nil if it is
    /// still there.
    func removal(
        of junction: JunctionName,
        from then: Position,
        in project: ProjectName
    ) throws(FactsFailure) -> Position? {
        let key = RowKey(project.rawValue, junction.rawValue)
        return try removal(.junctions, key, from: then, JunctionSpec.self)
    }

    /// Whether there was ever a stage of that name, deleted or not.
    package func hasEverBeen(
        _ stage: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> Bool {
        try latestBytes(.stages, RowKey(project.rawValue, stage.rawValue)) != nil
    }

    /// Whether there was ever a junction of that name, deleted or not.
    package func hasEverBeen(
        _ junction: JunctionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Bool {
        try latestBytes(.junctions, RowKey(project.rawValue, junction.rawValue)) != nil
    }

    /// Goes back from incarnation to incarnation, one seek each, however often each changed.
    private func removal<Spec: Message & Hashable>(
        _ table: LedgerTable,
        _ key: RowKey,
        from then: Position,
        _: Spec.Type
    ) throws(FactsFailure) -> Position? {
        var removal: Position?
        var row: Configured<Spec>? = try latest(table, key)
        while let present = row {
            if present.isRemoved {
                // What was removed before then is an earlier incarnation's.
                guard present.position > then else { break }
                removal = present.position
            }
            guard present.incarnation > then else { break }
            let before = Position(rawValue: present.incarnation.rawValue - 1)
            row = try asOf(before).latest(table, key)
        }
        return removal
    }
}
