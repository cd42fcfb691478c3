extension Promotion {
    /// The steps to perform for a change set: those with `forEach` once for each component.
    func plan(for changes: [ComponentChange]) -> [PlannedStep] {
        var plan: [PlannedStep] = []
        var index = 0
        while index < steps.count {
            let group = repeatedGroup(at: index)
            let components: [Origin?] =
                switch steps[index].forEach {
                case nil: [nil]
                case .changed?: changes.filter { $0.kind.countsAsChanged }.map(\.origin)
                case .components?: changes.map(\.origin)
                }
            for component in components {
                for place in group { plan.append(planned(place, for: component)) }
            }
            index = group.upperBound
        }
        return plan
    }

    /// The steps from `index` on that are repeated together: those of a task whose step says
    /// `forEach`; a step alone otherwise.
    private func repeatedGroup(at index: Int) -> Range<Int> {
        guard steps[index].repeatsWithTask == true else { return index..<index + 1 }
        let task = alias(at: index).task
        var end = index + 1
        while end < steps.count, steps[end].repeatsWithTask == true, alias(at: end).task == task {
            end += 1
        }
        return index..<end
    }

    private func planned(_ index: Int, for component: Origin?) -> PlannedStep {
        let (task, step) = alias(at: index)
        var planned = PlannedStep()
        planned.template = UInt64(index)
        planned.uses = steps[index].uses
        planned.component = component
        if let component, steps[index].repeatsWithTask == true, let task {
            // Each repetition is a task of its own, with its own outputs.
            planned.alias = TaskInflation.joined("\(task)[\(component)]", step)
        } else {
            let alias = task.map { TaskInflation.joined($0, step) } ?? step
            planned.alias = component.map { "\(alias)[\($0)]" } ?? alias
        }
        return planned
    }

    /// The alias of a step, and of the task that it came from.
    private func alias(at index: Int) -> (task: String?, step: String) {
        guard let alias = steps[index].alias else { return (nil, "step-\(index + 1)") }
        guard let (task, step) = TaskInflation.parted(alias) else { return (nil, alias) }
        return (task, step)
    }
}

extension FreightCollection {
    /// What runs once `freight` was put in.
    ///
    /// Freight replaces the component of each of its leaf origins, whichever request brought the
    /// old one, and what the same requested origin brought before. Components whose requested
    /// origin is no longer requested fall away.
    package func putting(
        _ freight: [Freight],
        requests: [RequestedFreight],
        by promotion: PromotionName
    ) -> FreightCollection {
        let requested = Set(requests.map(\.origin))
        let replaced = Set(freight.flatMap(\.leaves).map(\.origin))
        let filled = Set(freight.map(\.origin))
        var kept = components.filter { component in
            requested.contains(component.requestedOrigin)
                && !replaced.contains(component.origin)
                && !filled.contains(component.requestedOrigin)
        }
        for piece in freight {
            for leaf in piece.leaves {
                let old = self[origin: leaf.origin]
                let isUnchanged = old?.freight == leaf.freight
                kept.append(
                    Component(
                        origin: leaf.origin,
                        freight: leaf.freight,
                        requestedOrigin: piece.origin,
                        carrier: piece.id,
                        promotion: isUnchanged ? old?.promotion ?? promotion : promotion
                    )
                )
            }
        }
        return FreightCollection(kept)
    }
}

extension FreightCollection {
    /// The bundle that a junction would make of these leaves.
    package func bundle(_ id: FreightID, of junction: JunctionName) -> Freight {
        var bundle = Freight()
        bundle.id = id
        bundle.origin = .junction(junction)
        bundle.constituents = components.map {
            Constituent(origin: $0.origin, freight: $0.freight)
        }
        return bundle
    }
}

extension StageState {
    /// What promoting `freight` now would change, uncertain components included.
    package func changes(putting freight: Freight, into spec: StageSpec) -> [ComponentChange] {
        let current = current ?? FreightCollection()
        let target = current.putting(
            [freight],
            requests: spec.requestedFreight,
            by: PromotionName(unchecked: "")
        )
        return current.changes(to: target, uncertain: Set(uncertain.map(\.origin)))
    }
}
