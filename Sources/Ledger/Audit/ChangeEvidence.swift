import EventLog
package import PromotionModel

/// Everything that the log has about one change.
package struct ChangeEvidence: Sendable {
    package let record: ChangeRecord
    /// The events, oldest first.
    package let events: [EvidenceEvent]
}

/// An event that is evidence of a change.
package struct EvidenceEvent: Sendable {
    package let event: LedgerEvent
    /// Why it is; the first of these reasons that holds.
    package let role: EvidenceRole
}

/// Why an event is evidence of a change.
package enum EvidenceRole: Int, Hashable, Sendable, CaseIterable {
    /// It is about the promotion itself: asked for, began, its steps, its end, notes.
    case promotion
    /// It says how what the promotion brought was judged, there or where it was before.
    case verification
    /// It lets freight go, or takes that back, or keeps it from going.
    case decision
    /// It made the freight, or says what belongs to it: names, bundles, slots, notes.
    case freight
    /// It found an artifact of the freight.
    case discovery
    /// Automation was held or let go on in the stage.
    case hold
    /// It asked for the restore that the change is a part of, or ended it.
    case restore
    /// A bookmark that names a moment of it.
    case bookmark
    /// Something written down about the stage while it ran.
    case note
    /// What led to the request.
    case cause
    /// It erased what one of the others said.
    case redaction
}

extension View {
    /// The change that a promotion made, and every event that says something about it.
    ///
    /// Freight's events are those up to the moment, so a quarantine that came later is there.
    ///
    /// nil if it never began, and so changed nothing.
    ///
    /// - Throws: `.unknown` if there is no such promotion.
    package func evidence(
        of promotion: PromotionName,
        in project: ProjectName
    ) throws(LedgerError) -> ChangeEvidence? {
        let found = try ask { facts throws(FactsFailure) in
            try facts.promotion(promotion, in: project)
        }
        _ = try found.orUnknown(.unknownPromotion(promotion, in: project))
        var filter = AuditFilter()
        filter.narrow(to: .promotion(promotion), in: project)
        filter.types = [.promotionStarted]
        guard let start = try events(filter, limit: 1).items.first else { return nil }
        let record = try change(startedAt: start.header.position, in: project)
        var search = EvidenceSearch(view: self, project: project, record: record)
        try search.run()
        var evidence: [EvidenceEvent] = []
        for (position, role) in search.roles.sorted(by: { $0.key < $1.key }) {
            evidence.append(EvidenceEvent(event: try event(at: position), role: role))
        }
        return ChangeEvidence(record: record, events: evidence)
    }
}

/// Looks for the events of one change.
private struct EvidenceSearch {
    let view: View
    let project: ProjectName
    let record: ChangeRecord
    private(set) var roles: [Position: EvidenceRole] = [:]

    private var promotion: Promotion { record.promotion }
    /// The last event of the change, or of the ledger while it runs.
    private var end: Position { record.ended?.position ?? view.moment.position }

    init(view: View, project: ProjectName, record: ChangeRecord) {
        self.view = view
        self.project = project
        self.record = record
    }

    mutating func run() throws(LedgerError) {
        try addPromotion()
        try addFreight()
        try addStage()
        try addRestore()
        try addBookmarks()
        try addCauses()
        try addRedactions()
    }

    private mutating func add(_ position: Position, _ role: EvidenceRole) {
        guard position > .origin, position <= view.moment.position else { return }
        if roles[position] == nil { roles[position] = role }
    }

    private func positions(
        about subject: Subject,
        _ types: Set<EventType>,
        from: Position = Position(rawValue: 1),
        through: Position = Position(rawValue: .max)
    ) throws(LedgerError) -> [Position] {
        var filter = AuditFilter()
        filter.narrow(to: subject, in: project)
        filter.types = types
        filter.from = from
        filter.through = through
        return try view.positions(of: filter)
    }

    private mutating func addPromotion() throws(LedgerError) {
        let judging: Set<EventType> = [.verificationStarted, .verificationFinished]
        for position in try positions(about: .promotion(promotion.name), judging) {
            add(position, .verification)
        }
        for position in try positions(about: .promotion(promotion.name), []) {
            add(position, .promotion)
        }
        for mark in record.changes.flatMap(\.verified) { add(mark.position, .verification) }
    }

    // MARK: - Freight

    private static let decisions: Set<EventType> = [
        .freightApproved, .approvalRevoked, .freightQuarantined, .quarantineLifted,
    ]
    private static let making: Set<EventType> = [
        .freightCreated, .freightRepackaged, .freightCollected, .slotEmptied, .freightAliased,
        .freightMetadataSet, .noteRecorded,
    ]

    /// What was brought, and the bundles that brought it.
    private mutating func addFreight() throws(LedgerError) {
        var ids: Set<FreightID> = []
        for component in record.changes {
            guard let freight = component.to else { continue }
            ids.insert(freight.id)
            if let carrier = record.after[origin: component.change.origin]?.carrier {
                ids.insert(carrier)
            }
            try addDiscovery(of: freight)
        }
        for id in ids.sorted() {
            for position in try positions(about: .freight(id), Self.decisions) {
                add(position, .decision)
            }
            for position in try positions(about: .freight(id), Self.making) {
                add(position, .freight)
            }
        }
    }

    /// The looks that found its artifacts: the newest before it was made, for each.
    private mutating func addDiscovery(of freight: Freight) throws(LedgerError) {
        var wanted = Set(freight.artifacts.map(\.key))
        guard let warehouse = freight.origin.warehouse else { return }
        var filter = AuditFilter()
        filter.narrow(to: .warehouse(warehouse), in: project)
        filter.types = [.artifactsDiscovered]
        filter.through = freight.created
        var before: Position? = Position(rawValue: .max)
        while let last = before, !wanted.isEmpty {
            let page = try view.events(filter, before: last, limit: 50)
            for event in page.items where !wanted.isEmpty {
                guard case .artifactsDiscovered(let payload) = event.event else { continue }
                let found = wanted.intersection(payload.subscriptions.flatMap(\.found).map(\.key))
                if !found.isEmpty { add(event.header.position, .discovery) }
                wanted.subtract(found)
            }
            before = page.next
        }
    }

    // MARK: - Around it

    private mutating func addStage() throws(LedgerError) {
        let stage = Subject.stage(promotion.stage)
        let holding: Set<EventType> = [.autoPromotionHeld, .autoPromotionResumed]
        for position in try positions(
            about: stage,
            holding,
            from: promotion.requested,
            through: end
        ) {
            add(position, .hold)
        }
        try addStandingHolds(stage)
        let noted = try positions(
            about: stage,
            [.noteRecorded],
            from: promotion.requested,
            through: end
        )
        for position in noted { add(position, .note) }
    }

    /// The holds that stood when it was asked for.
    private mutating func addStandingHolds(_ stage: Subject) throws(LedgerError) {
        let before = Position(rawValue: promotion.requested.rawValue - 1)
        let holds = try view.ask { facts throws(FactsFailure) in
            try facts.asOf(before).stageState(promotion.stage, in: project).holds
        }
        guard !holds.isEmpty else { return }
        var origins = Set(holds.map(\.origin))
        for position in try positions(about: stage, [.autoPromotionHeld], through: before) {
            guard case .autoPromotionHeld(let held) = try view.event(at: position).event,
                origins.remove(held.origin) != nil
            else { continue }
            add(position, .hold)
        }
    }

    private mutating func addRestore() throws(LedgerError) {
        guard let restore = promotion.restore else { return }
        add(restore, .restore)
        let header = try view.event(at: restore).header
        let subject = Subject(unchecked: header.subject)
        for position in try positions(about: subject, [.restoreFinished], from: restore)
        where try view.event(at: position).finishes(restore) { add(position, .restore) }
    }

    /// Bookmarks of moments from its request to its end.
    private mutating func addBookmarks() throws(LedgerError) {
        let names = try view.ask { facts throws(FactsFailure) in
            try facts.bookmarks(in: project)
        }
        for name in names {
            guard let bookmark = try view.bookmark(name, in: project),
                (promotion.requested...end).contains(bookmark.target)
            else { continue }
            add(bookmark.position, .bookmark)
        }
    }

    /// What led to the request, and to that, back to what nothing led to.
    private mutating func addCauses() throws(LedgerError) {
        var cause = record.requested.cause
        while let position = cause, position > .origin, roles[position] == nil {
            add(position, .cause)
            cause = try view.event(at: position).header.cause
        }
    }

    private mutating func addRedactions() throws(LedgerError) {
        for position in roles.keys.sorted() {
            if let redaction = try view.event(at: position).redaction { add(redaction, .redaction) }
        }
    }
}

extension LedgerEvent {
    /// Whether it says that a restore is over.
    fileprivate func finishes(_ restore: Position) -> Bool {
        guard case .restoreFinished(let payload)? = event else { return false }
        return payload.restore == restore
    }
}
