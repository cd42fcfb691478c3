/// The place of a promotion among those of its stage: what runs, what waits, what has ended.
///
/// What waits stands in the order of the queue: rollbacks, then what was asked for by hand and
/// now, then other promotions by hand, then automatic ones, and within each by name, which is the
/// order of requests. What has ended stands newest first, as Kargo orders promotions.
package struct PromotionPlace: Hashable, Sendable {
    package let name: PromotionName
    package let phase: PromotionPhase
    package let kind: PromotionKind
    /// It was asked for with `--now`.
    package let now: Bool

    package init(
        name: PromotionName,
        phase: PromotionPhase,
        kind: PromotionKind,
        now: Bool = false
    ) {
        self.name = name
        self.phase = phase
        self.kind = kind
        self.now = now
    }

    /// The place of a promotion that waits.
    package init(_ queued: QueuedPromotion) {
        self.init(name: queued.name, phase: .pending, kind: queued.kind, now: queued.now)
    }
}

extension PromotionPlace: Comparable {
    package static func < (left: PromotionPlace, right: PromotionPlace) -> Bool {
        if left.phase.rank != right.phase.rank { return left.phase.rank < right.phase.rank }
        if left.phase.isTerminal { return left.name > right.name }
        if left.kind.rank != right.kind.rank { return left.kind.rank < right.kind.rank }
        if left.now != right.now { return left.now }
        return left.name < right.name
    }
}

extension PromotionPhase {
    /// 0 for what runs, 1 for what waits, 2 for what has ended.
    package var rank: Int {
        if isTerminal { return 2 }
        return self == .running ? 0 : 1
    }
}
