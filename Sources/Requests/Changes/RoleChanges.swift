import EventLog
import Ledger
package import PromotionModel

/// Where a role holds, as it is said.
struct RoleScope {
    let project: String?
    let allProjects: Bool

    /// The project; `.cluster` for all of them.
    func name(_ desk: Desk) throws -> ProjectName {
        if allProjects { return .cluster }
        let choice = ProjectChoice(said: project ?? desk.choice.said, seen: desk.choice.seen)
        return try desk.read { view in try choice.name(view.facts) }
    }

    /// What says it.
    static func fields<Root>(
        _ project: any WritableKeyPath<Root, String?> & Sendable,
        _ allProjects: any WritableKeyPath<Root, Bool> & Sendable,
        _ stages: any WritableKeyPath<Root, [String]> & Sendable
    ) -> [RequestField<Root>] {
        Self.fields(project, allProjects) + [
            .texts(
                "stages",
                stages,
                "Patterns of the stages and junctions that a promoter moves freight to, such as "
                    + "prod-*; all if not said."
            )
        ]
    }

    /// What says it, without stages.
    static func fields<Root>(
        _ project: any WritableKeyPath<Root, String?> & Sendable,
        _ allProjects: any WritableKeyPath<Root, Bool> & Sendable
    ) -> [RequestField<Root>] {
        [
            .text("project", project, "The project; not needed while the ledger has one."),
            .flag("allProjects", allProjects, "In all projects, those that come later too."),
        ]
    }

    /// What cannot be said together.
    var contradiction: String? {
        project != nil && allProjects ? "give one of --project and --all-projects" : nil
    }
}

/// A role for somebody: `waybill role grant`.
package struct RoleGrantChange: Change {
    package var role = ""
    package var principal = ""
    package var project: String?
    package var allProjects = false
    package var stages: [String] = []

    package init() {}

    package var place: RequestPlace { .ofLedger("roles") }

    package static let fields: [RequestField<RoleGrantChange>] =
        [
            .text("role", \.role, "The role.", among: Role.allCases.map(\.name)),
            .text(
                "principal",
                \.principal,
                "Who has it: token/NAME, user/NAME or group/NAME, the latter two of the identity "
                    + "provider."
            ),
        ] + RoleScope.fields(\.project, \.allProjects, \.stages)

    private var scope: RoleScope { RoleScope(project: project, allProjects: allProjects) }

    package var contradiction: String? { scope.contradiction }

    package func command(_ desk: Desk) throws -> Command {
        .grantRole(
            GrantRole(
                principal: try Names.principal(principal),
                grant: RoleGrant(
                    try Names.role(role),
                    in: try scope.name(desk),
                    stages: stages
                )
            )
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "\(principal) is \(role) there already.")
    }
}

/// A role that is taken back: `waybill role revoke`.
package struct RoleRevocationChange: Change {
    package var role = ""
    package var principal = ""
    package var project: String?
    package var allProjects = false

    package init() {}

    package var place: RequestPlace { .ofLedger("roles/revoke") }

    package static let fields: [RequestField<RoleRevocationChange>] =
        [
            .text("role", \.role, "The role.", among: Role.allCases.map(\.name)),
            .text("principal", \.principal, "Who has it: token/NAME, user/NAME or group/NAME."),
        ] + RoleScope.fields(\.project, \.allProjects)

    private var scope: RoleScope { RoleScope(project: project, allProjects: allProjects) }

    package var contradiction: String? { scope.contradiction }

    package func command(_ desk: Desk) throws -> Command {
        .revokeRole(
            RevokeRole(
                principal: try Names.principal(principal),
                role: try Names.role(role),
                project: try scope.name(desk)
            )
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet { .nothing }
}

extension Names {
    /// Somebody who can have roles, `token/ci`.
    package static func principal(_ text: String) throws(CommandFailure) -> Principal {
        guard let principal = Principal(rawValue: text) else {
            throw .usage(
                "\(text.quotedForDisplay) names nobody who can have a role; write token/NAME, "
                    + "user/NAME or group/NAME, as in waybill role grant viewer token/ci"
            )
        }
        return principal
    }

    fileprivate static func role(_ text: String) throws(CommandFailure) -> Role {
        guard let role = Role(name: text) else {
            throw .usage(
                "\(text.quotedForDisplay) is no role; there are "
                    + Role.allCases.map(\.name).joined(separator: ", ")
                    + ", see waybill role grant --help"
            )
        }
        return role
    }
}
