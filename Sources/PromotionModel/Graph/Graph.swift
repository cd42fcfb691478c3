/// A project's pipeline as it would be once some resources were applied.
struct Graph {
    private let project: ProjectName
    private var warehouses: Set<WarehouseName> = []
    private var requests: [Consumer: [RequestedFreight]] = [:]
    private var selections: [JunctionName: SelectionPolicy] = [:]
    private var controlFlow: Set<StageName> = []
    private var places: [Consumer: SourcePlace] = [:]

    /// The graph of what is configured, with `resources` in place of what they name.
    init(
        of project: ProjectName,
        facts: some Facts,
        applying resources: [Resource]
    ) throws(FactsFailure) {
        self.project = project
        warehouses = Set(try facts.warehouses(in: project))
        for name in try facts.stages(in: project) {
            if let row = try facts.stage(name, in: project) { add(name, row.spec) }
        }
        for name in try facts.junctions(in: project) {
            if let row = try facts.junction(name, in: project) { add(name, row.spec) }
        }
        for resource in resources {
            switch resource.specification {
            case .project, .projectConfig: break
            case .warehouse(let name, _): warehouses.insert(name)
            case .stage(let name, let spec):
                add(name, spec)
                places[.stage(name)] = resource.place
            case .junction(let name, let spec):
                add(name, spec)
                places[.junction(name)] = resource.place
            }
        }
    }

    private mutating func add(_ name: StageName, _ spec: StageSpec) {
        requests[.stage(name)] = spec.requestedFreight
        if spec.isControlFlow { controlFlow.insert(name) } else { controlFlow.remove(name) }
    }

    private mutating func add(_ name: JunctionName, _ spec: JunctionSpec) {
        requests[.junction(name)] = spec.requestedFreight
        selections[name] = spec.selection
    }

    /// Everything that is wrong, consumers in the order of their names.
    func problems() -> [GraphProblem] {
        var problems: [GraphProblem] = []
        let consumers = requests.keys.sorted { $0.subject < $1.subject }
        for consumer in consumers {
            for (index, request) in (requests[consumer] ?? []).enumerated() {
                problems += self.problems(of: request, at: index, in: consumer)
            }
            problems += overlaps(in: consumer)
        }
        return problems + cycles(consumers)
    }

    private func problem(_ consumer: Consumer, _ field: String, _ message: String) -> GraphProblem {
        let title: String =
            switch consumer {
            case .stage(let name): "Stage/\(name)"
            case .junction(let name): "Junction/\(name)"
            }
        return GraphProblem(
            resource: title,
            place: places[consumer],
            field: "spec.\(field)",
            message: message
        )
    }

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
                    "there is no \(request.origin) in project \(project); apply it with this"
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
        if selection(of: request, in: consumer) == .matchUpstream,
            request.direct || request.stages.count != 1
        {
            problems.append(
                problem(
                    consumer,
                    "\(field).sources",
                    "MatchUpstream needs exactly one upstream stage, and not direct: true"
                )
            )
        }
        for (stageIndex, stage) in request.stages.enumerated() {
            if let message = problem(of: stage, as: request.origin) {
                problems.append(
                    problem(consumer, "\(field).sources.stages[\(stageIndex)]", message)
                )
            }
        }
        return problems
    }

    private func selection(
        of request: RequestedFreight,
        in consumer: Consumer
    ) -> SelectionPolicy {
        switch consumer {
        case .stage: request.selection
        case .junction(let name): selections[name] ?? request.selection
        }
    }

    private func exists(_ origin: Origin) -> Bool {
        switch origin.kind {
        case .warehouse: origin.warehouse.map(warehouses.contains) ?? false
        case .junction: origin.junction.map { requests[.junction($0)] != nil } ?? false
        }
    }

    /// What is wrong with `stage` as an upstream of `origin`'s freight.
    private func problem(of stage: StageName, as origin: Origin) -> String? {
        guard let upstream = requests[.stage(stage)] else {
            return "there is no stage \(stage) in project \(project); apply it with this"
        }
        if upstream.contains(where: { $0.origin == origin }) { return nil }
        let holds = upstream.contains { request in
            leaves(of: request.origin, within: []).contains(origin)
        }
        if holds, !controlFlow.contains(stage) { return nil }
        return "stage \(stage) does not request \(origin), so its freight can never pass it"
    }

    /// The warehouses at the bottom of an origin.
    private func leaves(of origin: Origin, within path: Set<Origin>) -> Set<Origin> {
        guard let junction = origin.junction else { return [origin] }
        guard !path.contains(origin), let slots = requests[.junction(junction)] else { return [] }
        return slots.reduce(into: []) { leaves, slot in
            leaves.formUnion(self.leaves(of: slot.origin, within: path.union([origin])))
        }
    }

    /// Slots of one junction that would bring the same component.
    private func overlaps(in consumer: Consumer) -> [GraphProblem] {
        guard case .junction = consumer else { return [] }
        var seen: [Origin: Origin] = [:]
        var problems: [GraphProblem] = []
        for (index, request) in (requests[consumer] ?? []).enumerated() {
            for leaf in leaves(of: request.origin, within: []).sorted() {
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

    /// Consumers that wait for themselves, through stages and junctions.
    private func cycles(_ consumers: [Consumer]) -> [GraphProblem] {
        var done: Set<Consumer> = []
        var problems: [GraphProblem] = []
        for start in consumers where !done.contains(start) {
            var path: [Consumer] = []
            if let cycle = findCycle(from: start, path: &path, done: &done) {
                let names = cycle.map(\.subject.rawValue).joined(separator: " → ")
                problems.append(
                    problem(
                        cycle[0],
                        "requestedFreight",
                        "\(names) is a cycle; freight would wait for itself"
                    )
                )
            }
        }
        return problems
    }

    private func findCycle(
        from consumer: Consumer,
        path: inout [Consumer],
        done: inout Set<Consumer>
    ) -> [Consumer]? {
        if let start = path.firstIndex(of: consumer) { return Array(path[start...]) + [consumer] }
        guard !done.contains(consumer) else { return nil }
        path.append(consumer)
        for next in upstream(of: consumer) {
            if let cycle = findCycle(from: next, path: &path, done: &done) { return cycle }
        }
        path.removeLast()
        done.insert(consumer)
        return nil
    }

    private func upstream(of consumer: Consumer) -> [Consumer] {
        (requests[consumer] ?? []).flatMap { request -> [Consumer] in
            let stages = request.stages.map { Consumer.stage($0) }
            return stages + (request.origin.junction.map { [.junction($0)] } ?? [])
        }
    }
}
