import Foundation
import Testing

/// What warehouses watch, from the command line.
@Suite struct DiscoveringTests {
    private let warehouse = """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Project
        metadata: {name: shop}
        ---
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Warehouse
        metadata: {name: checkout, namespace: shop}
        spec:
          subscriptions:
          - git: {repoURL: "file://REPOSITORIES/checkout.git", FIELDS}

        """

    private func shop(_ fields: String) async throws -> Shop {
        let shop = Shop(place: try await LedgerDirectory.made())
        try await shop.script("make-repositories")
        try await apply(fields, to: shop)
        return shop
    }

    private func apply(_ fields: String, to shop: Shop) async throws {
        let text = warehouse.replacing("REPOSITORIES", with: "\(shop.path)/repos")
            .replacing("FIELDS", with: fields)
        _ = try await shop.place.apply(text).checked()
    }

    private func git(_ arguments: String..., in shop: Shop) async throws {
        let repository = shop.place.directory.sub("repos/checkout.git")
        _ = try await Program.run("git", arguments, in: repository).checked()
    }

    /// The tags or commit subjects of all freight, the newest first.
    private func freight(_ field: String, in shop: Shop) async throws -> [String] {
        try await shop.json("get", "freight")["items"].items.map {
            $0["artifacts"][0]["commit"][field].text
        }
    }

    @Test func `freight is made of the greatest version, and of a greater one when it comes`()
        async throws
    {
        let shop = try await shop("commitSelectionStrategy: SemVer, semverConstraint: '<2'")
        try await shop.runUntilIdle()
        #expect(try await freight("tag", in: shop).isEmpty)
        try await git("tag", "v1.2.0", "main~1", in: shop)
        try await git("tag", "v2.0.0", "main", in: shop)
        try await shop.runUntilIdle()
        #expect(try await freight("tag", in: shop) == ["v1.2.0"])
        try await git("tag", "v1.1.9", "main~2", in: shop)
        try await shop.runUntilIdle()
        #expect(try await freight("tag", in: shop) == ["v1.2.0"])
        try await git("tag", "v1.10.0", "main", in: shop)
        try await shop.runUntilIdle()
        #expect(try await freight("tag", in: shop) == ["v1.10.0", "v1.2.0"])
        try await shop.waybill("ledger", "replay")
    }

    @Test func `a filter decides which commit freight is made of`() async throws {
        let shop = try await shop("branch: main, expressionFilter: subject contains 'orders'")
        try await shop.runUntilIdle()
        #expect(try await freight("message", in: shop) == ["Take orders without an account"])
        try await apply("branch: main, includePaths: [nowhere]", to: shop)
        try await shop.runUntilIdle()
        #expect(try await freight("message", in: shop).count == 1)
        try await apply("branch: main, excludePaths: [nowhere]", to: shop)
        try await shop.runUntilIdle()
        #expect(
            try await freight("message", in: shop)
                == ["Round totals to the cent", "Take orders without an account"]
        )
    }

    @Test func `a filter that does not decide is a failure, in one line`() async throws {
        let shop = try await shop("branch: main, expressionFilter: subject")
        try await shop.runUntilIdle()
        let failure = try await shop.json("get", "warehouse", "checkout")["failure"].text
        #expect(failure.contains("expressionFilter has no answer about commit "))
        #expect(!failure.contains("\n"))
    }

    @Test func `certificates are looked at, unless the subscription says otherwise`() async throws {
        let careful = try await shop("branch: main")
        let careless = try await shop("branch: main, insecureSkipTLSVerify: true")
        for (shop, isCareless) in [(careful, false), (careless, true)] {
            let calls = try await gitCalls(in: shop)
            #expect(calls.contains { $0.contains(" ls-remote ") })
            #expect(calls.contains { $0.contains(" fetch ") })
            #expect(
                calls.filter { $0.contains(" ls-remote ") || $0.contains(" fetch ") }
                    .allSatisfy { $0.contains(" http.sslVerify=false ") == isCareless }
            )
        }
    }

    @Test func `what did not change costs one call for each repository, in a new process too`()
        async throws
    {
        let shop = try await SmallShop.made(services: ["checkout", "catalog", "web"])
        try await shop.runUntilIdle()
        let size = try shop.place.state().size
        let calls = try await gitCalls(in: shop)
        #expect(calls.count == 3)
        #expect(calls.allSatisfy { $0.contains(" ls-remote ") })
        #expect(try shop.place.state().size == size)
    }

    /// Discovers and promotes until nothing is left to do; the calls of git, one in a line.
    private func gitCalls(in shop: Shop) async throws -> [Substring] {
        // A git that notes its arguments before it does what they say.
        let folder = shop.place.directory.sub("bin")
        try Files.makeDirectory(folder)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let script = """
            #!/bin/sh
            PATH='\(path)'
            line=$(printf '%s ' "$@" | tr '\\n' ' ')
            echo "$line" >>'\(folder)/calls'
            exec git "$@"

            """
        try Files.write(script, to: "\(folder)/git")
        try Files.setMode(0o755, of: "\(folder)/git")
        _ = try await shop.place.run(
            SmallShop.run,
            environment: ["PATH": "\(folder):\(path)"]
        ).checked()
        return try Files.text("\(folder)/calls").split(separator: "\n")
    }
}
