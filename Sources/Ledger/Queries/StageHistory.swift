package import EventLog
package import PromotionModel

/// One combination that a stage ran: who put it there, when, why, and how long it stayed.
package struct HistoryEntry: Hashable, Sendable {
    /// The event that made it current.
    package let position: Position
    package let at: Timestamp
    /// When the next one took its place, or the stage was deleted; nil while it runs.
    package let until: Timestamp?
    package let promotion: Promotion
    package let collection: FreightCollection
    package let changes: [ComponentChange]
    /// How it was judged last; nil where it was not.
    package let verification: VerificationRecord?
    /// The end of the stage that ran it, if that was deleted before anything else ran in it.
    package let removal: Removal?
}

extension View {
    /// What a stage ran, newest first, from before `before`, stages of the name that were deleted
    /// included.
    package func history(
        of stage: StageName,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int = 50
    ) throws(LedgerError) -> Page<HistoryEntry> {
        let found = try ask { facts throws(FactsFailure) -> [CollectionEntry]? in
            guard try facts.hasEverBeen(stage, in: project) else { return nil }
            return try facts.collections(of: stage, in: project, before: before, limit: limit + 1)
        }
        let entries = try found.orNotFound(
            "there is no stage \(stage) in project \(project); see waybill get stages"
        )
        var items: [HistoryEntry] = []
        guard let newest = entries.first else { return Page(items: []) }
        var next = try ask { facts throws(FactsFailure) in
            let key = RowKey(project.rawValue, stage.rawValue)
            return try facts.firstEntry(.collectionsByStage, key, after: newest.position)?.position
        }
        // One look for all: mostly the stage of now ran the whole page.
        let incarnation = try ask { facts throws(FactsFailure) in
            try facts.stage(stage, in: project)?.incarnation
        }
        for entry in entries.prefix(limit) {
            let isPresent = incarnation.map { $0 < entry.position } ?? false
            items.append(
                try item(entry, followedBy: next, of: stage, in: project, isPresent: isPresent)
            )
            next = entry.position
        }
        return Page(items: items, next: entries.count > limit ? items.last?.position : nil)
    }

    private func item(
        _ entry: CollectionEntry,
        followedBy next: Position?,
        of stage: StageName,
        in project: ProjectName,
        isPresent: Bool
    ) throws(LedgerError) -> HistoryEntry {
        let found = try ask { facts throws(FactsFailure) in
            guard let promotion = try facts.promotion(entry.promotion, in: project) else {
                throw .inconsistent("promotion \(entry.promotion) is listed but not there")
            }
            let state = try facts.promotionState(entry.promotion, in: project)
            var removal: Position?
            if !isPresent {
                removal = try facts.removal(of: stage, from: entry.position, in: project)
            }
            return (promotion: promotion, state: state, removal: removal)
        }
        var removal: Removal?
        if let position = found.removal, position < next ?? Position(rawValue: .max) {
            removal = try self.removal(at: position)
        }
        let successor = try next.map { position throws(LedgerError) in
            try recordedTime(position)
        }
        return HistoryEntry(
            position: entry.position,
            at: try recordedTime(entry.position),
            until: removal?.at ?? successor,
            promotion: found.promotion,
            collection: found.state.collection ?? FreightCollection(),
            changes: found.state.changes,
            verification: found.state.verification,
            removal: removal
        )
    }

    /// When the event at a position was recorded.
    func recordedTime(_ position: Position) throws(LedgerError) -> Timestamp {
        try fromLog { () throws(EventLogError) in try snapshot.header(at: position).recorded }
    }
}
