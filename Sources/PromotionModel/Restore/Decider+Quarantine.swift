import EventLog

extension Decider {
    /// Refuses a rollback that would bring quarantined freight back, unless somebody allows that
    /// and says why.
    func requireNoQuarantine(
        in wanted: FreightCollection,
        _ command: RollBackStage
    ) throws(Stop) {
        if command.allowsQuarantined {
            guard envelope.reason?.isEmpty == false else {
                throw .refused(.reasonNeeded("bring quarantined freight back"))
            }
            return
        }
        let restored = wanted.components.filter { component in
            command.origin.map { component.origin == $0 || component.requestedOrigin == $0 } ?? true
        }
        let quarantined = try quarantined(among: restored, in: command.project)
        guard quarantined.isEmpty else {
            throw .refused(.quarantinedTarget(command.stage, freight: quarantined))
        }
    }

    /// Refuses a restore that would bring quarantined freight back anywhere, unless somebody
    /// allows that and says why.
    func requireNoQuarantine(in plan: RestorePlan, _ command: RestoreProject) throws(Stop) {
        if command.allowsQuarantined {
            guard envelope.reason?.isEmpty == false else {
                throw .refused(.reasonNeeded("bring quarantined freight back"))
            }
            return
        }
        var found: Set<String> = []
        for stage in plan.stages {
            found.formUnion(try quarantined(among: stage.target.components, in: command.project))
        }
        guard found.isEmpty else {
            throw .refused(.restoreQuarantined(command.project, freight: found.sorted()))
        }
    }

    /// Why a rollback or restore can no longer be started; nil where it can.
    ///
    /// What runs unchanged is not brought back, so it is not asked about.
    func quarantine(
        of target: FreightCollection,
        _ core: Promotion,
        running current: FreightCollection,
        in project: ProjectName
    ) throws(Stop) -> String? {
        if core.allowsQuarantined { return nil }
        let moved = target.components.filter { component in
            current[origin: component.origin]?.freight != component.freight
        }
        let quarantined = try quarantined(among: moved, in: project)
        guard !quarantined.isEmpty else { return nil }
        return Refusal.quarantinedTarget(core.stage, freight: quarantined).description
    }

    /// What of these components, and of the bundles that brought them, is quarantined, each in
    /// words: `humble-carp (quarantined: it loses orders)`.
    func quarantined(
        among components: [Component],
        in project: ProjectName
    ) throws(Stop) -> [String] {
        var found: [String] = []
        for id in Set(components.flatMap { [$0.freight, $0.carrier] }).sorted() {
            let status = try status(of: id, in: project)
            guard let quarantine = status.quarantine else { continue }
            let name = try displayName(id, in: project)
            found.append("\(name) (quarantined: \(quarantine.reason ?? ""))")
        }
        return found
    }
}
