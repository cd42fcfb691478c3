package import Wire

/// What holds for all projects (Kargo's ClusterConfig).
package struct ClusterSpec: Message, Hashable {
    /// Whose name commits of promotions bear where no step says it.
    package var gitClient: GitClient?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "gitClient", &gitClient)
    }
}

/// Who makes commits.
package struct GitClient: Message, Hashable {
    /// nil for the name that Waybill has.
    package var name: String?
    /// nil for the address that Waybill has.
    package var email: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "name", &name)
        try visitor.field(2, "email", &email)
    }
}

extension ProjectName {
    /// What stands for no project: the place of what holds for all of them.
    package static let cluster = ProjectName(unchecked: "")
}
