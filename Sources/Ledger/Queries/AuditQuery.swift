package import EventLog
package import PromotionModel

/// Which events an audit is about; what is nil does not narrow it.
package struct AuditFilter: Sendable {
    package var project: ProjectName?
    /// Events about it, and events that concern it besides their own subject.
    package private(set) var subject: Subject?
    package var actor: String?
    package var types: Set<EventType> = []
    /// Not before this position.
    package var from: Position = Position(rawValue: 1)

    /// Everything.
    package init() {}

    /// Leaves only what concerns one thing of a project.
    package mutating func narrow(to subject: Subject, in project: ProjectName) {
        self.subject = subject
        self.project = project
    }

    /// Whether the filter lets an event through, but for the subject, which an index answers.
    func matches(_ header: Header) -> Bool {
        if let project, header.project != project.rawValue { return false }
        if let actor, header.actor.name != actor { return false }
        return types.isEmpty || types.contains { $0.rawValue == header.type }
    }
}

extension View {
    /// Events that a filter lets through, newest first, from before `before`.
    ///
    /// By subject it reads an index; otherwise it scans headers.
    package func events(
        _ filter: AuditFilter,
        before: Position = Position(rawValue: .max),
        limit: Int
    ) throws(LedgerError) -> Page<LedgerEvent> {
        var positions: [Position] = []
        let last = min(before.rawValue - 1, moment.position.rawValue)
        if let subject = filter.subject, let project = filter.project {
            positions = try self.positions(filter, subject, project, before: before, limit: limit)
        } else if last >= filter.from.rawValue {
            try snapshot.forEachHeader(
                from: filter.from,
                through: Position(rawValue: last),
                reverse: true
            ) { (header) throws(LedgerError) in
                if filter.matches(header) { positions.append(header.position) }
                return positions.count <= limit
            }
        }
        var items: [LedgerEvent] = []
        for position in positions.prefix(limit) { items.append(try event(at: position)) }
        let next = positions.count > limit ? items.last?.header.position : nil
        return Page(items: items, next: next)
    }

    /// Positions from the index by subject, read by the page, one more than `limit` at most.
    private func positions(
        _ filter: AuditFilter,
        _ subject: Subject,
        _ project: ProjectName,
        before: Position,
        limit: Int
    ) throws(LedgerError) -> [Position] {
        var positions: [Position] = []
        var end = before
        while positions.count <= limit {
            let page = try ask { facts throws(FactsFailure) in
                try facts.events(about: subject, in: project, before: end, limit: 200)
            }
            for position in page where position >= filter.from && positions.count <= limit {
                let header = try fromLog { () throws(EventLogError) in
                    try snapshot.header(at: position)
                }
                if filter.matches(header) { positions.append(position) }
            }
            guard let last = page.last, last > filter.from else { break }
            end = last
        }
        return positions
    }
}
