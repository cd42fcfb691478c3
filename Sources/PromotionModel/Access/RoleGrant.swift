package import EventLog
import Matching
package import Wire

/// That somebody has a role in a project, or in all of them.
package struct RoleGrant: Message, Hashable {
    package var role = Role.viewer
    /// The project; empty for all of them, those that come later too.
    package var project = ProjectName.cluster
    /// Globs over the names of the stages and junctions that a promoter moves freight to; none
    /// for all of them.
    package var stages: [String] = []
    /// The event that granted it.
    package var position = Position.origin

    package init() {}

    /// This role in a project, or, of `.cluster`, in all of them.
    package init(
        _ role: Role,
        in project: ProjectName,
        stages: [String] = [],
        position: Position = .origin
    ) {
        self.role = role
        self.project = project
        self.stages = stages
        self.position = position
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "role", &role)
        try visitor.field(2, "project", &project)
        try visitor.field(3, "stages", &stages)
        try visitor.field(4, "position", &position)
    }

    /// Whether it covers what is needed.
    package func covers(_ need: Need) -> Bool {
        guard project == .cluster || project == need.project,
            need.permission.roles.contains(role)
        else { return false }
        guard role == .promoter, !stages.isEmpty, let target = need.target else { return true }
        return stages.contains { Self.matches($0, target.subject.name) }
    }

    /// Whether a glob matches a name; one that cannot be read or is given up matches nothing.
    private static func matches(_ pattern: String, _ name: String) -> Bool {
        do throws(MatchingError) {
            return try Glob(pattern).matches(name)
        } catch {
            return false
        }
    }
}

/// All roles of one token, user or group, ordered by project and role.
package struct RoleList: Message, Hashable {
    package var grants: [RoleGrant] = []

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "grants", &grants)
    }
}
