package import EventLog

extension Facts {
    /// What a stage or junction requests; nothing if it does not exist.
    package func requests(
        of consumer: Consumer,
        in project: ProjectName
    ) throws(FactsFailure) -> [RequestedFreight] {
        switch consumer {
        case .stage(let name): try stage(name, in: project)?.spec.requestedFreight ?? []
        case .junction(let name): try junction(name, in: project)?.spec.requestedFreight ?? []
        }
    }

    /// The event that made a stage or junction, the last time that one of its name was made.
    package func incarnation(
        of consumer: Consumer,
        in project: ProjectName
    ) throws(FactsFailure) -> Position? {
        switch consumer {
        case .stage(let name): try stage(name, in: project)?.incarnation
        case .junction(let name): try junction(name, in: project)?.incarnation
        }
    }
}
