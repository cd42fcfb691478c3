import EventLog

/// The freight that a command is about, and what it would have been about but for a rule.
struct SelectedFreight {
    var freight: [Freight] = []
    /// The stage from which it was taken.
    var from: StageName?
    var dropped: [DroppedFreight] = []
}

extension Decider {
    /// The freight that a request names, or all that its selection comes to.
    func selectedFreight(
        _ command: RequestPromotion,
        spec: StageSpec
    ) throws(Stop) -> SelectedFreight {
        var selected = SelectedFreight()
        switch command.selection {
        case .named(let references):
            guard !references.isEmpty else { throw .refused(.noFreightNamed(command.stage)) }
            for reference in references {
                let found = try freight(named: reference, in: command.project)
                if !selected.freight.contains(where: { $0.id == found.id }) {
                    selected.freight.append(found)
                }
            }
        case .from(let upstream, let origin):
            var wanted = spec.requestedFreight.map(\.origin)
            if let origin {
                guard wanted.contains(origin) else {
                    throw .refused(.originNotRequested(origin, by: .stage(command.stage)))
                }
                wanted = [origin]
            }
            selected = try verifiedFreight(of: wanted, in: upstream, of: command.project)
            let isComplete = selected.dropped.isEmpty
            guard isComplete || command.verifiedOnly && !selected.freight.isEmpty else {
                throw .refused(
                    .nothingToPromote(
                        from: upstream,
                        to: command.stage,
                        missing: selected.dropped.map(\.description)
                    )
                )
            }
        }
        return selected
    }

    /// What is current and verified in `stage` of these origins; the others are dropped.
    func verifiedFreight(
        of origins: [Origin],
        in stage: StageName,
        of project: ProjectName
    ) throws(Stop) -> SelectedFreight {
        let incarnation = try incarnation(of: stage, in: project)
        let state = try stageState(stage, in: project)
        var selected = SelectedFreight()
        selected.from = stage
        for origin in origins {
            guard let id = state.current?.carrier(of: origin) else {
                selected.dropped.append(
                    DroppedFreight(origin: origin, freight: nil, why: "nothing is current")
                )
                continue
            }
            let status = try ask { facts throws(FactsFailure) in
                try facts.freightStatus(id, in: project)
            }
            if status.verification(in: stage, since: incarnation) != nil {
                selected.freight.append(try freight(id, in: project))
            } else {
                let name = try displayName(id, in: project)
                selected.dropped.append(
                    DroppedFreight(origin: origin, freight: id, why: "\(name) is not verified")
                )
            }
        }
        return selected
    }
}

extension DroppedFreight: CustomStringConvertible {
    package var description: String { "\(origin): \(why)" }
}
