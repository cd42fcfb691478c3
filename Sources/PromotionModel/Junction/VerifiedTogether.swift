import EventLog

extension Facts {
    /// How many of a stage's latest combinations a claim of joint verification looks through.
    package var verifiedTogetherLookBackCountMax: Int { 200 }

    /// The stages upstream of a junction in which all leaves ran and were verified together;
    /// control-flow stages run nothing, so those before them are asked.
    package func stages(
        verifyingTogether leaves: [Constituent],
        for spec: JunctionSpec,
        in project: ProjectName
    ) throws(FactsFailure) -> [StageName] {
        guard !leaves.isEmpty else { return [] }
        var together: [StageName] = []
        for stage in try verifyingStages(for: spec, in: project)
        where try verifiedTogether(leaves, in: stage, of: project) {
            together.append(stage)
        }
        return together
    }

    /// Whether a combination that contains all `leaves` was verified in `stage`, and that was not
    /// withdrawn since.
    ///
    /// Looks through the combinations that the stage ran since the newest of the leaves was made,
    /// the last 200 at most. Where the same combination ran several times, its last success or
    /// failure counts.
    package func verifiedTogether(
        _ leaves: [Constituent],
        in stage: StageName,
        of project: ProjectName
    ) throws(FactsFailure) -> Bool {
        guard let row = try self.stage(stage, in: project) else { return false }
        var start = row.incarnation
        for leaf in leaves {
            guard let freight = try freight(leaf.freight, in: project) else { return false }
            start = max(start, freight.created)
        }
        let entries = try collections(
            of: stage,
            in: project,
            before: Position(rawValue: .max),
            limit: verifiedTogetherLookBackCountMax
        )
        var succeeded: [CollectionID: Position] = [:]
        var failed: [CollectionID: Position] = [:]
        for entry in entries {
            guard entry.position > start else { break }
            let state = try promotionState(entry.promotion, in: project)
            guard let collection = state.collection, let record = state.verification,
                collection.contains(leaves)
            else { continue }
            let id = collection.id
            succeeded[id] = max(succeeded[id] ?? .origin, record.succeeded)
            failed[id] = max(failed[id] ?? .origin, record.failed)
        }
        return succeeded.contains { id, position in position > failed[id] ?? .origin }
    }

    /// The stages upstream of a junction that run something, in order; control-flow stages are
    /// replaced by what stands before them.
    package func verifyingStages(
        for spec: JunctionSpec,
        in project: ProjectName
    ) throws(FactsFailure) -> [StageName] {
        var found: Set<StageName> = []
        var passed: [StageName: Set<Origin>] = [:]
        var waiting = spec.requestedFreight
        while let request = waiting.popLast() {
            for name in request.stages {
                guard let spec = try stage(name, in: project)?.spec else { continue }
                guard spec.isControlFlow else {
                    found.insert(name)
                    continue
                }
                guard passed[name, default: []].insert(request.origin).inserted else { continue }
                waiting += spec.requestedFreight.filter { $0.origin == request.origin }
            }
        }
        return found.sorted()
    }
}

extension FreightCollection {
    /// Whether all `leaves` are in it.
    func contains(_ leaves: [Constituent]) -> Bool {
        leaves.allSatisfy { self[origin: $0.origin]?.freight == $0.freight }
    }
}
