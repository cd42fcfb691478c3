package import PromotionModel

/// Something whose components can be compared: what a stage runs, a piece of freight, or what a
/// junction would make now.
package struct Combination: Hashable, Sendable {
    /// What it is, such as `stage/prod` or `freight/2026.47`.
    package let title: String
    package let moment: Moment
    package let collection: FreightCollection
}

extension View {
    /// What `text` names: `stage/S`, `junction/J`, `freight/F`, or a name alone, looked for in that
    /// order.
    package func combination(
        _ text: String,
        in project: ProjectName
    ) throws(LedgerError) -> Combination {
        let kinds: [Subject.Kind]
        let name: String
        if let subject = Subject(rawValue: text), let kind = subject.kind {
            kinds = [kind]
            name = subject.name
        } else {
            kinds = [.stage, .junction, .freight]
            name = text
        }
        let found = try ask { facts throws(FactsFailure) -> FreightCollection? in
            for kind in kinds {
                if let found = try facts.collection(kind, name, in: project) { return found }
            }
            return nil
        }
        guard let found else {
            let ambiguity = try ambiguity(of: name, kinds, in: project)
            throw .notFound(
                ambiguity
                    ?? "there is no stage, junction or freight called "
                    + "\(text.quotedForDisplay) in project \(project) at \(moment.position); "
                    + "see waybill get stages --project \(project)"
            )
        }
        return Combination(title: text, moment: moment, collection: found)
    }

    /// What is to be said of a name that several pieces of freight could have.
    private func ambiguity(
        of name: String,
        _ kinds: [Subject.Kind],
        in project: ProjectName
    ) throws(LedgerError) -> String? {
        guard kinds.contains(.freight) else { return nil }
        let result = try ask { facts throws(FactsFailure) in
            try FreightReference.resolve(name, in: project, facts: facts)
        }
        guard case .failure(let refusal) = result, case .ambiguousFreight = refusal else {
            return nil
        }
        return refusal.description
    }
}

extension StoreFacts {
    fileprivate func collection(
        _ kind: Subject.Kind,
        _ name: String,
        in project: ProjectName
    ) throws(FactsFailure) -> FreightCollection? {
        switch kind {
        case .stage:
            guard let stage = StageName(rawValue: name),
                try self.stage(stage, in: project) != nil
            else { return nil }
            return try stageState(stage, in: project).current ?? FreightCollection()
        case .junction:
            guard let junction = JunctionName(rawValue: name),
                try self.junction(junction, in: project) != nil
            else { return nil }
            return try nextBundle(of: junction, in: project)
        case .freight:
            let result = try FreightReference.resolve(name, in: project, facts: self)
            guard case .success(let id) = result, let freight = try freight(id, in: project) else {
                return nil
            }
            return FreightCollection(bundle: freight)
        case .project, .warehouse, .promotion, .task, .clusterTask, .cluster, .token, .user,
            .group:
            return nil
        }
    }

    /// What a junction would make of the freight that it holds now.
    package func nextBundle(
        of junction: JunctionName,
        in project: ProjectName
    ) throws(FactsFailure) -> FreightCollection {
        var leaves: [Constituent] = []
        let state = try junctionState(junction, in: project)
        let requests = try self.junction(junction, in: project)?.spec.requestedFreight ?? []
        for slot in requests.compactMap({ state[origin: $0.origin] }) {
            guard let freight = try freight(slot.freight, in: project) else {
                throw .inconsistent("slot \(slot.origin) holds \(slot.freight), which is not there")
            }
            leaves += freight.leaves
        }
        leaves.sort { $0.origin < $1.origin }
        return FreightCollection(
            leaves: leaves,
            of: junction,
            id: FreightIdentity.id(of: leaves, junction: junction)
        )
    }
}
