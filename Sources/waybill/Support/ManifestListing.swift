import Ledger
import Manifests
import PromotionModel

/// What is configured, as manifests that can be applied again.
struct ManifestListing {
    let view: View
    let options: LedgerOptions

    /// The documents of `kind`, or of the one called `name`; nil for what is not configured.
    func text(of kind: ListedKind, name: String?) throws -> String? {
        let configured = ConfiguredResources(view: view)
        let resources: [Resource]
        switch kind {
        case .freight, .promotions, .events: return nil
        case .projects: resources = try configured.projects()
        case .clustertasks: resources = try configured.tasks(in: .cluster)
        case .clusterconfigs:
            resources =
                try configured.resource(like: .cluster(ClusterSpec()), in: .cluster)
                .map { [$0] } ?? []
        case .warehouses: resources = try configured.warehouses(in: try project())
        case .stages: resources = try configured.stages(in: try project())
        case .junctions: resources = try configured.junctions(in: try project())
        case .tasks: resources = try configured.tasks(in: try project())
        case .projectconfigs:
            resources =
                try configured.resource(like: .projectConfig(ProjectSpec()), in: project())
                .map { [$0] } ?? []
        }
        let wanted = resources.filter { name == nil || self.name(of: $0) == name }
        if let name, wanted.isEmpty {
            throw CommandFailure.notFound(
                "there is no \(kind.singular) \(name.quotedForDisplay) at \(view.moment.position)"
            )
        }
        return wanted.map(ManifestWriter.yaml).joined(separator: "---\n")
    }

    private func project() throws -> ProjectName { try options.projectName(view.facts) }

    private func name(of resource: Resource) -> String {
        switch resource.specification {
        case .project, .projectConfig: resource.project.rawValue
        case .warehouse(let name, _): name.rawValue
        case .stage(let name, _): name.rawValue
        case .junction(let name, _): name.rawValue
        case .task(let name, _), .clusterTask(let name, _): name.rawValue
        case .cluster: "cluster"
        }
    }
}
