package import EventLog

/// Finds the freight that a stage or junction may have now, newest first.
///
/// Reads the same lists as automation does, so a look does not depend on how much freight there is.
package struct AvailableFreightRule<F: Facts> {
    private let facts: F
    private let project: ProjectName
    private let rule: AvailabilityRule<F>

    /// What one look found.
    package struct Look: Hashable, Sendable {
        package var freight: [FreightID] = []
        /// Where the next look begins: before this position; nil at the end.
        package var next: Position?
    }

    /// The rule over `facts`, at the time `now`.
    package init(facts: F, project: ProjectName, now: Timestamp) {
        self.facts = facts
        self.project = project
        rule = AvailabilityRule(facts: facts, project: project, now: now)
    }

    /// Freight that was made before `before` and is available to `consumer`, at most `limit`
    /// pieces among the next `lookCountMax`.
    package func look(
        for consumer: Consumer,
        before: Position,
        limit: Int,
        lookCountMax: Int
    ) throws(FactsFailure) -> Look {
        var lists: [(request: RequestedFreight, entries: MergedEntries<F>)] = []
        for request in try requests(of: consumer) {
            let gates = try FreightGates(request, of: consumer, facts: facts, project: project)
            lists.append((request, gates.entries(.byCreation, before: before)))
        }
        var heads: [FreightEntry?] = []
        for index in lists.indices { heads.append(try lists[index].entries.next()) }
        var look = Look()
        var last: FreightEntry?
        var lookCount = 0
        while let index = Self.newest(heads), let entry = heads[index] {
            if look.freight.count == limit || lookCount >= lookCountMax {
                look.next = last?.position
                return look
            }
            heads[index] = try lists[index].entries.next()
            // Freight stands in several lists, and a bundle where it was repackaged again too.
            guard entry != last, let freight = try facts.freight(entry.freight, in: project),
                freight.created == entry.position
            else { continue }
            last = entry
            lookCount += 1
            let availability = try rule.availability(
                of: freight,
                for: lists[index].request,
                by: consumer
            )
            if availability.isAvailable { look.freight.append(freight.id) }
        }
        return look
    }

    private func requests(of consumer: Consumer) throws(FactsFailure) -> [RequestedFreight] {
        switch consumer {
        case .stage(let name): try facts.stage(name, in: project)?.spec.requestedFreight ?? []
        case .junction(let name):
            try facts.junction(name, in: project)?.spec.requestedFreight ?? []
        }
    }

    private static func newest(_ heads: [FreightEntry?]) -> Int? {
        var newest: Int?
        for (index, head) in heads.enumerated() {
            guard let head else { continue }
            if let best = newest.flatMap({ heads[$0] }), best.position >= head.position { continue }
            newest = index
        }
        return newest
    }
}
