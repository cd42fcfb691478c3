import EventLog

/// The rule by which a promotion takes the place of another.
enum Precedence {
    /// Somebody chose by hand for an origin that automation would promote.
    case choice
    case rollback
    case restore
    /// Somebody asked for it with `--now`.
    case now
    case newerBundle(Origin)
    /// `promotionQueue: Latest`.
    case latest
    /// `promotionQueue: Coalesce`: it goes along with the other.
    case coalesced

    /// The rule in words, as the event keeps it.
    var because: String {
        switch self {
        case .choice: "a choice by hand for the same origin"
        case .rollback: "a rollback goes first"
        case .restore: "the project is being restored"
        case .now: "the other was asked for with --now"
        case .newerBundle(let origin): "the other has a newer bundle of \(origin)"
        case .latest: "promotionQueue Latest: the other is newer and for the same origins"
        case .coalesced: "promotionQueue Coalesce: its freight goes with the other"
        }
    }
}

extension Decider {
    /// The event that ends `promotion` because `successor` takes its place.
    func superseded(
        _ promotion: PromotionName,
        of stage: StageName,
        by successor: PromotionName,
        _ rule: Precedence,
        in project: ProjectName
    ) -> EventDraft {
        var event = PromotionSuperseded()
        event.promotion = promotion
        event.stage = stage
        event.by = successor
        event.because = rule.because
        return EventDraft(
            project: project,
            subject: .promotion(promotion),
            event: .promotionSuperseded(event)
        )
    }

    /// The events that end pending automatic promotions of `origins`: they would undo the choice.
    func superseded(
        of origins: Set<Origin>,
        by request: Promotion,
        _ rule: Precedence,
        state: StageState,
        in project: ProjectName
    ) -> [EventDraft] {
        state.pending.filter { $0.kind == .automatic && !origins.isDisjoint(with: $0.origins) }
            .map { superseded($0.name, of: request.stage, by: request.name, rule, in: project) }
    }

    /// The events that end older pending promotions under `promotionQueue: Latest`: those of the
    /// same kind whose origins are all filled by the newer one.
    ///
    /// What was asked for with `--now` gives way only to what is asked for with `--now`.
    func supersededAsOlder(
        _ origins: Set<Origin>,
        by request: Promotion,
        spec: StageSpec,
        state: StageState,
        in project: ProjectName
    ) -> [EventDraft] {
        guard spec.promotionQueue == .latest else { return [] }
        return state.pending.filter { queued in
            queued.kind == request.kind && origins.isSuperset(of: queued.origins)
                && (!queued.now || request.now)
        }.map { superseded($0.name, of: request.stage, by: request.name, .latest, in: project) }
    }

    /// The event that ends the running promotion if it only waits, and a rollback to something
    /// else was asked for.
    func supersededWaiting(
        byRollback request: Promotion,
        _ rule: Precedence,
        state: StageState,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        guard let running = try waiting(state, in: project) else { return [] }
        // Whoever asks for the same again must not throw away what is nearly done.
        if let target = running.target, let wanted = request.target,
            target.hasSameContent(as: wanted)
        {
            return []
        }
        return [
            superseded(running.name, of: request.stage, by: request.name, rule, in: project)
        ]
    }

    /// The event that ends the running promotion if it only waits, and `freight` was asked for
    /// with `--now` or takes the place of all that it brings with a newer bundle.
    func supersededWaiting(
        by request: Promotion,
        _ freight: [Freight],
        state: StageState,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        guard let running = try waiting(state, in: project) else { return [] }
        let rule: Precedence
        if request.now {
            rule = .now
        } else if let origin = try newerBundle(in: freight, than: running, in: project) {
            rule = .newerBundle(origin)
        } else {
            return []
        }
        return [
            superseded(running.name, of: request.stage, by: request.name, rule, in: project)
        ]
    }

    /// The promotion that runs on a stage, if it gives way.
    private func waiting(
        _ state: StageState,
        in project: ProjectName
    ) throws(Stop) -> Promotion? {
        guard let name = state.running else { return nil }
        let givesWay = try ask { facts throws(FactsFailure) in
            try facts.givesWay(name, in: project)
        }
        return givesWay ? try promotion(name, in: project).core : nil
    }

    /// The junction of which `freight` has a newer bundle than `running`, if `freight` brings
    /// something for each origin of `running` and no older bundle.
    private func newerBundle(
        in freight: [Freight],
        than running: Promotion,
        in project: ProjectName
    ) throws(Stop) -> Origin? {
        let waiting = try ask { facts throws(FactsFailure) in
            try facts.freightIDs(of: running.name, in: project)
        }
        var newer: Origin?
        for id in waiting {
            let piece = try self.freight(id, in: project)
            guard let successor = freight.first(where: { $0.origin == piece.origin }) else {
                return nil
            }
            guard piece.origin.kind == .junction, successor.id != id else { continue }
            let isNewer = try ask { facts throws(FactsFailure) in
                try facts.isNewer(successor.id, than: id, of: piece.origin, in: project)
            }
            guard isNewer else { return nil }
            newer = piece.origin
        }
        return newer
    }
}
