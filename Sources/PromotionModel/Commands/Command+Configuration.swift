/// Deletes a warehouse, junction or stage.
package struct DeleteResource: Hashable, Sendable {
    package let project: ProjectName
    /// What to delete, such as `stage/qa`.
    package let resource: Subject
    package init(project: ProjectName, resource: Subject) {
        self.project = project
        self.resource = resource
    }
}
