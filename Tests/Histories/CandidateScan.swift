import EventLog
import PromotionModel

/// Whether what indexes find for a request is what a look at all freight finds.
struct CandidateScan {
    let facts: DictionaryFacts
    let project: ProjectName
    let now: Timestamp

    /// The first request whose candidate is another one; nil if there is none.
    func finding() throws(FactsFailure) -> String? {
        for stage in facts.stages(in: project) {
            for request in facts.stage(stage, in: project)?.spec.requestedFreight ?? [] {
                if let found = try finding(request, .stage(stage)) { return found }
            }
        }
        for junction in facts.junctions(in: project) {
            for request in facts.junction(junction, in: project)?.spec.requestedFreight ?? [] {
                if let found = try finding(request, .junction(junction)) { return found }
            }
        }
        return nil
    }

    private func finding(
        _ request: RequestedFreight,
        _ consumer: Consumer
    ) throws(FactsFailure) -> String? {
        let rule = CandidateRule(facts: facts, project: project, now: now)
        for selection in [SelectionPolicy.newestFreight, .newestVerified] {
            let found = try rule.candidate(for: request, of: consumer, selection: selection)
            let scanned = try candidate(for: request, of: consumer, selection)
            if found.freight?.id != scanned {
                return "\(project): \(selection) of \(request.origin) for \(consumer) finds "
                    + "\(found.freight?.id.short ?? "none"), a scan \(scanned?.short ?? "none")"
            }
        }
        return nil
    }

    private func candidate(
        for request: RequestedFreight,
        of consumer: Consumer,
        _ selection: SelectionPolicy
    ) throws(FactsFailure) -> FreightID? {
        let entries = facts.freight(
            of: request.origin,
            in: project,
            before: Position(rawValue: .max),
            limit: .max
        )
        var freight: [Freight] = []
        for entry in entries {
            guard let piece = facts.freight(entry.freight, in: project),
                try isTaken(piece, for: request, by: consumer)
            else { continue }
            freight.append(piece)
        }
        guard selection == .newestVerified else { return freight.first?.id }
        let verifiers = verifiers(request.stages, of: request.origin)
        let verified = freight.compactMap { freight -> (Position, FreightID)? in
            let marks = facts.freightStatus(freight.id, in: project).verified
            return marks.filter { counts($0, in: verifiers) }.map(\.latest).max()
                .map { ($0, freight.id) }
        }
        return verified.max { $0 < $1 }?.1 ?? freight.first?.id
    }

    private func isTaken(
        _ freight: Freight,
        for request: RequestedFreight,
        by consumer: Consumer
    ) throws(FactsFailure) -> Bool {
        let availability = try AvailabilityRule(facts: facts, project: project, now: now)
            .availability(of: freight, for: request, by: consumer)
        let rule = CandidateRule(facts: facts, project: project, now: now)
        let refusing = try rule.refusingWarehouse(of: freight)
        return availability.isAvailable && refusing == nil
    }

    /// Whether a mark is of one of these stages, as it is now.
    private func counts(_ mark: FreightMark, in stages: Set<StageName>) -> Bool {
        guard stages.contains(mark.stage), let row = facts.stage(mark.stage, in: project) else {
            return false
        }
        return mark.position > row.incarnation
    }

    /// The stages that verify, where control flow is replaced by what stands before it.
    private func verifiers(_ stages: [StageName], of origin: Origin) -> Set<StageName> {
        var found: Set<StageName> = []
        for stage in stages {
            guard let spec = facts.stage(stage, in: project)?.spec else { continue }
            if spec.isControlFlow {
                let inner = spec.requestedFreight.first { $0.origin == origin }
                found.formUnion(verifiers(inner?.stages ?? [], of: origin))
            } else {
                found.insert(stage)
            }
        }
        return found
    }
}
