/// One document of a manifest, read and checked by itself.
package struct Resource: Hashable, Sendable {
    package let project: ProjectName
    package let specification: Specification
    /// Where it stands, for messages.
    package let place: SourcePlace?

    /// The resource of `project` that `specification` says.
    package init(project: ProjectName, specification: Specification, place: SourcePlace? = nil) {
        self.project = project
        self.specification = specification
        self.place = place
    }
}

/// What a document configures.
package enum Specification: Hashable, Sendable {
    /// `Project`: that there is such a project.
    case project
    /// `ProjectConfig`: the project's policies.
    case projectConfig(ProjectSpec)
    case warehouse(WarehouseName, WarehouseSpec)
    case stage(StageName, StageSpec)
    case junction(JunctionName, JunctionSpec)
    /// `PromotionTask`: steps that the project's stages share.
    case task(TaskName, TaskSpec)
    /// `ClusterPromotionTask`: steps that stages of all projects share.
    case clusterTask(TaskName, TaskSpec)
    /// `ClusterConfig`: what holds for all projects.
    case cluster(ClusterSpec)
}

/// A place in a manifest.
package struct SourcePlace: Hashable, Sendable {
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1.
    package let column: Int

    /// The place `file:line:column`.
    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePlace: CustomStringConvertible {
    package var description: String { "\(file):\(line):\(column)" }
}
