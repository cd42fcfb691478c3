import EventLog
import PromotionModel

/// What must hold of the events alone: what an unsuccessful promotion may have touched is not
/// forgotten until a promotion of it succeeds.
///
/// Looks at no state, only at what events say.
struct InvariantTracker: Sendable {
    private struct Place: Hashable {
        let project: ProjectName
        let stage: StageName
    }

    /// What events said of one promotion.
    fileprivate struct Record {
        var request: Promotion
        var start: PromotionStarted?
        /// How each step went, as the last report of it said; nil while it runs.
        var steps: [UInt64: StepStatus?] = [:]
        var wasSuperseded = false
        /// Its stage was deleted since it was asked for.
        var isOfRemovedStage = false
    }

    private struct RecordKey: Hashable {
        let project: ProjectName
        let promotion: PromotionName
    }

    /// Origins that nobody can be sure of.
    private var uncertain: [Place: Set<Origin>] = [:]
    private var current: [Place: FreightCollection] = [:]
    private var records: [RecordKey: Record] = [:]

    /// Takes in the event at `number`; a sentence if it breaks a rule.
    mutating func take(_ event: Event, in project: ProjectName, at number: UInt64) -> String? {
        switch event.news {
        case .requested(let request):
            records[RecordKey(project: project, promotion: request.name)] = Record(request: request)
        case .started(let started):
            records[RecordKey(project: project, promotion: started.promotion)]?.start = started
            let known = uncertain[Place(project: project, stage: started.stage)] ?? []
            let missing = known.subtracting(started.changes.map(\.origin))
            if !missing.isEmpty { return "#\(number) leaves out uncertain \(missing.sorted())" }
        case .step(let index, let promotion, let status, let hasTakenEffect):
            let key = RecordKey(project: project, promotion: promotion)
            records[key]?.steps[index] = .some(status)
            guard let record = records[key], hasTakenEffect, record.wasSuperseded else { break }
            addUncertain(record, project)
        case .superseded(let promotion):
            records[RecordKey(project: project, promotion: promotion)]?.wasSuperseded = true
        case .succeeded(let promotion):
            let key = RecordKey(project: project, promotion: promotion)
            guard let record = records[key] else { return "#\(number) is of nothing requested" }
            succeeded(record, project)
        case .unsuccessful(let promotion):
            let key = RecordKey(project: project, promotion: promotion)
            guard let record = records[key] else { return "#\(number) is of nothing requested" }
            if !record.steps.isEmpty { addUncertain(record, project) }
        case .removed(let stage):
            uncertain[Place(project: project, stage: stage)] = []
            current[Place(project: project, stage: stage)] = nil
            for key in records.keys where key.project == project {
                if records[key]?.request.stage == stage { records[key]?.isOfRemovedStage = true }
            }
        case nil: break
        }
        return nil
    }

    private mutating func addUncertain(_ record: Record, _ project: ProjectName) {
        guard !record.isOfRemovedStage else { return }
        let touched = record.start?.changes.filter { $0.kind.countsAsChanged }.map(\.origin)
        uncertain[Place(project: project, stage: record.request.stage), default: []]
            .formUnion(touched ?? [])
    }

    private mutating func succeeded(_ record: Record, _ project: ProjectName) {
        let place = Place(project: project, stage: record.request.stage)
        guard let start = record.start else { return }
        for change in start.changes where change.isUncertain {
            let performed = start.plan.enumerated().filter { $0.element.component == change.origin }
                .map { record.steps[UInt64($0.offset)] ?? .some(.skipped) }
            let isPerformed =
                performed.contains(.succeeded)
                && performed.allSatisfy { $0 == .succeeded || $0 == .skipped }
            if isPerformed || record.isOf(change.origin, on: current[place]) {
                uncertain[place]?.remove(change.origin)
            }
        }
        current[place] = start.collection
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

extension InvariantTracker.Record {
    /// Whether the promotion is of a component: it brings it, or takes it away by filling what
    /// had brought it, or brings it back.
    fileprivate func isOf(_ origin: Origin, on before: FreightCollection?) -> Bool {
        guard let start else { return false }
        let after = start.collection[origin: origin]
        let requested = (after ?? before?[origin: origin])?.requestedOrigin
        if request.target != nil {
            return request.origin == nil || request.origin == origin || request.origin == requested
        }
        let brought = request.freight + start.coalesced
        if let after { return brought.contains(after.carrier) }
        return start.collection.components.contains {
            $0.requestedOrigin == requested && brought.contains($0.carrier)
        }
    }
}

/// What an event says about how promotions go.
private enum News {
    case requested(Promotion)
    case started(PromotionStarted)
    /// nil as long as it runs.
    case step(UInt64, PromotionName, StepStatus?, hasTakenEffect: Bool)
    case superseded(PromotionName)
    case succeeded(PromotionName)
    case unsuccessful(PromotionName)
    case removed(StageName)
}

extension Event {
    fileprivate var news: News? {
        if case .promotionRequested(let event) = self { return .requested(event.request) }
        if case .promotionStarted(let event) = self { return .started(event) }
        if case .stepStarted(let event) = self {
            return .step(event.step, event.promotion, nil, hasTakenEffect: false)
        }
        if case .stepFinished(let event) = self {
            let effect = event.hasTakenEffect
            return .step(event.step, event.promotion, event.status, hasTakenEffect: effect)
        }
        if case .promotionSuperseded(let event) = self { return .superseded(event.promotion) }
        if case .promotionSucceeded(let event) = self { return .succeeded(event.promotion) }
        if case .promotionFailed(let event) = self { return .unsuccessful(event.promotion) }
        if case .promotionErrored(let event) = self { return .unsuccessful(event.promotion) }
        if case .promotionAborted(let event) = self { return .unsuccessful(event.promotion) }
        if case .resourceRemoved(let event) = self, event.resource.kind == .stage {
            return .removed(StageName(unchecked: event.resource.name))
        }
        return nil
    }
}
