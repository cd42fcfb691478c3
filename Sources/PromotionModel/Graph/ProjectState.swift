package import EventLog
package import Wire

/// What changes about a project.
package struct ProjectState: Message, Hashable {
    package var mode = ProjectMode.drive
    /// The restore that has not finished.
    package var restore: OpenRestore?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "mode", &mode)
        try visitor.field(2, "restore", &restore)
    }
}

/// Who moves freight in a project.
package enum ProjectMode: UInt32, WireEnum {
    /// Waybill does: commands, automation and runner.
    case drive = 1
    /// Something else does; facts come by import, and promotions are refused.
    case observe = 2
}

/// A restore whose promotions have not all ended.
package struct OpenRestore: Message, Hashable {
    /// The position of its request.
    package var position = Position.origin
    /// What is promoted back; the targets are with the promotions.
    package var items: [RestoreItem] = []
    /// The position whose state is restored.
    package var to = Position.origin

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "position", &position)
        try visitor.field(2, "items", &items)
        try visitor.field(3, "to", &to)
    }
}
