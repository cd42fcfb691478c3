import EventLog
import Ledger
import PromotionModel

/// Lists that are made of events: histories, audits, notes and bookmarks.
extension ListingCheck {
    // MARK: - Histories

    mutating func histories() throws(LedgerError) -> String? {
        let subjects = Set(own.map { Subject(unchecked: $0.header.subject) }).sorted()
        for subject in subjects {
            switch subject.kind {
            case .stage:
                let configured = own.contains { $0.event.configures(subject) }
                guard configured else { continue }
                if let found = try history(of: StageName(unchecked: subject.name)) { return found }
            case .junction:
                let configured = own.contains { $0.event.configures(subject) }
                guard configured else { continue }
                let name = JunctionName(unchecked: subject.name)
                for withSlots in [false, true] {
                    if let found = try history(of: name, withSlots) { return found }
                }
            case .project, .warehouse, .freight, .promotion, .task, .clusterTask, .cluster, .token,
                .user, .group, nil:
                continue
            }
        }
        return nil
    }

    /// The end of what `entry` put somewhere: when it was deleted, or else when the next one came.
    private func end(
        of entry: Entry,
        followedBy next: Entry?,
        in subject: Subject
    ) -> (until: Timestamp?, removal: Position?) {
        let removal = own.first { candidate in
            guard case .resourceRemoved(let event) = candidate.event else { return false }
            return event.resource == subject && candidate.header.position > entry.header.position
        }
        if let removal, next.map({ removal.header.position < $0.header.position }) ?? true {
            return (removal.header.recorded, removal.header.position)
        }
        return (next?.header.recorded, nil)
    }

    private mutating func history(of stage: StageName) throws(LedgerError) -> String? {
        let (view, project) = (view, project)
        let lines = try lines({ (entry: HistoryEntry) in
            "\(entry.position) \(entry.at) \(entry.until as Any) \(entry.promotion.name) "
                + "\(entry.collection.id) \(entry.changes) \(entry.removal?.position as Any)"
        }) { (before, limit) throws(LedgerError) in
            try view.history(of: stage, in: project, before: before, limit: limit)
        }
        var changes: [PromotionName: [ComponentChange]] = [:]
        var ran: [(entry: Entry, event: PromotionSucceeded)] = []
        for entry in own {
            if case .promotionStarted(let event) = entry.event {
                changes[event.promotion] = event.changes
            }
            if case .promotionSucceeded(let event) = entry.event, event.stage == stage {
                ran.append((entry, event))
            }
        }
        var expected: [String] = []
        for (index, item) in ran.enumerated().reversed() {
            let next = index + 1 < ran.count ? ran[index + 1].entry : nil
            let (until, removal) = end(of: item.entry, followedBy: next, in: .stage(stage))
            let header = item.entry.header
            expected.append(
                "\(header.position) \(header.recorded) \(until as Any) \(item.event.promotion) "
                    + "\(item.event.collection) \(changes[item.event.promotion] ?? []) "
                    + "\(removal as Any)"
            )
        }
        return difference("history of stage \(stage)", lines, from: expected)
    }

    private mutating func history(
        of junction: JunctionName,
        _ withSlots: Bool
    ) throws(LedgerError) -> String? {
        let (view, project) = (view, project)
        let lines = try lines({ (line: JunctionHistoryLine) in Self.text(of: line) }) {
            (before, limit) throws(LedgerError) in
            try view.history(
                of: junction,
                in: project,
                withSlots: withSlots,
                before: before,
                limit: limit
            )
        }
        var expected: [String] = []
        var next: Entry?
        for entry in own.reversed() {
            let header = entry.header
            let start = "\(header.position) \(header.recorded) \(header.actor.name)"
            if case .freightRepackaged(let event) = entry.event, event.junction == junction {
                let (until, removal) = end(of: entry, followedBy: next, in: .junction(junction))
                expected.append(
                    "\(start) until \(until as Any) \(event.freight) \(event.alias) "
                        + "\(event.isNew) \(event.constituents) \(event.changes) "
                        + "\(event.verifiedTogether) \(event.because as Any) "
                        + "\(event.reason as Any) \(removal as Any)"
                )
                next = entry
            }
            guard withSlots else { continue }
            if case .freightCollected(let event) = entry.event, event.junction == junction {
                expected.append(
                    "\(start) got \(event.origin) \(event.freight) \(event.automatic) "
                        + "\(event.held) \(event.because as Any) \(event.reason as Any)"
                )
            }
            if case .slotEmptied(let event) = entry.event, event.junction == junction {
                expected.append(
                    "\(start) lost \(event.origin) \(event.freight) "
                        + "\(header.actor.assurance == .automation) "
                        + "\(event.held) \(event.because as Any) \(event.reason)"
                )
            }
        }
        return difference("history of junction \(junction)", lines, from: expected)
    }

    private static func text(of line: JunctionHistoryLine) -> String {
        switch line {
        case .bundle(let entry):
            "\(entry.position) \(entry.at) \(entry.actor) until \(entry.until as Any) "
                + "\(entry.bundle) \(entry.alias) "
                + "\(entry.isNew) \(entry.constituents) \(entry.changes) "
                + "\(entry.verifiedTogether) \(entry.because as Any) "
                + "\(entry.reason as Any) \(entry.removal?.position as Any)"
        case .slot(let entry):
            "\(entry.position) \(entry.at) \(entry.actor) \(entry.isEmptied ? "lost" : "got") "
                + "\(entry.origin) \(entry.freight) \(entry.automatic) "
                + "\(entry.held) \(entry.because as Any) "
                + (entry.isEmptied ? entry.reason ?? "" : "\(entry.reason as Any)")
        }
    }

    // MARK: - Audits

    /// What was looked for in events by text, at most: each is written out for it.
    private static let searchedCountMax: UInt64 = 200

    mutating func audits() throws(LedgerError) -> String? {
        for _ in 0..<6 {
            let filter = auditFilter()
            let view = view
            let lines = try lines({ (event: LedgerEvent) in "\(event.header.position)" }) {
                (before, limit) throws(LedgerError) in
                try view.events(filter, before: before, limit: limit)
            }
            let expected = entries.reversed().filter { Self.isFound($0, by: filter) }
            let positions = expected.map { "\($0.header.position)" }
            if let found = difference("audit by \(filter)", lines, from: positions) { return found }
        }
        return nil
    }

    private mutating func auditFilter() -> AuditFilter {
        var filter = AuditFilter()
        guard let some = entries.randomElement(using: &random) else { return filter }
        let place = Int.random(in: 0..<6, using: &random)
        if place < 2 {
            let related = some.event.relatedSubjects
            let own = Subject(unchecked: some.header.subject)
            let subject = related.randomElement(using: &random) ?? own
            filter.narrow(
                to: Bool.random(using: &random) ? own : subject,
                in: ProjectName(unchecked: some.header.project)
            )
        } else if place < 4 {
            filter.project = project
        }
        if Int.random(in: 0..<3, using: &random) == 0 { filter.actor = some.header.actor.name }
        if Int.random(in: 0..<3, using: &random) == 0 {
            filter.kind = Subject(unchecked: some.header.subject).kind
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            let types = (0..<3).compactMap { _ in entries.randomElement(using: &random) }
            filter.types = Set(types.map(\.event.type))
        }
        let at = some.header.position.rawValue
        let span = UInt64.random(in: 0...Self.searchedCountMax, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: filter.from = some.header.position
        case 1: filter.through = some.header.position
        case 2:
            filter.from = Position(rawValue: at)
            filter.through = Position(rawValue: at + span)
            filter.text = ["CUSTOMERS cannot", "one pod", "Operator", "looked at IT", "calm-"]
                .randomElement(using: &random)
        default: break
        }
        return filter
    }

    private static func isFound(_ entry: Entry, by filter: AuditFilter) -> Bool {
        let header = entry.header
        guard header.position >= filter.from, header.position <= filter.through else {
            return false
        }
        if let project = filter.project, header.project != project.rawValue { return false }
        if let actor = filter.actor, header.actor.name != actor { return false }
        if let kind = filter.kind, Subject(unchecked: header.subject).kind != kind { return false }
        if !filter.types.isEmpty, !filter.types.contains(entry.event.type) { return false }
        if let subject = filter.subject, header.subject != subject.rawValue,
            !entry.event.relatedSubjects.contains(subject)
        {
            return false
        }
        guard let text = filter.text?.lowercased() else { return true }
        return header.subject.lowercased().contains(text)
            || header.actor.name.lowercased().contains(text)
            || "\(entry.event)".lowercased().contains(text)
    }

    // MARK: - Notes and bookmarks

    mutating func records() throws(LedgerError) -> String? {
        let (view, project) = (view, project)
        var notes: [Subject: [String]] = [:]
        var bookmarks: [String: String] = [:]
        for entry in own {
            let header = entry.header
            if case .noteRecorded(let event) = entry.event {
                notes[event.subject, default: []].append(
                    "\(header.position) \(header.recorded) \(header.actor.name) \(event.text)"
                )
            }
            if case .bookmarkSet(let event) = entry.event {
                bookmarks[event.name] =
                    "\(event.position) \(header.position) \(header.recorded) "
                    + "\(header.actor.name) \(event.reason as Any)"
            }
        }
        for (subject, expected) in notes.sorted(by: { $0.key < $1.key }) {
            let lines = try lines({ (note: Note) in
                "\(note.position) \(note.at) \(note.actor) \(note.text)"
            }) { (before, limit) throws(LedgerError) in
                try view.notes(about: subject, in: project, before: before, limit: limit)
            }
            let what = "notes about \(subject)"
            if let found = difference(what, lines, from: expected.reversed()) { return found }
        }
        for (name, expected) in bookmarks.sorted(by: { $0.key < $1.key }) {
            let found = try view.bookmark(name, in: project)
            let lines = found.map {
                "\($0.target) \($0.position) \($0.at) \($0.actor) \($0.reason as Any)"
            }
            let what = "bookmark \(name)"
            if let found = difference(what, [lines ?? "none"], from: [expected]) { return found }
        }
        return nil
    }
}

extension Event {
    /// Whether it makes or changes a stage or junction.
    fileprivate func configures(_ subject: Subject) -> Bool {
        if case .stageConfigured(let event) = self { return .stage(event.stage) == subject }
        if case .junctionConfigured(let event) = self {
            return .junction(event.junction) == subject
        }
        return false
    }
}
