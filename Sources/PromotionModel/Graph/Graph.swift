import Matching

/// A project's pipeline as it would be once some resources were applied.
struct Graph {
    let project: ProjectName
    private var warehouses: Set<WarehouseName> = []
    private(set) var requests: [Consumer: [RequestedFreight]] = [:]
    private var junctions: [JunctionName: JunctionSpec] = [:]
    private(set) var controlFlow: Set<StageName> = []
    private var places: [Consumer: SourcePlace] = [:]
    /// The steps of the stages that have any.
    private(set) var steps: [StageName: StageSpec] = [:]
    /// The tasks of the project and those for everybody, and where they are said.
    var tasks: [TaskReference: (spec: TaskSpec, place: SourcePlace?)] = [:]
    /// The warehouses at the bottom of each junction.
    private var leaves: [JunctionName: Set<Origin>] = [:]

    /// The graph of what is configured, with `resources` in place of what they name; or of the
    /// resources `alone`.
    init(
        of project: ProjectName,
        facts: some Facts,
        applying resources: [Resource],
        alone: Bool
    ) throws(FactsFailure) {
        self.project = project
        if !alone { try addConfigured(facts) }
        for resource in resources {
            switch resource.specification {
            case .project, .projectConfig, .task, .clusterTask, .cluster: break
            case .warehouse(let name, _): warehouses.insert(name)
            case .stage(let name, let spec):
                add(name, spec)
                places[.stage(name)] = resource.place
            case .junction(let name, let spec):
                add(name, spec)
                places[.junction(name)] = resource.place
            }
        }
        try addTasks(facts, applying: resources, alone: alone)
        for name in junctions.keys.sorted() { findLeaves(of: name) }
    }

    private mutating func addConfigured(_ facts: some Facts) throws(FactsFailure) {
        warehouses = Set(try facts.warehouses(in: project))
        for name in try facts.stages(in: project) {
            if let row = try facts.stage(name, in: project) { add(name, row.spec) }
        }
        for name in try facts.junctions(in: project) {
            if let row = try facts.junction(name, in: project) { add(name, row.spec) }
        }
    }

    private mutating func add(_ name: StageName, _ spec: StageSpec) {
        requests[.stage(name)] = spec.requestedFreight
        steps[name] = spec.isControlFlow ? nil : spec
        if spec.isControlFlow { controlFlow.insert(name) } else { controlFlow.remove(name) }
    }

    private mutating func add(_ name: JunctionName, _ spec: JunctionSpec) {
        requests[.junction(name)] = spec.requestedFreight
        junctions[name] = spec
    }

    /// Looks into junctions below first; one that is above itself adds nothing to what is below.
    private mutating func findLeaves(of start: JunctionName) {
        var waiting = [start]
        var open: Set<JunctionName> = []
        while let name = waiting.last {
            let origins = (requests[.junction(name)] ?? []).map(\.origin)
            let below = origins.compactMap(\.junction).filter {
                leaves[$0] == nil && !open.contains($0) && $0 != name
            }
            if leaves[name] == nil, open.insert(name).inserted, !below.isEmpty {
                waiting += below
                continue
            }
            waiting.removeLast()
            if leaves[name] != nil { continue }
            leaves[name] = origins.reduce(into: []) { $0.formUnion(leaves(of: $1)) }
        }
    }

    /// The warehouses at the bottom of an origin.
    private func leaves(of origin: Origin) -> Set<Origin> {
        guard let junction = origin.junction else { return [origin] }
        return leaves[junction] ?? []
    }

    /// Everything that is wrong, consumers in the order of their names.
    func problems() -> [GraphProblem] {
        var problems: [GraphProblem] = []
        let consumers = requests.keys.sorted { $0.subject < $1.subject }
        for consumer in consumers {
            for (index, request) in (requests[consumer] ?? []).enumerated() {
                problems += self.problems(of: request, at: index, in: consumer)
            }
            if case .stage(let name) = consumer { problems += problemsOfTasks(in: name) }
            guard case .junction(let name) = consumer, let spec = junctions[name] else { continue }
            problems += overlaps(in: consumer) + vainRequirement(of: name, spec)
        }
        return problems + cycles(consumers)
    }

    /// Whether a document of this apply configures it.
    func hasPlace(_ consumer: Consumer) -> Bool { places[consumer] != nil }

    /// A problem of a consumer, where it is said: in its own document, or in that of `other` or
    /// at `place`, which is applied without it.
    func problem(
        _ consumer: Consumer,
        _ field: String,
        _ message: String,
        or other: Consumer? = nil,
        at place: SourcePlace? = nil
    ) -> GraphProblem {
        let title: String =
            switch consumer {
            case .stage(let name): "Stage/\(name)"
            case .junction(let name): "Junction/\(name)"
            }
        return GraphProblem(
            resource: title,
            place: places[consumer] ?? other.flatMap { places[$0] } ?? place,
            field: "spec.\(field)",
            message: message
        )
    }
}

// MARK: - Requests

extension Graph {
    private func problems(
        of request: RequestedFreight,
        at index: Int,
        in consumer: Consumer
    ) -> [GraphProblem] {
        let field = "requestedFreight[\(index)]"
        var problems: [GraphProblem] = []
        if !exists(request.origin) {
            problems.append(
                problem(
                    consumer,
                    "\(field).origin",
                    "there is no \(request.origin) in project \(project); "
                        + hint(request.origin.name, known(of: request.origin.kind))
                )
            )
        }
        let origins = (requests[consumer] ?? []).map(\.origin)
        if origins.firstIndex(of: request.origin) != index {
            problems.append(
                problem(consumer, "\(field).origin", "\(request.origin) is requested twice")
            )
        }
        if !request.direct, request.stages.isEmpty {
            problems.append(
                problem(
                    consumer,
                    "\(field).sources",
                    "say where freight comes from: direct: true, or the stages that it must pass"
                )
            )
        }
        if let message = problemOfMatching(request, in: consumer) {
            problems.append(problem(consumer, "\(field).sources", message))
        }
        for (stageIndex, stage) in request.stages.enumerated() {
            guard let message = problem(of: stage, as: request.origin) else { continue }
            let place = "\(field).sources.stages[\(stageIndex)]"
            problems.append(problem(consumer, place, message, or: .stage(stage)))
        }
        return problems
    }

    /// What to do about a name that nothing has.
    private func hint(_ name: String, _ known: [String]) -> String {
        NearestName.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
            ?? "apply it with this"
    }

    /// The names of the origins of a kind.
    private func known(of kind: Origin.Kind) -> [String] {
        switch kind {
        case .warehouse: warehouses.map(\.rawValue)
        case .junction: junctions.keys.map(\.rawValue)
        }
    }

    private func exists(_ origin: Origin) -> Bool {
        switch origin.kind {
        case .warehouse: origin.warehouse.map(warehouses.contains) ?? false
        case .junction: origin.junction.map { requests[.junction($0)] != nil } ?? false
        }
    }

    /// What is wrong with a request for what the one upstream stage runs.
    private func problemOfMatching(_ request: RequestedFreight, in consumer: Consumer) -> String? {
        let selection: SelectionPolicy =
            switch consumer {
            case .stage: request.selection
            case .junction(let name): junctions[name]?.selection ?? request.selection
            }
        guard selection == .matchUpstream else { return nil }
        guard !request.direct, request.stages.count == 1 else {
            return "MatchUpstream needs exactly one upstream stage, and not direct: true"
        }
        guard controlFlow.contains(request.stages[0]) else { return nil }
        return "stage \(request.stages[0]) has no steps and runs nothing that MatchUpstream could "
            + "take; name the stage before it"
    }

    /// What is wrong with `stage` as an upstream of `origin`'s freight.
    private func problem(of stage: StageName, as origin: Origin) -> String? {
        guard let upstream = requests[.stage(stage)] else {
            let names = steps.keys.map(\.rawValue) + controlFlow.map(\.rawValue)
            return "there is no stage \(stage) in project \(project); "
                + hint(stage.rawValue, names)
        }
        if upstream.contains(where: { $0.origin == origin }) { return nil }
        let holds = upstream.contains { leaves(of: $0.origin).contains(origin) }
        if holds, !controlFlow.contains(stage) { return nil }
        return "stage \(stage) does not request \(origin), so its freight can never pass it"
    }
}

// MARK: - Junctions

extension Graph {
    /// Slots of one junction that would bring the same component.
    private func overlaps(in consumer: Consumer) -> [GraphProblem] {
        var seen: [Origin: Origin] = [:]
        var problems: [GraphProblem] = []
        for (index, request) in (requests[consumer] ?? []).enumerated() {
            for leaf in leaves(of: request.origin).sorted() {
                if let other = seen[leaf], other != request.origin {
                    problems.append(
                        problem(
                            consumer,
                            "requestedFreight[\(index)].origin",
                            "\(request.origin) and \(other) both bring \(leaf); keep one"
                        )
                    )
                }
                seen[leaf] = request.origin
            }
        }
        return problems
    }

    /// A junction that would never repackage, because no stage runs together what it takes.
    private func vainRequirement(of name: JunctionName, _ spec: JunctionSpec) -> [GraphProblem] {
        guard spec.requireVerifiedTogether else { return [] }
        let wanted = spec.requestedFreight.filter { !$0.optional }
            .reduce(into: Set<Origin>()) { $0.formUnion(leaves(of: $1.origin)) }
        let isPossible = runningStages(before: spec.requestedFreight).contains { stage in
            let held = (requests[.stage(stage)] ?? [])
                .reduce(into: Set<Origin>()) { $0.formUnion(leaves(of: $1.origin)) }
            return held.isSuperset(of: wanted)
        }
        if isPossible { return [] }
        return [
            problem(
                .junction(name),
                "repackaging.requireVerifiedTogether",
                "no stage upstream runs all that the junction takes, so no bundle of it could ever "
                    + "be verified together; leave it out, or take all of it from one stage"
            )
        ]
    }

    /// The stages upstream that run something; control-flow stages are replaced by what stands
    /// before them.
    private func runningStages(before requests: [RequestedFreight]) -> Set<StageName> {
        var found: Set<StageName> = []
        var passed: Set<StageName> = []
        var waiting = requests.flatMap(\.stages)
        while let next = waiting.popLast() {
            if !controlFlow.contains(next) {
                found.insert(next)
            } else if passed.insert(next).inserted {
                waiting += (self.requests[.stage(next)] ?? []).flatMap(\.stages)
            }
        }
        return found
    }
}
