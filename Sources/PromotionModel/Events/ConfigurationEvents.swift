package import Wire

/// A project was created, or its policies changed.
package struct ProjectConfigured: Message, Hashable {
    package var spec = ProjectSpec()
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "spec", &spec)
        try visitor.field(2, "reason", &reason)
    }
}

/// A warehouse was created or changed; the whole specification.
package struct WarehouseConfigured: Message, Hashable {
    package var warehouse = WarehouseName(unchecked: "")
    package var spec = WarehouseSpec()
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "warehouse", &warehouse)
        try visitor.field(2, "spec", &spec)
        try visitor.field(3, "reason", &reason)
    }
}

/// A junction was created or changed; the whole specification.
package struct JunctionConfigured: Message, Hashable {
    package var junction = JunctionName(unchecked: "")
    package var spec = JunctionSpec()
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "junction", &junction)
        try visitor.field(2, "spec", &spec)
        try visitor.field(3, "reason", &reason)
    }
}

/// A stage was created or changed; the whole specification.
package struct StageConfigured: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var spec = StageSpec()
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "spec", &spec)
        try visitor.field(3, "reason", &reason)
    }
}

/// A warehouse, junction or stage was deleted; one of the same name is another incarnation.
package struct ResourceRemoved: Message, Hashable {
    /// What was deleted, such as `stage/qa`.
    package var resource = Subject(unchecked: "")
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "resource", &resource)
        try visitor.field(2, "reason", &reason)
    }
}

/// A project began to be driven, or only to be observed.
package struct ProjectModeSet: Message, Hashable {
    package var mode = ProjectMode.drive
    /// Why, in the words of who asked.
    package var reason: String?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "mode", &mode)
        try visitor.field(2, "reason", &reason)
    }
}
