import EventLog

extension FreightStatus {
    /// The status with what counts: without marks of stages that are gone or were made anew since,
    /// and without approvals for such stages and junctions.
    package func counting(
        in project: ProjectName,
        _ facts: some Facts
    ) throws(FactsFailure) -> FreightStatus {
        var incarnations: [Subject: Position] = [:]
        let stages = Set((verified + current + withdrawn).map(\.stage) + soaked.map(\.stage))
        for subject in Set(stages.map { Subject.stage($0) } + approved.map(\.consumer)) {
            guard let consumer = Consumer(subject) else { continue }
            incarnations[subject] = try facts.incarnation(of: consumer, in: project)
        }
        func counts(_ subject: Subject, _ position: Position) -> Bool {
            incarnations[subject].map { position > $0 } ?? false
        }
        var status = self
        status.verified.removeAll { !counts(.stage($0.stage), $0.position) }
        status.current.removeAll { !counts(.stage($0.stage), $0.position) }
        status.withdrawn.removeAll { !counts(.stage($0.stage), $0.position) }
        status.soaked.removeAll { !counts(.stage($0.stage), $0.position) }
        status.approved.removeAll { !counts($0.consumer, $0.position) }
        return status
    }
}
