package import EventLog

/// What a log was when something began, to be kept where the log's operator cannot change it.
package struct LogAnchor: Hashable, Sendable {
    /// Which ledger it is of.
    package let ledger: LedgerID
    /// How many events it had.
    package let size: UInt64
    /// The Merkle root over them.
    package let root: Digest

    /// The log of `ledger` with its first `size` events.
    package init(ledger: LedgerID, size: UInt64, root: Digest) {
        self.ledger = ledger
        self.size = size
        self.root = root
    }
}

extension Facts {
    /// The event that started a promotion; nil if none has.
    ///
    /// It is the same whenever it is asked for, so what is made of it is, too.
    ///
    /// - Complexity: O(log events) reads of the promotion's state.
    package func start(
        of name: PromotionName,
        in project: ProjectName
    ) throws(FactsFailure) -> Position? {
        guard let promotion = try promotion(name, in: project),
            try promotionState(name, in: project).startedAt != nil
        else { return nil }
        var before = promotion.requested.rawValue
        var after = position.rawValue
        while after - before > 1 {
            let middle = before + (after - before) / 2
            let facts = asOf(Position(rawValue: middle))
            if try facts.promotionState(name, in: project).startedAt == nil {
                before = middle
            } else {
                after = middle
            }
        }
        return Position(rawValue: after)
    }
}
