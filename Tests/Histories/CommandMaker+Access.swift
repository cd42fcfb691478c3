import EventLog
import PromotionModel

/// Commands about tokens and roles.
extension CommandMaker {
    private mutating func someToken() -> TokenName {
        TokenName(unchecked: pick(["ci", "on-call", "release-manager", "operator"]))
    }

    private mutating func somePrincipal() -> Principal {
        let known = facts.principals()
        if chance(40), let principal = known.randomElement(using: &random) { return principal }
        return pick([
            .token(someToken()), Principal(unchecked: "user/on-call"),
            Principal(unchecked: "group/release-managers"),
        ])
    }

    private mutating func someGrant() -> RoleGrant {
        let role = pick(Role.allCases)
        let patterns = pick([["prod-*"], ["uat", "prod*"], ["{"], []])
        return RoleGrant(
            role,
            in: chance(30) ? .cluster : someProject(),
            stages: role == .promoter || chance(5) ? patterns : []
        )
    }

    mutating func tokenIssue() -> Command {
        let digits = (0..<64).map { _ in "0123456789abcdef".randomElement(using: &random) ?? "0" }
        return .issueToken(
            IssueToken(
                token: someToken(),
                digest: chance(5) ? "short" : String(digits),
                end: pick([
                    .never, .after(milliseconds: 3_600_000), .at(now.adding(milliseconds: 60_000)),
                    .at(now.adding(milliseconds: -60_000)),
                ]),
                grants: chance(50) ? [someGrant()] : []
            )
        )
    }

    mutating func tokenRevocation() -> Command {
        .revokeToken(RevokeToken(token: someToken()))
    }

    mutating func roleGrant() -> Command {
        .grantRole(GrantRole(principal: somePrincipal(), grant: someGrant()))
    }

    mutating func roleRevocation() -> Command {
        let principal = somePrincipal()
        if let grant = facts.roles(of: principal).grants.randomElement(using: &random) {
            return .revokeRole(
                RevokeRole(principal: principal, role: grant.role, project: grant.project)
            )
        }
        return .revokeRole(
            RevokeRole(principal: principal, role: pick(Role.allCases), project: someProject())
        )
    }
}
