package import EventLog
package import PromotionModel

/// One combination that a stage ran: who put it there, when, why, and how long it stayed.
package struct HistoryEntry: Hashable, Sendable {
    /// The event that made it current.
    package let position: Position
    package let at: Timestamp
    /// When the next one took its place; nil while it runs.
    package let until: Timestamp?
    package let promotion: Promotion
    package let collection: FreightCollection
    package let changes: [ComponentChange]
}

/// A page of something that is listed newest first.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Where the next page begins: everything before this position; nil if there is none.
    package let next: Position?
}

extension View {
    /// What a stage ran, newest first, from before `before`.
    package func history(
        of stage: StageName,
        in project: ProjectName,
        before: Position = Position(rawValue: .max),
        limit: Int = 50
    ) throws(LedgerError) -> Page<HistoryEntry> {
        try ask { facts throws(FactsFailure) in
            let entries = try facts.collections(
                of: stage,
                in: project,
                before: before,
                limit: limit + 1
            )
            var items: [HistoryEntry] = []
            var until = try successor(
                of: entries.first?.position,
                before: before,
                stage,
                project
            )
            for entry in entries.prefix(limit) {
                guard let promotion = try facts.promotion(entry.promotion, in: project) else {
                    throw .inconsistent("promotion \(entry.promotion) is listed but not there")
                }
                let state = try facts.promotionState(entry.promotion, in: project)
                let at = try facts.currentSince(entry.position, of: stage, in: project)
                items.append(
                    HistoryEntry(
                        position: entry.position,
                        at: at,
                        until: until,
                        promotion: promotion,
                        collection: state.collection ?? FreightCollection(),
                        changes: state.changes
                    )
                )
                until = at
            }
            let next = entries.count > limit ? items.last?.position : nil
            return Page(items: items, next: next)
        }
    }

    /// When what became current at `position` was followed by something else; `before` is where
    /// the page ends, which is mostly that very successor.
    private func successor(
        of position: Position?,
        before: Position,
        _ stage: StageName,
        _ project: ProjectName
    ) throws(FactsFailure) -> Timestamp? {
        guard let position else { return nil }
        let current = try facts.stageState(stage, in: project)
        guard current.currentPosition > position else { return nil }
        var later = current.currentPosition
        var end = before < later ? before.next : later
        // From the page's end, or from now, back to the entry that follows `position`.
        while let entry = try facts.collections(of: stage, in: project, before: end, limit: 1)
            .first,
            entry.position > position
        {
            later = entry.position
            end = entry.position
        }
        return try facts.currentSince(later, of: stage, in: project)
    }
}

extension StoreFacts {
    /// The time at which what became current at `position` did so.
    func currentSince(
        _ position: Position,
        of stage: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> Timestamp {
        try asOf(position).stageState(stage, in: project).currentSince
    }
}

extension Page {
    /// A page that is all there is.
    package init(items: [Item]) {
        self.init(items: items, next: nil)
    }
}
