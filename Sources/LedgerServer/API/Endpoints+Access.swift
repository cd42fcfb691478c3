import Expressions
import HTTPTypes
import PromotionModel
import Requests

extension EndpointTable {
    /// Tokens and roles.
    static let access: [Endpoint] = [
        .question(
            "/v1/tokens",
            tag: "access",
            "The tokens that were ever issued, and whether they still open anything.",
            fields: ["at", "limit", "cursor"],
            nature: .timely,
            admission: .administrator
        ) { (_: inout TokensQuestion, _) in },
        issue,
        .change(
            TokenRevocationChange.self,
            "/v1/tokens/revoke",
            tag: "access",
            "A token, taken back."
        ),
        .question(
            "/v1/roles",
            tag: "access",
            "Who has which roles.",
            fields: ["at", "limit", "cursor"],
            admission: .administrator
        ) { (_: inout RolesQuestion, _) in },
        .question(
            "/v1/projects/{project}/roles",
            tag: "access",
            "Who has which roles that hold in the project.",
            fields: ["at", "limit", "cursor"],
            admission: .administrator
        ) { (_: inout RolesQuestion, _) in },
        .change(
            RoleGrantChange.self,
            "/v1/roles",
            tag: "access",
            "A role for a token, or for a user or group of the identity provider."
        ),
        .change(
            RoleRevocationChange.self,
            "/v1/roles/revoke",
            tag: "access",
            "A role, taken back."
        ),
    ]

    /// A token is in the answer, once, unless whoever asks made it himself.
    private static let issue = Endpoint(
        .post,
        "/v1/tokens",
        tag: "access",
        "A token for a person or a program; the answer to a body without digest has it, once.",
        parameters: Exchange.changeParameters,
        body: TokenChange.fields.map { Endpoint.Parameter($0, in: .query) }
            + [Exchange.reasonField],
        admission: .giver
    ) { exchange in
        var (asked, reason) = try await exchange.change(TokenChange.self)
        var members: [String: Value] = [:]
        if asked.digest == nil {
            let secret = Secret()
            asked.digest = secret.digestText
            if try !exchange.flag("dryRun") { members["token"] = .string(secret.text) }
        }
        return try await exchange.execute(asked, reason: reason, adding: members)
    }
}
