/// Holds that came back because the choice that replaced them was taken back.
///
/// A promotion that is aborted before it started must leave automation as it was: a rollback's
/// hold outlives a promotion that somebody asked for after it, and thought better of.
extension StageState {
    /// Keeps the hold of `origin` with the pending promotion that replaces or ends it.
    mutating func remember(_ origin: Origin, replacedBy promotion: PromotionName) {
        guard let hold = holds.first(where: { $0.origin == origin }),
            let index = pending.firstIndex(where: { $0.name == promotion })
        else { return }
        pending[index].replaced.append(hold)
    }

    /// Forgets what replaced holds of `origin` there were: somebody let automation go on.
    mutating func forgetReplacedHolds(of origin: Origin) {
        for index in pending.indices {
            pending[index].replaced.removeAll { $0.origin == origin }
        }
    }

    /// Makes what a promotion that starts said about automation final: what was asked for before
    /// it brings nothing back for the same origins.
    mutating func settleHolds(of promotion: PromotionName) {
        guard let queued = pending.first(where: { $0.name == promotion }) else { return }
        let held = holds.filter { $0.promotion == promotion }
        let settled = Set((held + queued.replaced).map(\.origin))
        // Names of promotions of one stage are in the order of their requests.
        for index in pending.indices where pending[index].name < promotion {
            pending[index].replaced.removeAll { settled.contains($0.origin) }
        }
    }

    /// Takes back what a pending promotion, aborted or superseded, said about automation: what
    /// held before it holds again, unless somebody asked for something else since.
    mutating func forgetHolds(of promotion: PromotionName) {
        guard let queued = pending.first(where: { $0.name == promotion }) else { return }
        holds.removeAll { $0.promotion == promotion }
        for hold in queued.replaced {
            if let index = later(than: promotion, about: hold.origin) {
                // The later one now stands directly on what this one stood on.
                pending[index].replaced.removeAll { $0.origin == hold.origin }
                pending[index].replaced.append(hold)
            } else if !holds.contains(where: { $0.origin == hold.origin }) {
                holds.append(hold)
            }
        }
        // What stood on this one stands on nothing where this one stood on nothing.
        for index in pending.indices {
            pending[index].replaced.removeAll { $0.promotion == promotion }
        }
        holds.sort { $0.origin < $1.origin }
    }

    /// The next pending promotion that was asked for after `promotion` and said something about
    /// the automation of `origin`.
    private func later(than promotion: PromotionName, about origin: Origin) -> Int? {
        pending.indices.filter { index in
            let other = pending[index]
            return other.name > promotion
                && (other.replaced.contains { $0.origin == origin }
                    || holds.contains { $0.origin == origin && $0.promotion == other.name })
        }.min { pending[$0].name < pending[$1].name }
    }
}
