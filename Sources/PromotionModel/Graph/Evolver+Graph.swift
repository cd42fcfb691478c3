import EventLog

extension Evolver {
    func configured<Spec>(
        _ spec: Spec,
        after before: Configured<Spec>?
    ) -> Configured<Spec> {
        Configured(
            spec: spec,
            position: header.position,
            incarnation: before?.incarnation ?? header.position
        )
    }

    func changes(of event: ProjectConfigured) throws(FactsFailure) -> [RowChange] {
        [.project(project, configured(event.spec, after: try facts.project(project)))]
    }

    func changes(of event: WarehouseConfigured) throws(FactsFailure) -> [RowChange] {
        let before = try facts.warehouse(event.warehouse, in: project)
        return [.warehouse(project, event.warehouse, configured(event.spec, after: before))]
    }

    func changes(of event: JunctionConfigured) throws(FactsFailure) -> [RowChange] {
        let before = try facts.junction(event.junction, in: project)
        let row = RowChange.junction(
            project,
            event.junction,
            configured(event.spec, after: before)
        )
        return try [row] + forgottenHolds(event)
            + (consumers(
                .junction(event.junction),
                from: before?.spec.requestedFreight.flatMap(\.providers) ?? [],
                to: event.spec.requestedFreight.flatMap(\.providers)
            ))
    }

    /// Slots that are no longer requested are held no longer either.
    private func forgottenHolds(_ event: JunctionConfigured) throws(FactsFailure) -> [RowChange] {
        var state = try facts.junctionState(event.junction, in: project)
        let requested = Set(event.spec.requestedFreight.map(\.origin))
        guard !requested.isSuperset(of: state.heldEmpty) else { return [] }
        state.heldEmpty.removeAll { !requested.contains($0) }
        return [.junctionState(project, event.junction, state)]
    }

    func changes(of event: StageConfigured) throws(FactsFailure) -> [RowChange] {
        let before = try facts.stage(event.stage, in: project)
        let row = RowChange.stage(project, event.stage, configured(event.spec, after: before))
        return [row]
            + (try consumers(
                .stage(event.stage),
                from: before?.spec.providers ?? [],
                to: event.spec.providers
            ))
    }

    /// Who takes freight from where and uses which tasks, after a stage or junction changed.
    private func consumers(
        _ consumer: Subject,
        from before: [Subject],
        to after: [Subject]
    ) throws(FactsFailure) -> [RowChange] {
        let old = Set(before)
        let new = Set(after)
        var changes: [RowChange] = []
        for provider in old.symmetricDifference(new).sorted() {
            var list = ConsumerList()
            list.consumers = try facts.consumers(of: provider, in: project)
            list.consumers.removeAll { $0 == consumer }
            if new.contains(provider) {
                list.consumers.append(consumer)
                list.consumers.sort()
            }
            changes.append(.consumers(project, of: provider, list))
        }
        return changes
    }

    func changes(of event: ProjectModeSet) throws(FactsFailure) -> [RowChange] {
        var state = try facts.projectState(project)
        state.mode = event.mode
        return [.projectState(project, state)]
    }

    func changes(of event: ResourceRemoved) throws(FactsFailure) -> [RowChange] {
        let name = event.resource.name
        switch event.resource.kind {
        case .warehouse: return try removal(of: WarehouseName(unchecked: name))
        case .stage: return try removal(of: StageName(unchecked: name))
        case .junction: return try removal(of: JunctionName(unchecked: name))
        case .task, .clusterTask: return try removal(of: TaskName(unchecked: name))
        case .project, .freight, .promotion, .cluster, .token, .user, .group, nil: return []
        }
    }

    func removed<Spec>(_ row: Configured<Spec>) -> Configured<Spec> {
        var row = row
        row.isRemoved = true
        row.position = header.position
        return row
    }

    private func removal(of name: WarehouseName) throws(FactsFailure) -> [RowChange] {
        guard let row = try facts.warehouse(name, in: project) else { return [] }
        var state = WarehouseState()
        // Freight outlives its warehouse, and a new one of that name may find it.
        state.hasHandMade = try facts.warehouseState(name, in: project).hasHandMade
        return [
            .warehouse(project, name, removed(row)),
            .warehouseState(project, name, state),
        ]
    }

    private func removal(of name: JunctionName) throws(FactsFailure) -> [RowChange] {
        guard let row = try facts.junction(name, in: project) else { return [] }
        let changes: [RowChange] = [
            .junction(project, name, removed(row)),
            .junctionState(project, name, JunctionState()),
        ]
        let providers = row.spec.requestedFreight.flatMap(\.providers)
        return changes + (try consumers(.junction(name), from: providers, to: []))
    }

    /// What ran in a stage that is gone runs there no longer, and stays verified nowhere: marks
    /// from before a new stage of that name do not count.
    private func removal(of name: StageName) throws(FactsFailure) -> [RowChange] {
        guard let row = try facts.stage(name, in: project) else { return [] }
        var changes: [RowChange] = [
            .stage(project, name, removed(row)),
            .stageState(project, name, StageState()),
        ]
        changes += try consumers(.stage(name), from: row.spec.providers, to: [])
        let current = try facts.stageState(name, in: project).current ?? FreightCollection()
        for (id, _) in current.freightWithCarriers.sorted(by: { $0.key < $1.key }) {
            var status = try facts.freightStatus(id, in: project)
            status.current.removeAll { $0.stage == name }
            changes.append(.freightStatus(project, id, status))
        }
        return changes
    }
}

extension StageSpec {
    /// What the stage could not do without: where its freight comes from, and its tasks.
    var providers: [Subject] {
        let steps = steps + (verification?.steps ?? [])
        return requestedFreight.flatMap(\.providers) + steps.compactMap(\.task).map { .task($0) }
    }
}

extension RequestedFreight {
    /// Where the freight comes from: the origin, and the stages that it must have passed.
    var providers: [Subject] {
        let origin: [Subject] =
            (self.origin.warehouse.map { [.warehouse($0)] } ?? [])
            + (self.origin.junction.map { [.junction($0)] } ?? [])
        return origin + stages.map { .stage($0) }
    }
}
