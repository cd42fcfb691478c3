import EventLog
import PromotionModel

/// Whether indexes say what can also be found by looking through everything.
///
/// The store and the dictionaries are told of index entries by the same events; this asks neither.
enum IndexCheck {
    /// The first index that is wrong; nil if none is.
    static func finding(in facts: some Facts) throws(FactsFailure) -> String? {
        for project in try facts.projects() {
            if let found = try consumers(facts, project) { return found }
            if let found = try freight(facts, project) { return found }
        }
        return nil
    }

    /// Who takes freight from where: read off all specifications.
    private static func consumers(
        _ facts: some Facts,
        _ project: ProjectName
    ) throws(FactsFailure) -> String? {
        var expected: [Subject: Set<Subject>] = [:]
        func note(_ consumer: Subject, _ requests: [RequestedFreight]) {
            for request in requests {
                if let name = request.origin.warehouse {
                    expected[.warehouse(name), default: []].insert(consumer)
                }
                if let name = request.origin.junction {
                    expected[.junction(name), default: []].insert(consumer)
                }
                for stage in request.stages {
                    expected[.stage(stage), default: []].insert(consumer)
                }
            }
        }
        for name in try facts.stages(in: project) {
            let spec = try facts.stage(name, in: project)?.spec
            note(.stage(name), spec?.requestedFreight ?? [])
        }
        for name in try facts.junctions(in: project) {
            let spec = try facts.junction(name, in: project)?.spec
            note(.junction(name), spec?.requestedFreight ?? [])
        }
        for subject in try facts.subjects(in: project) {
            let listed = try facts.consumers(of: subject, in: project)
            let wanted = (expected[subject] ?? []).sorted()
            if listed != wanted { return "consumers of \(subject): \(listed), not \(wanted)" }
        }
        return nil
    }

    /// Marks, approvals, constituents and aliases: read off all freight.
    private static func freight(
        _ facts: some Facts,
        _ project: ProjectName
    ) throws(FactsFailure) -> String? {
        let all = Position(rawValue: .max)
        var owners: [String: Set<FreightID>] = [:]
        for origin in try facts.origins(in: project) {
            let ids = try facts.freight(of: origin, in: project, before: all, limit: .max)
            for id in Set(ids.map(\.freight)) {
                let status = try facts.freightStatus(id, in: project)
                owners[status.alias, default: []].insert(id)
                for mark in status.verified {
                    let listed = try facts.freight(
                        verifiedIn: mark.stage,
                        of: origin,
                        in: project,
                        before: all,
                        limit: .max
                    )
                    let entry = FreightEntry(position: mark.latest, freight: id)
                    if !listed.contains(entry) { return "\(id.short) lacks verified \(mark.stage)" }
                }
                for approval in status.approved {
                    guard let consumer = Consumer(approval.consumer) else { continue }
                    let listed = try facts.freight(
                        approvedFor: consumer,
                        of: origin,
                        in: project,
                        createdBefore: all,
                        limit: .max
                    )
                    if !listed.contains(where: { $0.freight == id }) {
                        return "\(id.short) lacks approved \(consumer)"
                    }
                }
                for leaf in try facts.freight(id, in: project)?.constituents ?? [] {
                    let bundles = try facts.bundles(
                        holding: leaf.freight,
                        in: project,
                        before: all,
                        limit: .max
                    )
                    if !bundles.contains(where: { $0.freight == id }) {
                        return "\(leaf.freight.short) lacks its bundle \(id.short)"
                    }
                }
            }
        }
        for (alias, ids) in owners where !alias.isEmpty {
            if ids.count > 1 { return "alias \(alias) belongs to \(ids.map(\.short).sorted())" }
            let owner = try facts.freight(withAlias: alias, in: project)
            if owner != ids.first { return "alias \(alias) leads to \(owner?.short ?? "nothing")" }
        }
        return nil
    }
}
