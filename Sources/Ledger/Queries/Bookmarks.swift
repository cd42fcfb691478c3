package import EventLog
package import PromotionModel

/// A named position, and who named it.
package struct Bookmark: Hashable, Sendable {
    package let name: String
    /// The position that it names.
    package let target: Position
    /// When that was recorded.
    package let targetAt: Timestamp
    /// The event that set it.
    package let position: Position
    package let at: Timestamp
    package let actor: String
    package let reason: String?
}

extension View {
    /// A bookmark of a project.
    package func bookmark(
        _ name: String,
        in project: ProjectName
    ) throws(LedgerError) -> Bookmark? {
        let found = try ask { facts throws(FactsFailure) in
            try facts.bookmarkEntry(name, in: project)
        }
        guard let found else { return nil }
        let event = try event(at: found.set)
        var reason: String?
        if case .bookmarkSet(let payload) = event.event { reason = payload.reason }
        return Bookmark(
            name: name,
            target: found.target,
            targetAt: found.target == .origin ? .epoch : try recordedTime(found.target),
            position: found.set,
            at: event.header.recorded,
            actor: event.header.actor.name,
            reason: reason
        )
    }
}
