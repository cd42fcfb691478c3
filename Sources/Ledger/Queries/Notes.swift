package import EventLog
package import PromotionModel

/// What somebody wrote down about a thing.
package struct Note: Hashable, Sendable {
    package let position: Position
    package let at: Timestamp
    package let actor: String
    package let text: String
}

extension View {
    /// Notes about a thing, newest first, from before `before`; redacted ones are left out.
    package func notes(
        about subject: Subject,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int
    ) throws(LedgerError) -> Page<Note> {
        let positions = try ask { facts throws(FactsFailure) in
            try facts.notes(about: subject, in: project, before: before, limit: limit + 1)
        }
        var notes: [Note] = []
        for position in positions.prefix(limit) {
            let event = try event(at: position)
            guard case .noteRecorded(let payload) = event.event else { continue }
            notes.append(
                Note(
                    position: position,
                    at: event.header.recorded,
                    actor: event.header.actor.name,
                    text: payload.text
                )
            )
        }
        return Page(items: notes, next: positions.count > limit ? positions[limit - 1] : nil)
    }
}
