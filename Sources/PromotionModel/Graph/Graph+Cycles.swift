extension Graph {
    /// Consumers that wait for themselves, through stages and junctions; each cycle once.
    func cycles(_ consumers: [Consumer]) -> [GraphProblem] {
        var done: Set<Consumer> = []
        var problems: [GraphProblem] = []
        for start in consumers {
            while let cycle = findCycle(from: start, done: &done) {
                // What is in it was told; what leads into it is looked at again.
                done.formUnion(cycle)
                let names = cycle.map(\.subject.rawValue).joined(separator: " → ")
                problems.append(
                    problem(
                        cycle[0],
                        "requestedFreight",
                        "\(names) is a cycle; freight would wait for itself",
                        or: cycle.first { hasPlace($0) }
                    )
                )
            }
        }
        return problems
    }

    /// A consumer whose upstream is being looked at.
    private struct Visit {
        let consumer: Consumer
        var upstream: [Consumer]
    }

    /// Looks upstream of `start`, depth first; `done` is what no cycle goes through.
    private func findCycle(from start: Consumer, done: inout Set<Consumer>) -> [Consumer]? {
        guard !done.contains(start) else { return nil }
        var path = [Visit(consumer: start, upstream: upstream(of: start))]
        var onPath: Set<Consumer> = [start]
        while let next = path.last?.upstream.last {
            path[path.count - 1].upstream.removeLast()
            if onPath.contains(next) {
                let cycle = path.map(\.consumer).drop { $0 != next }
                return Array(cycle) + [next]
            }
            guard !done.contains(next) else {
                finish(&path, &onPath, &done)
                continue
            }
            path.append(Visit(consumer: next, upstream: upstream(of: next)))
            onPath.insert(next)
            finish(&path, &onPath, &done)
        }
        finish(&path, &onPath, &done)
        return nil
    }

    /// Takes off the path what has nothing more upstream.
    private func finish(
        _ path: inout [Visit],
        _ onPath: inout Set<Consumer>,
        _ done: inout Set<Consumer>
    ) {
        while let last = path.last, last.upstream.isEmpty {
            path.removeLast()
            onPath.remove(last.consumer)
            done.insert(last.consumer)
        }
    }

    private func upstream(of consumer: Consumer) -> [Consumer] {
        (requests[consumer] ?? []).reversed().flatMap { request -> [Consumer] in
            let stages = request.stages.reversed().map { Consumer.stage($0) }
            return (request.origin.junction.map { [.junction($0)] } ?? []) + stages
        }
    }
}
