import EventLog

extension Facts {
    /// How many of a stage's latest combinations a claim of joint verification looks through.
    package var verifiedTogetherLookBackCountMax: Int { 200 }

    /// The stages upstream of a junction in which all leaves ran and were verified together.
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

    /// The stages upstream of a junction that run something, in order; control-flow stages are
    /// replaced by what stands before them.
    package func verifyingStages(
        for spec: JunctionSpec,
        in project: ProjectName
    ) throws(FactsFailure) -> [StageName] {
        var found: Set<StageName> = []
        var passed: Set<StageName> = []
        var waiting = spec.requestedFreight.flatMap(\.stages)
        while let next = waiting.popLast() {
            guard let row = try stage(next, in: project) else { continue }
            if !row.spec.isControlFlow {
                found.insert(next)
            } else if passed.insert(next).inserted {
                waiting += row.spec.requestedFreight.flatMap(\.stages)
            }
        }
        return found.sorted()
    }

    /// Whether a combination that contains all `leaves` ran in `stage` and was verified there,
    /// and that was not withdrawn since.
    package func verifiedTogether(
        _ leaves: [Constituent],
        in stage: StageName,
        of project: ProjectName
    ) throws(FactsFailure) -> Bool {
        guard let row = try self.stage(stage, in: project) else { return false }
        let entries = try collections(
            of: stage,
            in: project,
            before: Position(rawValue: .max),
            limit: verifiedTogetherLookBackCountMax
        )
        // What a stage of the same name ran that was deleted says nothing about this one.
        for entry in entries where entry.position > row.incarnation {
            let state = try promotionState(entry.promotion, in: project)
            guard let collection = state.collection, state.isVerified else { continue }
            let containsAll = leaves.allSatisfy { leaf in
                collection[origin: leaf.origin]?.freight == leaf.freight
            }
            if containsAll { return true }
        }
        return false
    }
}

extension PromotionState {
    /// Whether what it made the stage run was verified there, and no later result took that back.
    fileprivate var isVerified: Bool {
        guard let verification else { return false }
        switch verification.result {
        case .successful: return true
        case .failed: return false
        case .errored, .aborted, .inconclusive: return verification.succeeded != .origin
        }
    }
}
