package import EventLog
package import PromotionModel

/// Which events an audit is about; what is nil does not narrow it.
package struct AuditFilter: Sendable {
    package var project: ProjectName?
    /// Events of these projects; nil for those of all, and of none.
    package var seen: Set<ProjectName>?
    /// Events about it, and events that concern it besides their own subject.
    package private(set) var subject: Subject?
    /// Events whose own subject is of this kind.
    package var kind: Subject.Kind?
    package var actor: String?
    package var types: Set<EventType> = []
    /// Events that say this somewhere, in whatever case its letters are.
    package var text: String?
    /// Not before this position.
    package var from: Position = Position(rawValue: 1)
    /// Not after this position.
    package var through: Position = Position(rawValue: .max)

    /// Everything.
    package init() {}

    /// Leaves only what concerns one thing of a project.
    package mutating func narrow(to subject: Subject, in project: ProjectName) {
        self.subject = subject
        self.project = project
    }

    /// Whether the filter lets an event through by its header; the subject is for an index to
    /// answer, the text for the payload.
    func matches(_ header: Header) -> Bool {
        if let project, header.project != project.rawValue { return false }
        if let seen, !seen.contains(ProjectName(unchecked: header.project)) { return false }
        if let actor, header.actor.name != actor { return false }
        if let kind, Subject(unchecked: header.subject).kind != kind { return false }
        return types.isEmpty || types.contains { $0.rawValue == header.type }
    }
}

extension View {
    /// Events that a filter lets through, newest first, from before `before`.
    ///
    /// By subject it reads an index; otherwise it scans headers, a bounded number of them: where
    /// the filter lets little through, a page is short and says where to go on.
    package func events(
        _ filter: AuditFilter,
        before: Position = Position(rawValue: .max),
        limit: Int
    ) throws(LedgerError) -> Page<LedgerEvent> {
        var scan = AuditScan(view: self, filter: filter, limit: limit)
        let end = min(before, min(filter.through, moment.position).next)
        if let subject = filter.subject, let project = filter.project {
            try scan.index(subject, in: project, before: end)
        } else if end > filter.from {
            try scan.headers(before: end)
        }
        return Page(items: scan.items, next: scan.next)
    }
}

/// One look through the log.
private struct AuditScan {
    let view: View
    let filter: AuditFilter
    let limit: Int
    private(set) var items: [LedgerEvent] = []
    private(set) var next: Position?
    private let needle: TextNeedle?
    private var headerCount = 0
    private var payloadCount = 0

    init(view: View, filter: AuditFilter, limit: Int) {
        self.view = view
        self.filter = filter
        self.limit = limit
        needle = filter.text.map(TextNeedle.init)
    }

    /// Goes through headers, newest first.
    mutating func headers(before end: Position) throws(LedgerError) {
        let last = Position(rawValue: end.rawValue - 1)
        guard last >= filter.from else { return }
        try view.snapshot.forEachHeader(from: filter.from, through: last, reverse: true) {
            (header) throws(LedgerError) in
            try take(header)
        }
    }

    /// Goes through the events of a subject, newest first, by the page.
    mutating func index(
        _ subject: Subject,
        in project: ProjectName,
        before end: Position
    ) throws(LedgerError) {
        var end = end
        while true {
            let page = try view.ask { facts throws(FactsFailure) in
                try facts.events(about: subject, in: project, before: end, limit: 200)
            }
            for position in page {
                guard position >= filter.from else { return }
                let header = try fromLog { () throws(EventLogError) in
                    try view.snapshot.header(at: position)
                }
                let goesOn = try take(header)
                guard goesOn else { return }
            }
            guard let last = page.last else { return }
            end = last
        }
    }

    /// Takes in an event if the filter lets it through; false once the look is over.
    private mutating func take(_ header: Header) throws(LedgerError) -> Bool {
        guard headerCount < LookLimits.headerCountMax, payloadCount < LookLimits.payloadCountMax
        else {
            next = header.position.next
            return false
        }
        headerCount += 1
        guard filter.matches(header), let event = try event(at: header) else { return true }
        guard items.count < limit else {
            next = header.position.next
            return false
        }
        items.append(event)
        return true
    }

    private mutating func event(at header: Header) throws(LedgerError) -> LedgerEvent? {
        guard let needle else { return try view.event(at: header.position) }
        payloadCount += 1
        return try event(at: header, saying: needle)
    }

    /// The event, if it says what is looked for: in its subject, its actor or its payload.
    private func event(
        at header: Header,
        saying needle: TextNeedle
    ) throws(LedgerError) -> LedgerEvent? {
        let recorded = try fromLog { () throws(EventLogError) in
            try view.snapshot.event(at: header.position)
        }
        if needle.occurs(in: header.subject) || needle.occurs(in: header.actor.name) {
            return try LedgerEvent(recorded)
        }
        // Texts are stored as they are: what the bytes do not have, no text of them has.
        guard let payload = recorded.payload, needle.occurs(in: payload) else { return nil }
        let event = try LedgerEvent(recorded)
        return event.event.map { needle.occurs(in: $0.payload) } == true ? event : nil
    }
}
