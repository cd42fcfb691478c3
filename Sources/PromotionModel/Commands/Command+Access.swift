package import EventLog

/// Gives somebody a token, with roles.
package struct IssueToken: Hashable, Sendable {
    package let token: TokenName
    /// SHA-256 over the token's 64 digits, as 64 digits.
    package let digest: String
    package let end: TokenEnd
    /// Roles that it is granted with it; their positions do not count.
    package let grants: [RoleGrant]
    package init(
        token: TokenName,
        digest: String,
        end: TokenEnd = .never,
        grants: [RoleGrant] = []
    ) {
        self.token = token
        self.digest = digest
        self.end = end
        self.grants = grants
    }
}

/// Until when a token is good.
package enum TokenEnd: Hashable, Sendable {
    /// For ever.
    case never
    /// For so many milliseconds from when it is issued.
    case after(milliseconds: Int64)
    /// Until a time.
    case at(Timestamp)
}

/// Takes a token back.
package struct RevokeToken: Hashable, Sendable {
    package let token: TokenName
    package init(token: TokenName) {
        self.token = token
    }
}

/// Gives somebody a role; one that he has in the same place is replaced.
package struct GrantRole: Hashable, Sendable {
    package let principal: Principal
    /// The role and where; its position does not count.
    package let grant: RoleGrant
    package init(principal: Principal, grant: RoleGrant) {
        self.principal = principal
        self.grant = grant
    }
}

/// Takes a role back.
package struct RevokeRole: Hashable, Sendable {
    package let principal: Principal
    package let role: Role
    /// The project; `.cluster` for the role in all projects.
    package let project: ProjectName
    package init(principal: Principal, role: Role, project: ProjectName) {
        self.principal = principal
        self.role = role
        self.project = project
    }
}
