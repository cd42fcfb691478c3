import EventLog
import Ledger
package import PromotionModel

/// A token for a person or a program: `waybill token create`.
package struct TokenChange: Change {
    package var name = ""
    /// SHA-256 over the token's 64 digits; whoever executes it makes the token.
    package var digest: String?
    package var expires: String?
    package var role: String?
    package var project: String?
    package var allProjects = false
    package var stages: [String] = []

    package init() {}

    package var place: RequestPlace { .ofLedger("tokens") }

    package static let fields: [RequestField<TokenChange>] =
        [
            .text(
                "name",
                \.name,
                "The token's name, which is the actor's: up to 63 lower-case letters, digits, - "
                    + "and '.'."
            ),
            .text(
                "digest",
                \.digest,
                "The SHA-256 over the 64 hexadecimal digits of a token of your own; one is made if "
                    + "not said."
            ),
            .text(
                "expires",
                \.expires,
                "How long it is good, such as 12h, 30d or 8w, a time, or never; 90d if not said."
            ),
            .text(
                "role",
                \.role,
                "A role that it has from the start.",
                among: Role.allCases.map(\.name)
            ),
        ] + RoleScope.fields(\.project, \.allProjects, \.stages)

    package var contradiction: String? {
        if role == nil, project != nil || allProjects || !stages.isEmpty {
            return "say which --role the token has there"
        }
        return RoleScope(project: project, allProjects: allProjects).contradiction
    }

    package func command(_ desk: Desk) throws -> Command {
        guard let token = TokenName(rawValue: name) else { throw CommandFailure.tokenName(name) }
        var grants: [RoleGrant] = []
        if let role = role.flatMap(Role.init(name:)) {
            let scope = RoleScope(project: project, allProjects: allProjects)
            grants.append(RoleGrant(role, in: try scope.name(desk), stages: stages))
        }
        return .issueToken(
            IssueToken(
                token: token,
                digest: digest ?? "",
                end: try TokenLifetime.end(of: expires),
                grants: grants
            )
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet { .nothing }
}

/// A token that is taken back: `waybill token revoke`.
package struct TokenRevocationChange: Change {
    package var name = ""

    package init() {}

    package var place: RequestPlace { .ofLedger("tokens/revoke") }

    package static let fields: [RequestField<TokenRevocationChange>] = [
        .text("name", \.name, "The token's name.")
    ]

    package func command(_ desk: Desk) throws -> Command {
        guard let token = TokenName(rawValue: name) else { throw CommandFailure.tokenName(name) }
        return .revokeToken(RevokeToken(token: token))
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Token \(name) was revoked already.")
    }
}

extension CommandFailure {
    fileprivate static func tokenName(_ name: String) -> CommandFailure {
        .usage(
            "\(name.quotedForDisplay) cannot name a token; use up to 63 lower-case letters, "
                + "digits, - and ., as in waybill token create ci"
        )
    }
}

/// How long a token is good, in words.
enum TokenLifetime {
    private static let units: [Character: Int64] = [
        "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000,
    ]
    /// Where nobody said anything.
    private static let usual = TokenEnd.after(milliseconds: 90 * 86_400_000)
    private static let countMax: Int64 = 100_000

    static func end(of text: String?) throws(CommandFailure) -> TokenEnd {
        guard let text else { return usual }
        if text == "never" { return .never }
        if let time = Timestamp(text: text) { return .at(time) }
        if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (1...countMax).contains(count)
        {
            return .after(milliseconds: count * unit)
        }
        throw .usage(
            "\(text.quotedForDisplay) is no lifetime; write --expires 12h, 30d, 8w, "
                + "2027-01-31T00:00:00Z or never"
        )
    }
}
