import Foundation
import Testing

/// Secrets beside a ledger, and that nothing of them is in it.
@Suite struct SecretsTests {
    private static let token = "correct-horse-battery-staple"

    private func shop() async throws -> Shop {
        let shop = Shop(place: try await LedgerDirectory.made())
        try await shop.script("make-repositories")
        return shop
    }

    private func manifests(_ shop: Shop) -> String {
        SmallShop.manifests(in: shop).replacingOccurrences(
            of: "      - uses: git-commit\n",
            with: """
                      - uses: compose-output
                        as: derived
                        config:
                          header: ${{ toBase64('robot:' + secret('npm').token) }}
                          loud: ${{ upper(sharedSecret('bot').token) }}
                          note: ${{ freightMetadata(ctx.targetFreight.name) == nil }}
                          status: ${{ len(freightStatus(ctx.targetFreight.alias).CurrentlyIn) }}
                      - uses: fail
                        continueOnError: true
                        config: {message: "cannot log in with ${{ secret('npm').token }}"}
                      - uses: git-commit

                """
        )
    }

    private func put(_ place: String, in shop: Shop) throws {
        let path = shop.place.directory.sub("ledger/\(place)")
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        try Files.write(Self.token + "\n", to: path)
        try Files.setMode(0o600, of: path)
    }

    @Test func `nothing of a secret is in the ledger, in the output or in a commit`() async throws {
        let shop = try await shop()
        let text = manifests(shop)
        let warned = try await shop.place.apply(text).checked()
        #expect(
            warned.errors == """
                warning: stage/dev: secret("npm") is empty until there are keys in \
                secrets/shop/npm beside the ledger
                warning: stage/dev: sharedSecret("bot") is empty until there are keys in \
                secrets/_shared/bot beside the ledger

                """
        )
        try put("secrets/shop/npm/token", in: shop)
        try put("secrets/_shared/bot/token", in: shop)
        #expect(try await shop.place.apply(text).checked().errors == "")
        let run = try await shop.runUntilIdle()
        let promotion = try await shop.json("get", "promotions")["items"][0]
        #expect(promotion["phase"].text == "succeeded", "\(run.output)")
        let details = try await shop.json("get", "promotion", promotion["name"].text)
        let steps = details["steps"].items
        let derived = steps.first { $0["alias"].text == "derived" }
        #expect(derived?["outputs"]["header"].text == "***", "\(details)")
        #expect(derived?["outputs"]["loud"].text == "***")
        let data = try Data(
            contentsOf: URL(filePath: shop.place.directory.sub("ledger/data.mdb"))
        )
        let coded = Data("robot:\(Self.token)".utf8).base64EncodedString()
        for form in [Self.token, Self.token.uppercased(), coded] {
            #expect(data.range(of: Data(form.utf8)) == nil)
            #expect(!run.output.contains(form))
        }
        #expect(try Files.names(shop.place.directory.sub("ledger/private")) == [])
        try await shop.waybill("ledger", "replay")
    }

    @Test func `variables are secrets, too`() async throws {
        let shop = try await shop()
        _ = try await shop.place.apply(manifests(shop)).checked()
        let run = try await shop.place.run(
            SmallShop.run,
            environment: [
                "WAYBILL_SECRET_SHOP__NPM__token": Self.token,
                "WAYBILL_SHARED_SECRET_BOT__token": Self.token,
            ]
        ).checked()
        let promotion = try await shop.json("get", "promotions")["items"][0]
        #expect(promotion["phase"].text == "succeeded", "\(run.output)")
    }
}
