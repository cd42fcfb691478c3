import EventLog
import PromotionModel

/// What must hold of the events alone: what an unsuccessful promotion may have touched is not
/// forgotten until a promotion of it succeeds.
struct InvariantTracker: Sendable {
    private struct Place: Hashable {
        let project: ProjectName
        let stage: StageName
    }

    /// Origins that nobody can be sure of.
    private var uncertain: [Place: Set<Origin>] = [:]
    /// Promotions whose first step has started.
    private var begun: Set<PromotionName> = []

    /// Takes in the event at `number`; a sentence if what `reference` made of it breaks a rule.
    ///
    /// `reference` may be further: the states that are looked at are those after the command.
    mutating func take(_ event: Event, in reference: Reference, at number: UInt64) -> String? {
        let project = ProjectName(unchecked: reference.events[Int(number) - 1].header.project)
        if case .stepStarted(let step) = event { begun.insert(step.promotion) }
        if case .promotionStarted(let started) = event {
            let place = Place(project: project, stage: started.stage)
            let missing = (uncertain[place] ?? []).subtracting(started.changes.map(\.origin))
            return missing.isEmpty ? nil : "#\(number) leaves out uncertain \(missing.sorted())"
        }
        if case .resourceRemoved(let removed) = event, removed.resource.kind == .stage {
            let stage = StageName(unchecked: removed.resource.name)
            uncertain[Place(project: project, stage: stage)] = []
        }
        guard let (promotion, stage, hasSucceeded) = event.ending else { return nil }
        let place = Place(project: project, stage: stage)
        let changes = reference.facts.promotionState(promotion, in: project).changes
        if hasSucceeded {
            uncertain[place, default: []].subtract(changes.map(\.origin))
        } else if begun.contains(promotion) {
            let touched = changes.filter { $0.kind.countsAsChanged }.map(\.origin)
            uncertain[place, default: []].formUnion(touched)
        }
        return nil
    }

    /// A sentence if a stage's uncertain components are not those that events left so.
    func difference(from reference: Reference) -> String? {
        for (place, origins) in uncertain {
            let state = reference.facts.stageState(place.stage, in: place.project)
            let listed = Set(state.uncertain.map(\.origin))
            if listed != origins {
                return "uncertain in \(place.project)/\(place.stage) are \(listed.sorted()), not "
                    + "\(origins.sorted())"
            }
        }
        return nil
    }
}

extension Event {
    /// How a promotion ended by itself, by its runner or by hand; nil for everything else.
    fileprivate var ending: (PromotionName, StageName, hasSucceeded: Bool)? {
        if case .promotionSucceeded(let end) = self { return (end.promotion, end.stage, true) }
        if case .promotionFailed(let end) = self { return (end.promotion, end.stage, false) }
        if case .promotionErrored(let end) = self { return (end.promotion, end.stage, false) }
        if case .promotionAborted(let end) = self { return (end.promotion, end.stage, false) }
        return nil
    }
}
