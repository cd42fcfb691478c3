import EventLog

/// The lists in which freight that could be available to a request is found.
///
/// Freight that must pass stages is looked for among what was verified in them and what was
/// approved, so that a look does not depend on how much freight there is.
struct FreightGates<F: Facts> {
    private let facts: F
    private let project: ProjectName
    private let origin: Origin
    private let gate: Gate

    /// Where freight comes in: all that a request lets through came by one of these.
    private struct Gate {
        /// Stages that verify; control-flow stages are replaced by what stands before them.
        var stages: Set<StageName> = []
        /// Consumers that freight can be approved for: the one that asks, and control-flow stages.
        var approvers: Set<Subject> = []
        /// Whether freight may come without being verified anywhere.
        var isOpen = false
        /// All stages upstream that verify, also those that `All` makes needless to look through.
        var verifiers: Set<StageName> = []

        mutating func add(_ other: Gate) {
            stages.formUnion(other.stages)
            approvers.formUnion(other.approvers)
            isOpen = isOpen || other.isOpen
            verifiers.formUnion(other.verifiers)
        }
    }

    /// The gates of a request of `consumer`.
    init(
        _ request: RequestedFreight,
        of consumer: Consumer,
        facts: F,
        project: ProjectName
    ) throws(FactsFailure) {
        self.facts = facts
        self.project = project
        origin = request.origin
        var known: [StageName: Gate] = [:]
        gate = try Self.gate(of: request, consumer, facts, project, &known)
    }

    private static func gate(
        of request: RequestedFreight,
        _ consumer: Consumer,
        _ facts: F,
        _ project: ProjectName,
        _ known: inout [StageName: Gate]
    ) throws(FactsFailure) -> Gate {
        var upstream: [Gate] = []
        for name in request.stages {
            if let gate = known[name] {
                upstream.append(gate)
                continue
            }
            guard let row = try facts.stage(name, in: project) else { continue }
            guard row.spec.isControlFlow else {
                upstream.append(Gate(stages: [name], verifiers: [name]))
                continue
            }
            let inner = row.spec.requestedFreight.first { $0.origin == request.origin }
            guard let inner else { continue }
            let gate = try gate(of: inner, .stage(name), facts, project, &known)
            known[name] = gate
            upstream.append(gate)
        }
        var all = Gate(approvers: [consumer.subject])
        for gate in upstream { all.add(gate) }
        if request.availability == .all, let closed = upstream.first(where: { !$0.isOpen }) {
            // What passed all of the stages passed this one too.
            all.stages = closed.stages
            all.approvers = closed.approvers.union([consumer.subject])
            all.isOpen = false
        }
        if request.direct { all.isOpen = true }
        return all
    }

    /// Freight that could be available, newest first, from before `before`.
    func entries(
        _ order: MergedEntries<F>.Order,
        before: Position = Position(rawValue: .max)
    ) -> MergedEntries<F> {
        var lists: [MergedEntries<F>.List] = []
        switch order {
        case .byVerification:
            lists = gate.verifiers.sorted().map { .verifiedByTime($0) }
        case .byCreation where gate.isOpen || origin.kind == .junction:
            // The newest bundle is the one that was repackaged last, made when it may.
            lists = [.ofOrigin]
        case .byCreation:
            lists = gate.stages.sorted().map { .verifiedByCreation($0) }
            lists += gate.approvers.sorted().compactMap { Consumer($0) }.map { .approved($0) }
        }
        return MergedEntries(lists, of: origin, facts: facts, project: project, before: before)
    }
}

/// Several lists of freight of one origin, read by the page, as one: the highest position first.
struct MergedEntries<F: Facts> {
    /// What decides the order.
    enum Order: Sendable {
        case byCreation
        case byVerification
    }

    /// A list that facts keep.
    enum List: Sendable {
        case ofOrigin
        case verifiedByCreation(StageName)
        case verifiedByTime(StageName)
        case approved(Consumer)
    }

    private struct Source {
        let list: List
        /// What was read and not yet handed out, lowest first.
        var buffer: [FreightEntry] = []
        var before: Position
        var pageCount = 1
        var isAtEnd = false
    }

    private let facts: F
    private let project: ProjectName
    private let origin: Origin
    private var sources: [Source]

    init(
        _ lists: [List],
        of origin: Origin,
        facts: F,
        project: ProjectName,
        before: Position
    ) {
        self.facts = facts
        self.project = project
        self.origin = origin
        sources = lists.map { Source(list: $0, before: before) }
    }

    /// The next entry; nil at the end.
    mutating func next() throws(FactsFailure) -> FreightEntry? {
        var best: Int?
        for index in sources.indices {
            try fill(index)
            guard let head = sources[index].buffer.last else { continue }
            if let current = best.flatMap({ sources[$0].buffer.last }),
                (current.position, current.freight) >= (head.position, head.freight)
            {
                continue
            }
            best = index
        }
        return best.flatMap { sources[$0].buffer.popLast() }
    }

    /// Reads on where nothing is left; a single entry first, because that is nearly always it.
    private mutating func fill(_ index: Int) throws(FactsFailure) {
        guard sources[index].buffer.isEmpty, !sources[index].isAtEnd else { return }
        let source = sources[index]
        let page = try entries(source.list, before: source.before, limit: source.pageCount)
        sources[index].buffer = page.reversed()
        sources[index].isAtEnd = page.count < source.pageCount
        sources[index].before = next(after: page.last, source)
        sources[index].pageCount = 50
    }

    /// Where reading goes on.
    ///
    /// One event can verify several bundles, so by time the last event is read again; whoever
    /// reads passes over what was there before.
    private func next(after last: FreightEntry?, _ source: Source) -> Position {
        guard let last else { return source.before }
        if case .verifiedByTime = source.list, last.position.next < source.before {
            return last.position.next
        }
        return last.position
    }

    private func entries(
        _ list: List,
        before: Position,
        limit: Int
    ) throws(FactsFailure) -> [FreightEntry] {
        switch list {
        case .ofOrigin:
            try facts.freight(of: origin, in: project, before: before, limit: limit)
        case .verifiedByCreation(let stage):
            try facts.freight(
                verifiedIn: stage,
                of: origin,
                in: project,
                createdBefore: before,
                limit: limit
            )
        case .verifiedByTime(let stage):
            try facts.freight(
                verifiedIn: stage,
                of: origin,
                in: project,
                before: before,
                limit: limit
            )
        case .approved(let consumer):
            try facts.freight(
                approvedFor: consumer,
                of: origin,
                in: project,
                createdBefore: before,
                limit: limit
            )
        }
    }
}
