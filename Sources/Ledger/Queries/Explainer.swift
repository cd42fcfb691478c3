import EventLog
import PromotionModel

/// What explanations share: names, commands, and what freight lacks.
struct Explainer {
    let facts: StoreFacts
    let project: ProjectName
    let now: Timestamp
    let sources = SourceReasons()

    /// The alias of freight, or the first digits of its id.
    func name(_ id: FreightID) throws(FactsFailure) -> String {
        let alias = try facts.freightStatus(id, in: project).alias
        return alias.isEmpty ? id.short : alias
    }

    /// The command that would promote freight.
    func promote(_ freight: String, to stage: StageName) -> String {
        "waybill promote --stage \(stage) --freight \(freight)"
    }

    /// That nothing happens by itself in a project that is only observed.
    func observed() throws(FactsFailure) -> [Reason] {
        guard try facts.projectState(project).mode == .observe else { return [] }
        return [
            Reason(
                .projectObserved,
                "project \(project) is only observed, so Waybill discovers, promotes, "
                    + "collects and repackages nothing",
                changes: ["waybill adopt \(project)"]
            )
        ]
    }

    /// What the newest freight of an origin is; of a junction the bundle that it made last.
    func newest(of origin: Origin) throws(FactsFailure) -> Freight? {
        let entries = try facts.freight(
            of: origin,
            in: project,
            before: Position(rawValue: .max),
            limit: 1
        )
        return try entries.first.flatMap { entry throws(FactsFailure) in
            try facts.freight(entry.freight, in: project)
        }
    }

    /// Everything that keeps freight from a stage or junction; nothing if it may have it.
    func obstacles(
        to freight: Freight,
        for request: RequestedFreight,
        by consumer: Consumer
    ) throws(FactsFailure) -> [Reason] {
        let availability = try AvailabilityRule(facts: facts, project: project, now: now)
            .availability(of: freight, for: request, by: consumer)
        guard case .unavailable(let unmet) = availability else { return [] }
        var reasons: [Reason] = []
        for condition in unmet {
            reasons.append(try reason(for: condition, freight, by: consumer))
        }
        return reasons
    }

    /// A condition that does not hold, and what would make it hold.
    private func reason(
        for condition: Availability.Unmet,
        _ freight: Freight,
        by consumer: Consumer
    ) throws(FactsFailure) -> Reason {
        let name = try name(freight.id)
        let text = "freight \(name) is not available: \(condition)"
        let approve = "waybill approve \(name) --for \(consumer.subject)"
        switch condition {
        case .originNotRequested: return Reason(.originNotRequested, text)
        case .noSuchStage: return Reason(.noSuchStage, text, changes: [approve])
        case .notVerified(let stage):
            let there = try whereabouts(of: freight, name, in: stage)
            return Reason(.notVerified, text + there.text, changes: there.changes + [approve])
        case .withdrawn(let stage, _):
            let report = try reports(freight, from: stage)
            let way = try wayInto(stage, freight, name)
            return Reason(.withdrawn, text, changes: [report ?? way, approve])
        case .notSoaked(_, let until?):
            return Reason(.notSoaked, text, changes: [approve], at: until)
        case .notSoaked(let stage, nil):
            let way = try wayInto(stage, freight, name)
            return Reason(.leftTooEarly, text, changes: [way, approve])
        case .quarantined(_, let alias, _):
            return Reason(
                .quarantined,
                text,
                changes: ["waybill unquarantine \(alias) --reason REASON"]
            )
        case .needsApproval(_, _, let until):
            return Reason(.needsApproval, text, changes: [approve], at: until)
        case .noneOf(let ways):
            var reasons: [Reason] = []
            for way in ways {
                for condition in way {
                    reasons.append(try reason(for: condition, freight, by: consumer))
                }
            }
            return Reason(
                .passedNone,
                text,
                changes: reasons.distinctChanges(last: approve),
                at: Availability.unavailable([condition]).wakeAt
            )
        }
    }

    /// The command that brings freight to a stage, or that says why there is none.
    func wayInto(
        _ stage: StageName,
        _ freight: Freight,
        _ name: String
    ) throws(FactsFailure) -> String {
        let availability = try AvailabilityRule(facts: facts, project: project, now: now)
            .availability(of: freight, to: .stage(stage))
        return availability.isAvailable
            ? promote(name, to: stage) : "waybill explain freight/\(name)"
    }

    /// The command that says that freight passed in a stage that runs it; nil if it does not.
    func reports(
        _ freight: Freight,
        from stage: StageName
    ) throws(FactsFailure) -> String? {
        let state = try facts.stageState(stage, in: project)
        let runs = state.current?.components.contains {
            $0.freight == freight.id || $0.carrier == freight.id
        }
        guard runs == true,
            let promotion = state.verification?.promotion ?? state.currentPromotion
        else { return nil }
        return "waybill report --promotion \(promotion) --result passed"
    }
}

extension [Reason] {
    /// What would change any of them, each command once, and one that helps with all at the end.
    fileprivate func distinctChanges(last: String) -> [String] {
        var changes: [String] = []
        for change in flatMap(\.changes) where change != last && !changes.contains(change) {
            changes.append(change)
        }
        return changes + [last]
    }
}
