package import EventLog
package import PromotionModel

/// One bundle that was a junction's bundle: who made it, when, why, and how long it was.
package struct BundleEntry: Hashable, Sendable {
    /// The event that made it, or made it current again.
    package let position: Position
    package let at: Timestamp
    /// When the next one took its place, or the junction was deleted; nil while it is current.
    package let until: Timestamp?
    package let actor: String
    package let bundle: FreightID
    /// The name that it got.
    package let alias: String
    /// False where the same combination had been repackaged before.
    package let isNew: Bool
    /// The leaves, ordered by origin.
    package let constituents: [Constituent]
    /// Against the bundle before.
    package let changes: [ComponentChange]
    /// Upstream stages that had verified it together.
    package let verifiedTogether: [StageName]
    /// The rule of automation that led to it.
    package let because: String?
    /// Why, in the words of who asked.
    package let reason: String?
    /// The end of the junction, if that was deleted before it made anything else.
    package let removal: Removal?
}

/// A slot that was filled or emptied.
package struct SlotEntry: Hashable, Sendable {
    package let position: Position
    package let at: Timestamp
    package let actor: String
    package let origin: Origin
    package let freight: FreightID
    /// Whether the slot lost the freight; it got it otherwise.
    package let isEmptied: Bool
    /// Whether automation did it.
    package let automatic: Bool
    /// Whether automation leaves the slot alone since then.
    package let held: Bool
    /// The rule of automation that led to it.
    package let because: String?
    /// Why, in the words of who asked, or what freight that is no longer available lacks.
    package let reason: String?
}

/// A line of a junction's history.
package enum JunctionHistoryLine: Hashable, Sendable {
    case bundle(BundleEntry)
    case slot(SlotEntry)

    /// The event that the line is about.
    package var position: Position {
        switch self {
        case .bundle(let entry): entry.position
        case .slot(let entry): entry.position
        }
    }
}

extension View {
    /// Every bundle that was current in a junction, newest first, from before `before`; with its
    /// slots' changes between them if `withSlots`.
    ///
    /// Junctions of the name that were deleted are included.
    package func history(
        of junction: JunctionName,
        in project: ProjectName,
        withSlots: Bool = false,
        before: Position = Position(rawValue: .max),
        limit: Int = 50
    ) throws(LedgerError) -> Page<JunctionHistoryLine> {
        let isKnown = try ask { facts throws(FactsFailure) in
            try facts.hasEverBeen(junction, in: project)
        }
        guard isKnown else {
            throw .notFound(
                "there is no junction \(junction) in project \(project); see waybill get junctions"
            )
        }
        let reader = JunctionHistoryReader(view: self, junction: junction, project: project)
        return try reader.page(withSlots: withSlots, before: before, limit: limit)
    }
}

/// Reads the lines of one junction's history.
private struct JunctionHistoryReader {
    let view: View
    let junction: JunctionName
    let project: ProjectName

    func page(
        withSlots: Bool,
        before: Position,
        limit: Int
    ) throws(LedgerError) -> Page<JunctionHistoryLine> {
        let events = try events(withSlots: withSlots, before: before, limit: limit + 1)
        var lines: [JunctionHistoryLine] = []
        var next = try events.first.flatMap { event throws(LedgerError) in
            try repackaging(after: event.header.position)
        }
        for event in events.prefix(limit) {
            let line = try line(event, followedBy: next)
            lines.append(line)
            if case .bundle = line { next = event.header.position }
        }
        return Page(items: lines, next: events.count > limit ? lines.last?.position : nil)
    }

    /// The events that lines are made of, newest first, read by the page.
    private func events(
        withSlots: Bool,
        before: Position,
        limit: Int
    ) throws(LedgerError) -> [LedgerEvent] {
        var events: [LedgerEvent] = []
        var end = before
        while events.count < limit {
            let count = limit - events.count
            let positions = try view.ask { facts throws(FactsFailure) -> [Position] in
                if withSlots {
                    try facts.events(
                        about: .junction(junction),
                        in: project,
                        before: end,
                        limit: count
                    )
                } else {
                    try facts.freight(
                        of: .junction(junction),
                        in: project,
                        before: end,
                        limit: count
                    ).map(\.position)
                }
            }
            for position in positions {
                let event = try view.event(at: position)
                if isLine(event) { events.append(event) }
            }
            guard positions.count == count, let last = positions.last else { break }
            end = last
        }
        return events
    }

    /// Derived bundles are listed too, and never were the junction's bundle; of a slot's change
    /// that was redacted nothing is left to tell.
    private func isLine(_ event: LedgerEvent) -> Bool {
        if event.type == .freightRepackaged { return true }
        let isSlot = event.type == .freightCollected || event.type == .slotEmptied
        return isSlot && event.event != nil
    }

    /// The first repackaging after `position`.
    private func repackaging(after position: Position) throws(LedgerError) -> Position? {
        let key = RowKey(project.rawValue, Origin.junction(junction).rawValue)
        var start = position
        while true {
            let entry = try view.ask { facts throws(FactsFailure) in
                try facts.firstEntry(.freightByOrigin, key, after: start)?.position
            }
            guard let entry else { return nil }
            let header = try fromLog { () throws(EventLogError) in
                try view.snapshot.header(at: entry)
            }
            if header.type == EventType.freightRepackaged.rawValue { return entry }
            start = entry
        }
    }

    private func line(
        _ event: LedgerEvent,
        followedBy next: Position?
    ) throws(LedgerError) -> JunctionHistoryLine {
        if case .freightCollected(let payload) = event.event {
            return .slot(SlotEntry(event.header, collected: payload))
        }
        if case .slotEmptied(let payload) = event.event {
            return .slot(SlotEntry(event.header, emptied: payload))
        }
        return .bundle(try bundle(event, followedBy: next))
    }

    private func bundle(
        _ event: LedgerEvent,
        followedBy next: Position?
    ) throws(LedgerError) -> BundleEntry {
        let position = event.header.position
        var payload: FreightRepackaged
        if case .freightRepackaged(let recorded) = event.event {
            payload = recorded
        } else {
            payload = try remembered(at: position)
        }
        let removed = try view.ask { facts throws(FactsFailure) in
            try facts.removal(of: junction, from: position, in: project)
        }
        var removal: Removal?
        if let removed, removed < next ?? Position(rawValue: .max) {
            removal = try view.removal(at: removed)
        }
        let successor = try next.map { position throws(LedgerError) in
            try view.recordedTime(position)
        }
        return BundleEntry(
            position: position,
            at: event.header.recorded,
            until: removal?.at ?? successor,
            actor: event.header.actor.name,
            bundle: payload.freight,
            alias: payload.alias,
            isNew: payload.isNew,
            constituents: payload.constituents,
            changes: payload.changes,
            verifiedTogether: payload.verifiedTogether,
            because: payload.because,
            reason: payload.reason,
            removal: removal
        )
    }

    /// What is known of a repackaging whose payload was redacted.
    private func remembered(at position: Position) throws(LedgerError) -> FreightRepackaged {
        try view.ask { facts throws(FactsFailure) in
            let then = facts.asOf(position)
            var payload = FreightRepackaged()
            payload.junction = junction
            guard let id = try then.junctionState(junction, in: project).bundle,
                let bundle = try then.freight(id, in: project)
            else { throw .inconsistent("junction \(junction) has no bundle at \(position)") }
            payload.freight = id
            payload.isNew = bundle.created == position
            payload.alias = try then.freightStatus(id, in: project).alias
            payload.constituents = bundle.constituents
            return payload
        }
    }
}

extension SlotEntry {
    fileprivate init(_ header: Header, collected payload: FreightCollected) {
        self.init(
            position: header.position,
            at: header.recorded,
            actor: header.actor.name,
            origin: payload.origin,
            freight: payload.freight,
            isEmptied: false,
            automatic: payload.automatic,
            held: payload.held,
            because: payload.because,
            reason: payload.reason
        )
    }

    fileprivate init(_ header: Header, emptied payload: SlotEmptied) {
        self.init(
            position: header.position,
            at: header.recorded,
            actor: header.actor.name,
            origin: payload.origin,
            freight: payload.freight,
            isEmptied: true,
            automatic: header.actor.assurance == .automation,
            held: payload.held,
            because: payload.because,
            reason: payload.reason
        )
    }
}
