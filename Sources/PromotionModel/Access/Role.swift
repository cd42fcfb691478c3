import Wire

/// What somebody may do in a project, or in all of them.
package enum Role: UInt32, WireEnum {
    /// Sees everything, and changes nothing.
    case viewer = 1
    /// Moves freight, to all stages and junctions or to those that patterns name.
    case promoter = 2
    /// Says which freight may go where.
    case approver = 3
    /// Everything.
    case admin = 4

    /// How the role is written.
    package var name: String {
        switch self {
        case .viewer: "viewer"
        case .promoter: "promoter"
        case .approver: "approver"
        case .admin: "admin"
        }
    }

    /// The role of that name.
    package init?(name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}
