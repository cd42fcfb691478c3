import EventLog
package import PromotionModel
import Wire

/// A page of names, in order.
package struct NamePage<Name: Sendable>: Sendable {
    package let names: [Name]
    /// The last name of this page, if there are more behind it.
    package let next: String?

    /// The page of these names.
    package init(names: [Name], next: String? = nil) {
        self.names = names
        self.next = next
    }
}

// Names by the page: what is deleted is passed over, so that a page costs what it shows.
extension StoreFacts {
    /// Projects behind `after`.
    package func projects(
        after: String?,
        limit: Int
    ) throws(FactsFailure) -> NamePage<ProjectName> {
        try page(.projects, RowKey(), after, limit, { _ in true }) { ProjectName(unchecked: $0) }
    }

    /// Warehouses of a project behind `after`.
    package func warehouses(
        in project: ProjectName,
        after: String?,
        limit: Int
    ) throws(FactsFailure) -> NamePage<WarehouseName> {
        try page(
            .warehouses,
            RowKey(project.rawValue),
            after,
            limit,
            { name throws(FactsFailure) in
                try warehouse(WarehouseName(unchecked: name), in: project) != nil
            }
        ) { WarehouseName(unchecked: $0) }
    }

    /// Stages of a project behind `after`.
    package func stages(
        in project: ProjectName,
        after: String?,
        limit: Int
    ) throws(FactsFailure) -> NamePage<StageName> {
        try page(
            .stages,
            RowKey(project.rawValue),
            after,
            limit,
            { name throws(FactsFailure) in
                try stage(StageName(unchecked: name), in: project) != nil
            }
        ) { StageName(unchecked: $0) }
    }

    /// Junctions of a project behind `after`.
    package func junctions(
        in project: ProjectName,
        after: String?,
        limit: Int
    ) throws(FactsFailure) -> NamePage<JunctionName> {
        try page(
            .junctions,
            RowKey(project.rawValue),
            after,
            limit,
            { name throws(FactsFailure) in
                try junction(JunctionName(unchecked: name), in: project) != nil
            }
        ) { JunctionName(unchecked: $0) }
    }

    /// Tasks of a project, or of `.cluster`, behind `after`.
    package func tasks(
        in project: ProjectName,
        after: String?,
        limit: Int
    ) throws(FactsFailure) -> NamePage<TaskName> {
        try page(
            .tasks,
            RowKey(project.rawValue),
            after,
            limit,
            { name throws(FactsFailure) in
                try task(TaskName(unchecked: name), in: project) != nil
            }
        ) { TaskName(unchecked: $0) }
    }

    /// Bookmarks of a project behind `after`.
    package func bookmarks(
        in project: ProjectName,
        after: String?,
        limit: Int
    ) throws(FactsFailure) -> NamePage<String> {
        try page(.bookmarks, RowKey(project.rawValue), after, limit, { _ in true }) { $0 }
    }

    /// Tokens behind `after`.
    package func tokens(after: String?, limit: Int) throws(FactsFailure) -> NamePage<TokenName> {
        try page(.tokens, RowKey(), after, limit, { _ in true }) { TokenName(unchecked: $0) }
    }

    /// Whoever was ever granted a role, behind `after`.
    package func principals(
        after: String?,
        limit: Int
    ) throws(FactsFailure) -> NamePage<Principal> {
        try page(.roles, RowKey(), after, limit, { _ in true }) { Principal(unchecked: $0) }
    }

    /// A page of the names under `prefix` that were there at the position and that `isThere` lets
    /// through.
    private func page<Name>(
        _ table: LedgerTable,
        _ prefix: RowKey,
        _ after: String?,
        _ limit: Int,
        _ isThere: (String) throws(FactsFailure) -> Bool,
        _ name: (String) -> Name
    ) throws(FactsFailure) -> NamePage<Name> {
        var names: [String] = []
        try forEachName(table, prefix: prefix, after: after) { name throws(FactsFailure) in
            if try isThere(name) { names.append(name) }
            return names.count <= limit
        }
        return NamePage(
            names: names.prefix(limit).map(name),
            next: names.count > limit ? names[limit - 1] : nil
        )
    }
}
