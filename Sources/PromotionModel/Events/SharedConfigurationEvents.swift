package import Wire

/// What holds for all projects was said or changed; the whole specification.
package struct ClusterConfigured: Message, Hashable {
    package var spec = ClusterSpec()
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "spec", &spec)
        try visitor.field(2, "reason", &reason)
    }
}

/// A promotion task was created or changed; the whole specification.
///
/// One of a project is in the project's events, one for everybody in those of no project.
package struct PromotionTaskConfigured: Message, Hashable {
    package var task = TaskName(unchecked: "")
    package var spec = TaskSpec()
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "task", &task)
        try visitor.field(2, "spec", &spec)
        try visitor.field(3, "reason", &reason)
    }
}
