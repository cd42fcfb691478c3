import EventLog

extension Decider {
    /// Asks for what is current and verified in a stage to go to everything that takes freight
    /// from it; quiet where all of that has it already.
    ///
    /// All or nothing: what one stage or junction cannot have, none gets. Whoever has all of it,
    /// with nothing under way, or is getting it, is passed over.
    ///
    /// Refuses, in this order: unknown project or stage; nothing behind the stage; whatever
    /// stands against it anywhere, all of it.
    func decide(_ command: PromoteDownstream) throws(Stop) -> [EventDraft] {
        _ = try stageSpec(command.stage, in: command.project)
        let wanted = try ask { facts throws(FactsFailure) in
            try facts.wantedDownstream(of: command.stage, in: command.project)
        }
        guard !wanted.isEmpty else { throw .refused(.nothingDownstream(command.stage)) }
        var drafts: [EventDraft] = []
        var problems: [String] = []
        for (subject, origins) in wanted.sorted(by: { $0.key < $1.key }) {
            let selected = try verifiedFreight(
                of: origins.sorted(),
                in: command.stage,
                of: command.project
            )
            guard selected.dropped.isEmpty || command.verifiedOnly else {
                problems += selected.dropped.map { "\(subject): \($0)" }
                continue
            }
            let position = moment.next.advanced(by: drafts.count)
            do throws(Stop) {
                drafts += try promoted(selected, to: subject, command, at: position)
            } catch {
                guard case .refused(let refusal) = error else { throw error }
                problems.append("\(subject): \(refusal)")
            }
        }
        guard problems.isEmpty else {
            throw .refused(.downstreamNotReady(from: command.stage, problems: problems))
        }
        return drafts
    }

    /// The events that take what is verified to one stage or junction.
    private func promoted(
        _ selected: SelectedFreight,
        to subject: Subject,
        _ command: PromoteDownstream,
        at position: Position
    ) throws(Stop) -> [EventDraft] {
        guard !selected.freight.isEmpty else { return [] }
        guard subject.kind == .stage else {
            return try decide(
                CollectFreight(
                    project: command.project,
                    junction: JunctionName(unchecked: subject.name),
                    freight: selected.freight.map(\.id.rawValue)
                )
            )
        }
        let stage = StageName(unchecked: subject.name)
        let state = try stageState(stage, in: command.project)
        if try has(selected.freight, state, in: command.project) { return [] }
        return try requests(
            selected,
            RequestPromotion(
                project: command.project,
                stage: stage,
                selection: .from(command.stage, origin: nil),
                verifiedOnly: command.verifiedOnly
            ),
            spec: stageSpec(stage, in: command.project),
            isDownstream: true,
            at: position
        )
    }
}

extension Decider {
    /// Whether a stage runs all of this freight with nothing under way, or is getting it.
    private func has(
        _ freight: [Freight],
        _ state: StageState,
        in project: ProjectName
    ) throws(Stop) -> Bool {
        let ids = Set(freight.map(\.id))
        if state.pending.contains(where: { ids.isSubset(of: $0.freight) }) { return true }
        if let running = state.running {
            return try ask { facts throws(FactsFailure) in
                ids.isSubset(of: try facts.freightIDs(of: running, in: project))
            }
        }
        let runsAll = freight.allSatisfy { state.current?.carrier(of: $0.origin) == $0.id }
        return runsAll && state.isAtRest
    }
}

extension Facts {
    /// The stages that run something, and the junctions, that take freight from `stage`, and of
    /// which origins; freight passes control-flow stages by itself.
    package func wantedDownstream(
        of stage: StageName,
        in project: ProjectName
    ) throws(FactsFailure) -> [Subject: Set<Origin>] {
        var wanted: [Subject: Set<Origin>] = [:]
        for subject in try consumers(of: .stage(stage), in: project) {
            let requests: [RequestedFreight]
            var isControlFlow = false
            if subject.kind == .stage {
                let spec = try self.stage(StageName(unchecked: subject.name), in: project)?.spec
                requests = spec?.requestedFreight ?? []
                isControlFlow = spec?.isControlFlow ?? false
            } else {
                let name = JunctionName(unchecked: subject.name)
                requests = try junction(name, in: project)?.spec.requestedFreight ?? []
            }
            let origins = Set(requests.filter { $0.stages.contains(stage) }.map(\.origin))
            guard isControlFlow else {
                wanted[subject, default: []].formUnion(origins)
                continue
            }
            let behind = try wantedDownstream(of: StageName(unchecked: subject.name), in: project)
            for (subject, through) in behind {
                let passing = through.intersection(origins)
                if !passing.isEmpty { wanted[subject, default: []].formUnion(passing) }
            }
        }
        return wanted
    }
}
