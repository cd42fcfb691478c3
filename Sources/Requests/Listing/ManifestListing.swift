import Ledger
import Manifests
import PromotionModel

/// What is configured, as manifests that can be applied again.
struct ManifestListing {
    let view: View
    let choice: ProjectChoice
    let paging: Paging

    /// What was found, and the cursor of what is behind it.
    private typealias Found = (resources: [Resource], next: String?)

    /// The documents of `kind`, or of the one called `name`; nil for what is not configured.
    ///
    /// Without a limit they are all there are: what is kept to be applied again must be whole.
    func text(of kind: ListedKind, name: String?) throws -> String? {
        guard let found = try resources(of: kind, name) else { return nil }
        if let name, found.resources.isEmpty {
            throw CommandFailure.notFound(
                "there is no \(kind.singular) \(name.quotedForDisplay) at "
                    + "\(view.moment.position); see waybill get \(kind.rawValue)"
            )
        }
        let more = found.next.map { "# more: --after \($0)\n" } ?? ""
        return found.resources.map(ManifestWriter.yaml).joined(separator: "---\n") + more
    }

    private func resources(of kind: ListedKind, _ name: String?) throws -> Found? {
        switch kind {
        case .freight, .promotions, .events, .bookmarks: return nil
        case .projects:
            let page = try names(name) { facts, after, limit throws(FactsFailure) in
                try facts.projects(after: after, limit: limit)
            }
            return try found(page) { Resource(project: $0, specification: .project) }
        case .clustertasks: return try tasks(.cluster, name)
        case .clusterconfigs:
            let isMeant = name == nil || name == Subject.cluster.name
            return try single(isMeant, .cluster(ClusterSpec()), in: .cluster)
        case .warehouses, .stages, .junctions, .tasks, .projectconfigs:
            return try resources(of: kind, name, in: try choice.name(view.facts))
        }
    }

    private func resources(
        of kind: ListedKind,
        _ name: String?,
        in project: ProjectName
    ) throws -> Found? {
        switch kind {
        case .warehouses:
            let page = try names(name) { facts, after, limit throws(FactsFailure) in
                try facts.warehouses(in: project, after: after, limit: limit)
            }
            return try found(page) {
                Resource(project: project, specification: .warehouse($0, WarehouseSpec()))
            }
        case .stages:
            let page = try names(name) { facts, after, limit throws(FactsFailure) in
                try facts.stages(in: project, after: after, limit: limit)
            }
            return try found(page) {
                Resource(project: project, specification: .stage($0, StageSpec()))
            }
        case .junctions:
            let page = try names(name) { facts, after, limit throws(FactsFailure) in
                try facts.junctions(in: project, after: after, limit: limit)
            }
            return try found(page) {
                Resource(project: project, specification: .junction($0, JunctionSpec()))
            }
        case .tasks: return try tasks(project, name)
        case .projectconfigs:
            let isMeant = name == nil || name == project.rawValue
            return try single(isMeant, .projectConfig(ProjectSpec()), in: project)
        case .projects, .clustertasks, .clusterconfigs, .freight, .promotions, .events, .bookmarks:
            preconditionFailure("of no project")
        }
    }

    private func tasks(_ project: ProjectName, _ name: String?) throws -> Found {
        let page = try names(name) { facts, after, limit throws(FactsFailure) in
            try facts.tasks(in: project, after: after, limit: limit)
        }
        return try found(page) { name in
            Resource(
                project: project,
                specification: project == .cluster
                    ? .clusterTask(name, TaskSpec()) : .task(name, TaskSpec())
            )
        }
    }

    /// The names to write: the one that was asked for, or all behind the cursor.
    private func names<Name: RawRepresentable<String> & Sendable>(
        _ name: String?,
        _ page: (StoreFacts, String?, Int) throws(FactsFailure) -> NamePage<Name>
    ) throws -> NamePage<Name> {
        if let name { return NamePage(names: [Name(rawValue: name)].compactMap { $0 }) }
        return try view.ask { facts throws(FactsFailure) in
            try page(facts, paging.after, paging.saidLimit ?? .max)
        }
    }

    /// What is configured under the names; `resource` says of what kind it is.
    private func found<Name: Sendable>(
        _ page: NamePage<Name>,
        _ resource: (Name) -> Resource
    ) throws -> Found {
        let configured = ConfiguredResources(view: view)
        let resources = try page.names.compactMap { name in
            let wanted = resource(name)
            return try configured.resource(like: wanted.specification, in: wanted.project)
        }
        return (resources, page.next)
    }

    private func single(
        _ isMeant: Bool,
        _ specification: Specification,
        in project: ProjectName
    ) throws -> Found {
        guard isMeant else { return ([], nil) }
        let resource = try ConfiguredResources(view: view)
            .resource(like: specification, in: project)
        return ([resource].compactMap { $0 }, nil)
    }
}
