/// What somebody may, by all the roles that he has.
package struct Powers: Hashable, Sendable {
    package let grants: [RoleGrant]

    /// What these roles allow together.
    package init(_ grants: [RoleGrant]) {
        self.grants = grants
    }

    /// Everything: the operator, and whoever can write to the ledger's directory.
    package static let everything = Powers([RoleGrant(.admin, in: .cluster)])

    /// Nothing.
    package static let none = Powers([])

    /// Whether they allow what is needed.
    package func allow(_ need: Need) -> Bool { grants.contains { $0.covers(need) } }

    /// Whether the project is there for whoever has them.
    package func see(_ project: ProjectName) -> Bool {
        allow(Need(.read, in: project))
    }

    /// Whether they see every project, those that come later too.
    package var seeEverything: Bool { allow(Need(.read, in: nil)) }

    /// The projects that they see; nil for all of them.
    package var seenProjects: Set<ProjectName>? {
        seeEverything ? nil : Set(grants.map(\.project))
    }
}
