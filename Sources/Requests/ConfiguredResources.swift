import EventLog
import Ledger
import PromotionModel

/// What is configured at a moment, as the resources that manifests say.
struct ConfiguredResources {
    let view: View

    /// The resource that configures what `specification` names; nil if nothing does.
    func resource(like specification: Specification, in project: ProjectName) throws -> Resource? {
        let found: Specification? = try view.ask { facts throws(FactsFailure) in
            switch specification {
            case .project: try facts.project(project).map { _ in .project }
            case .projectConfig: try facts.project(project).map { .projectConfig($0.spec) }
            case .warehouse(let name, _):
                try facts.warehouse(name, in: project).map { .warehouse(name, $0.spec) }
            case .stage(let name, _):
                try facts.stage(name, in: project).map { .stage(name, $0.spec) }
            case .junction(let name, _):
                try facts.junction(name, in: project).map { .junction(name, $0.spec) }
            case .task(let name, _):
                try facts.task(name, in: project).map { .task(name, $0.spec) }
            case .clusterTask(let name, _):
                try facts.task(name, in: .cluster).map { .clusterTask(name, $0.spec) }
            case .cluster: try facts.cluster().map { .cluster($0.spec) }
            }
        }
        return found.map { Resource(project: project, specification: $0) }
    }

    /// The warehouses of a project.
    func warehouses(in project: ProjectName) throws -> [Resource] {
        let names = try view.ask { facts throws(FactsFailure) in
            try facts.warehouses(in: project)
        }
        return try resources(names.map { .warehouse($0, WarehouseSpec()) }, in: project)
    }

    /// The stages of a project.
    func stages(in project: ProjectName) throws -> [Resource] {
        let names = try view.ask { facts throws(FactsFailure) in try facts.stages(in: project) }
        return try resources(names.map { .stage($0, StageSpec()) }, in: project)
    }

    /// The junctions of a project.
    func junctions(in project: ProjectName) throws -> [Resource] {
        let names = try view.ask { facts throws(FactsFailure) in try facts.junctions(in: project) }
        return try resources(names.map { .junction($0, JunctionSpec()) }, in: project)
    }

    /// The tasks of a project; of `.cluster`, those for everybody.
    func tasks(in project: ProjectName) throws -> [Resource] {
        let names = try view.ask { facts throws(FactsFailure) in try facts.tasks(in: project) }
        let isForAll = project == .cluster
        return try resources(
            names.map { isForAll ? .clusterTask($0, TaskSpec()) : .task($0, TaskSpec()) },
            in: project
        )
    }

    /// Everything that pruning a project could delete.
    func prunable(in project: ProjectName) throws -> [Resource] {
        try stages(in: project) + junctions(in: project) + warehouses(in: project)
            + tasks(in: project)
    }

    private func resources(
        _ specifications: [Specification],
        in project: ProjectName
    ) throws -> [Resource] {
        try specifications.compactMap { try resource(like: $0, in: project) }
    }
}
