import EventLog
import Testing

/// `waybill token` and `waybill role`.
@Suite struct TokenCommandTests {
    @Test func `a token is printed once, and the ledger has its digest only`() async throws {
        let place = try await LedgerDirectory.applied()
        let made = try await place.run(
            "token",
            "create",
            "ci",
            "--role",
            "promoter",
            "--stage",
            "prod-*"
        ).checked()
        let token = String(made.output.split(separator: "\n").last ?? "")
        #expect(token.utf8.count == 64)
        let told = try await place.run("audit", "-o", "json").checked().output
        #expect(!told.contains(token))
        #expect(told.contains(Digest.sha256(Array(token.utf8)).hex))
        let list = try await place.run("token", "list").checked().output
        #expect(!list.contains(token))
        #expect(list.contains("ci") && list.contains("good"))
        let roles = try await place.run("role", "list", "--project", "shop").checked().output
        #expect(roles.contains("token/ci") && roles.contains("prod-*"))
        let tried = try await place.run("token", "create", "b", "--dry-run").checked().output
        #expect(!tried.contains(/[0-9a-f]{64}/))
    }

    @Test func `a token in JSON is beside its receipt`() async throws {
        let place = try await LedgerDirectory.applied()
        let made = try await place.run("token", "create", "ci", "-o", "json").checked()
        let json = try JSON(parsing: made.output)
        #expect(json["token"].text.utf8.count == 64)
        #expect(json["positions"].items.count == 2)
    }

    @Test(arguments: [
        (["token", "create", "CI"], 2, "waybill token create ci"),
        (["token", "create", "operator"], 3, "waybill token create"),
        (["token", "create", "ci", "--expires", "soon"], 2, "--expires 12h"),
        (["token", "create", "ci", "--expires", "2020-01-01T00:00:00Z"], 3, "--expires 30d"),
        (["token", "create", "ci", "--all-projects"], 2, "--role"),
        (["token", "revoke", "ci"], 4, "waybill token list"),
        (["role", "grant", "viewer", "ci"], 2, "token/NAME"),
        (["role", "grant", "viewer", "token/ci"], 4, "waybill token list"),
        (["role", "grant", "viewer", "user/x", "--stage", "prod"], 3, "--stage"),
        (["role", "grant", "promoter", "user/x", "--stage", "["], 3, "--stage"),
        (["role", "grant", "viewer", "user/x", "-p", "none"], 4, "waybill get projects"),
        (
            ["role", "grant", "viewer", "user/x", "-p", "shop", "--all-projects"], 2,
            "--all-projects"
        ),
        (["role", "revoke", "viewer", "user/x"], 3, "waybill role list"),
    ])
    func `what cannot be is refused with what to do`(
        _ words: [String],
        _ code: Int,
        _ help: String
    ) async throws {
        let place = try await LedgerDirectory.applied()
        let ending = try await place.run(words)
        #expect(Int(ending.code) == code, "\(ending.errors)")
        #expect(ending.errors.contains(help), "\(ending.errors)")
        #expect(ending.errors.split(separator: "\n").count == 1)
    }
}
