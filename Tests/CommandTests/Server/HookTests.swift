import Crypto
import Foundation
import LedgerServer
import PromotionModel
import Testing

/// Webhooks that others send.
@Suite struct HookTests {
    private static let secret = "what both know"

    /// A ledger whose hook `code` has a secret; its warehouse watches checkout's repository.
    private func place() async throws -> LedgerDirectory {
        let place = try await LedgerDirectory.applied()
        try Self.write(Self.secret, to: place.ledger + "/secrets/shop/code")
        return place
    }

    private static func write(_ secret: String, to folder: String) throws {
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        let files = FileManager.default
        try files.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: mode
        )
        try Files.write(secret, to: folder + "/secret")
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/secret")
    }

    private static func hmac(_ text: String, _ key: String = secret) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(text.utf8),
            using: SymmetricKey(data: Array(key.utf8))
        )
        return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func send(
        _ server: RunningServer,
        _ body: String,
        _ headers: [String: String],
        to hook: String = "shop/code"
    ) throws -> RawHTTP.Answer {
        try server.http.send("POST", "/v1/hooks/\(hook)", headers: headers, body: body)
    }

    private static func push(_ url: String, _ number: Int = 1) -> String {
        #"{"after": "\#(number)", "repository": {"clone_url": "\#(url)"}}"#
    }

    @Test func `a signed webhook has the warehouse looked at that watches the repository`()
        async throws
    {
        let place = try await place()
        let ending = try await RunningServer.serve(place, []) { server in
            let url = "https://git.example.com/checkout.git"
            let spelled = "https://GIT.example.com/checkout/"
            let forms: [(String) -> [String: String]] = [
                { ["X-Hub-Signature-256": "sha256=" + Self.hmac($0)] },
                { ["X-Gitea-Signature": Self.hmac($0)] },
                { _ in ["X-Gitlab-Token": Self.secret] },
                { body in
                    let now = "\(Int(Date().timeIntervalSince1970))"
                    return [
                        "X-Waybill-Timestamp": now,
                        "X-Waybill-Signature": "sha256=" + Self.hmac("\(now).\(body)"),
                    ]
                },
            ]
            for (number, form) in forms.enumerated() {
                let body = Self.push(number == 0 ? spelled : url, number)
                let answer = try Self.send(server, body, form(body))
                #expect(answer.status == 202, "\(number): \(answer.body)")
                #expect(try answer.json["looks"].items.map(\.text) == ["warehouse/checkout"])
            }
            let other = Self.push("https://git.example.com/other.git", 9)
            let answer = try Self.send(
                server,
                other,
                ["X-Hub-Signature-256": "sha256=" + Self.hmac(other)]
            )
            #expect(answer.status == 202)
            #expect(try answer.json["looks"].items.isEmpty)
        }
        #expect(ending.code == 0, "\(ending.errors)")
    }

    @Test(.doesNotHang)
    func `what a webhook tells of is discovered long before the interval has passed`() async throws
    {
        let shop = try await SmallShop.made(services: ["web"])
        // So rarely that only the webhook can be the reason for another look.
        let manifests = SmallShop.manifests(["web"], in: shop)
            .replacing("spec:\n  subscriptions:", with: "spec:\n  interval: 24h\n  subscriptions:")
        _ = try await shop.place.apply(manifests).checked()
        let folder = shop.place.ledger + "/secrets/shop/code"
        try Self.write(Self.secret, to: folder)
        _ = try await RunningServer.serve(shop.place, ["--allow-file-repos"]) { server in
            func count() throws -> Int {
                try server.get("/v1/projects/shop/freight").json["items"].items.count
            }
            while try count() < 1 { try await Task.sleep(for: .milliseconds(50)) }
            try await shop.script("push-changes")
            let body = Self.push("file://\(shop.path)/repos/web.git")
            let answer = try Self.send(
                server,
                body,
                ["X-Hub-Signature-256": "sha256=" + Self.hmac(body)]
            )
            #expect(answer.status == 202)
            while try count() < 2 { try await Task.sleep(for: .milliseconds(50)) }
        }
    }

    @Test func `a forged or replayed webhook is refused, whatever is wrong with it`() async throws {
        let place = try await place()
        _ = try await RunningServer.serve(place, []) { server in
            let body = Self.push("https://git.example.com/checkout.git")
            let good = ["X-Hub-Signature-256": "sha256=" + Self.hmac(body)]
            let old = "\(Int(Date().timeIntervalSince1970) - 301)"
            let forged: [([String: String], String)] = [
                ([:], "shop/code"), (good, "shop/other"), (good, "other/code"),
                (["X-Hub-Signature-256": "sha256=" + Self.hmac(body, "else")], "shop/code"),
                (["X-Hub-Signature-256": Self.hmac(body)], "shop/code"),
                (["X-Hub-Signature-256": "sha256="], "shop/code"),
                (["X-Gitlab-Token": "else"], "shop/code"),
                (
                    [
                        "X-Waybill-Timestamp": old,
                        "X-Waybill-Signature": "sha256=" + Self.hmac("\(old).\(body)"),
                    ], "shop/code"
                ),
                (
                    [
                        "X-Waybill-Timestamp": "-9223372036854775808",
                        "X-Waybill-Signature": "sha256="
                            + Self.hmac("-9223372036854775808.\(body)"),
                    ], "shop/code"
                ),
            ]
            var sentences: Set<String> = []
            for (headers, hook) in forged {
                let answer = try Self.send(server, body, headers, to: hook)
                #expect(answer.status == 401, "\(headers) \(hook)")
                sentences.insert(try answer.json["detail"].text)
            }
            // Nobody learns which hooks there are.
            #expect(sentences.count == 1)
            let signature = good["X-Hub-Signature-256"] ?? ""
            let changed = try Self.send(server, body + " ", ["X-Hub-Signature-256": signature])
            #expect(changed.status == 401)
            #expect(try Self.send(server, body, good).status == 202)
            let again = good.merging(["X-GitHub-Delivery": "another"]) { $1 }
            #expect(try Self.send(server, body, again).status == 409)
        }
    }

    @Test func `a webhook that came to nothing may be sent again`() async throws {
        let place = try await place()
        _ = try await RunningServer.serve(place, []) { server in
            let body = #"{"promotion": "dev.x.y", "answer": "yes"}"#
            for _ in 0..<2 {
                let answer = try Self.send(
                    server,
                    body,
                    ["X-Hub-Signature-256": "sha256=" + Self.hmac(body)]
                )
                #expect(answer.status == 404, "\(answer.body)")
                #expect(try answer.json["code"].text == "unknownPromotion", "\(answer.body)")
            }
        }
    }

    @Test func `a webhook gives a step what it waits for, once and as the hook`() async throws {
        let (place, name) = try await WaitingPromotion.made()
        try await ServerInProcess.serve(place) {
            // Without automation, which would begin the promotion again.
            $0.webhooks = WebhookSettings(
                secret: { project, hook in
                    project.rawValue == "shop" && hook == "code" ? Self.secret : nil
                },
                look: { _, _ in }
            )
        } body: { server in
            func send(_ answer: String) throws -> RawHTTP.Answer {
                let body = #"{"promotion": "\#(name)", "answer": \#(answer)}"#
                let signed = ["X-Hub-Signature-256": "sha256=" + Self.hmac(body)]
                return try server.http.send(
                    "POST",
                    "/v1/hooks/shop/code",
                    headers: signed,
                    body: body
                )
            }
            let given = try send(#"{"approved": true}"#)
            #expect(given.status == 200, "\(given.body)")
            #expect(try given.json["answered"].text == name)
            let shown = try server.get("/v1/projects/shop/promotions/\(name)").json
            #expect(shown["awaited"]["given"] == .bool(true))
            // The same again, however often it is spelled; and something else.
            #expect(try send(#"{"approved": true}"#).status == 409)
            #expect(try send(#"{"approved":  true}"#).status == 200)
            let other = try send(#""no""#)
            #expect(other.status == 409, "\(other.body)")
            #expect(other.body.contains("was given something else already"), "\(other.body)")
        }
        let given = try await place.run("get", "events", "--limit", "5", "-o", "json")
            .checked().json["items"].items.filter { $0["type"].text == "InputGiven" }
        #expect(given.count == 1)
        #expect(given.first?["payload"]["value"]["approved"] == .bool(true))
        #expect(given.first?["actor"]["name"].text == "hook/code")
    }

    @Test func `a server without automation takes no webhooks`() async throws {
        let place = try await place()
        _ = try await RunningServer.serve(place) { server in
            let body = Self.push("https://git.example.com/checkout.git")
            let answer = try Self.send(
                server,
                body,
                ["X-Hub-Signature-256": "sha256=" + Self.hmac(body)]
            )
            #expect(answer.status == 404)
        }
    }
}
