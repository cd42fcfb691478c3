import Matching

extension Refusal {
    /// The name that a name which is not known may have meant: the most like it among the projects,
    /// or among the stages, junctions or warehouses of the project.
    ///
    /// Nil where none is like it. Freight and promotions are not looked through: their number grows
    /// with the history.
    package func meantName(_ facts: some Facts) throws(FactsFailure) -> String? {
        switch self {
        case .unknownProject(let name):
            let known = try facts.projects()
            return NearestName.nearest(to: name.rawValue, among: known.map(\.rawValue))
        case .unknownWarehouse(let name, let project):
            let known = try facts.warehouses(in: project)
            return NearestName.nearest(to: name.rawValue, among: known.map(\.rawValue))
        case .unknownStage(let name, let project):
            let known = try facts.stages(in: project)
            return NearestName.nearest(to: name.rawValue, among: known.map(\.rawValue))
        case .unknownJunction(let name, let project):
            let known = try facts.junctions(in: project)
            return NearestName.nearest(to: name.rawValue, among: known.map(\.rawValue))
        default:
            return nil
        }
    }
}
