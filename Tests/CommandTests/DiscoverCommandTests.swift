import Foundation
import Testing

/// `waybill discover`, and versions that `assemble` looks up.
@Suite struct DiscoverCommandTests {
    private func discover(_ shop: Shop, _ arguments: String...) async throws -> Ending {
        try await shop.place.run(["discover", "--allow-file-repos"] + arguments)
    }

    @Test func `what is new is recorded and told, once`() async throws {
        let shop = try await SmallShop.made(services: ["checkout", "catalog"])
        let first = try await discover(shop, "checkout").checked()
        #expect(first.output == "warehouse/checkout found 3 artifacts\n", "\(first.output)")
        let again = try await discover(shop).checked()
        let lines = again.output.split(separator: "\n")
        #expect(lines.count == 2, "\(again.output)")
        #expect(lines[0].hasPrefix("warehouse/catalog found "))
        #expect(lines[1] == "warehouse/checkout has nothing new")
        let size = try shop.place.state().size
        let quiet = try await discover(shop, "-o", "json").checked().json
        #expect(quiet["items"].items.map { $0["name"].text } == ["catalog", "checkout"])
        #expect(try shop.place.state().size == size)
        let event = try await shop.json("get", "events", "--limit", "1")["items"][0]
        #expect(event["type"].text == "ArtifactsDiscovered")
        #expect(event["actor"]["assurance"].text == ServedCommands.assurance)
    }

    @Test func `a look that fails is recorded, told, and the exit code says so`() async throws {
        let shop = try await SmallShop.made(services: ["checkout", "catalog"])
        let repository = shop.place.directory.sub("repos/checkout.git")
        try Files.move(repository, to: repository + ".gone")
        let table = try await discover(shop)
        #expect(table.code == 1)
        #expect(table.output.contains("warehouse/checkout failed: "))
        #expect(table.output.contains("warehouse/catalog found "))
        let again = try await discover(shop, "checkout", "-o", "json")
        #expect(again.code == 1)
        #expect(try again.json["items"][0]["failure"].text.contains("cannot be read"))
        #expect(try await shop.eventTypes().count { $0 == "DiscoveryFailed" } == 1)
    }

    @Test func `a dry run appends nothing`() async throws {
        let shop = try await SmallShop.made()
        let before = try shop.place.state()
        let told = try await discover(shop, "--dry-run").checked()
        #expect(told.output == "warehouse/checkout would get ArtifactsDiscovered\n")
        #expect(try shop.place.state() == before)
    }

    @Test func `what cannot be looked at is refused`() async throws {
        let shop = try await SmallShop.made()
        #expect(try await discover(shop, "nothing").code == 4)
        #expect(try await discover(shop, "--command-id", "x").code == 2)
        _ = try await shop.place.run("adopt", "shop", "--observe").checked()
        #expect(try await discover(shop).code == 3)
    }

    @Test func `it looks while another process runs, at the same mirrors`() async throws {
        let shop = try await SmallShop.made()
        let gate = try await Gate(in: shop, hook: "pre-receive")
        let run = try await Program.run(Program.waybill, SmallShop.run, in: shop.path) { _ in
            try await gate.reached()
            try await KilledSteps.push(1, in: shop)
            _ = try await discover(shop).checked()
            try await gate.open()
        }
        #expect(run.code == 0, "\(run.errors)")
        #expect(try await shop.eventTypes().count { $0 == "ArtifactsDiscovered" } == 2)
    }

    @Test func `a version that nobody discovered is looked up in the repository`() async throws {
        let shop = try await SmallShop.made()
        try await shop.runUntilIdle()
        let repository = shop.place.directory.sub("repos/checkout.git")
        func git(_ arguments: String...) async throws -> String {
            try await Program.run("git", arguments, in: repository).checked().output
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        _ = try await git("branch", "hotfix", "main~1")
        _ = try await git("tag", "v0.9", "main~1")
        let id = try await git("rev-parse", "main~1")
        func assemble(_ version: String) async throws -> Ending {
            try await shop.place.run(
                "assemble",
                "--warehouse",
                "checkout",
                "--allow-file-repos",
                "-o",
                "json",
                "--set",
                "file://\(repository)=\(version)"
            )
        }
        let made = try await assemble("v0.9").checked().json
        let created = made["events"][0]["payload"]["artifacts"][0]["commit"]
        #expect(created["id"].text == id, "\(made)")
        // Without its tag it is another artifact, as in Kargo.
        let branch = try await assemble("hotfix").checked().json
        #expect(branch["events"][0]["payload"]["artifacts"][0]["commit"]["id"].text == id)
        let again = try await assemble(String(id.prefix(9))).checked().json
        #expect(again["events"].items.isEmpty, "the same commit is the same freight")
        let unknown = try await assemble("v9.9")
        #expect(unknown.code == 3)
        #expect(try unknown.errorJSON["error"]["code"].text == "unknownVersion")
        #expect(unknown.errors.contains("has no tag, branch or commit v9.9; push it first"))
        let unasked = try await shop.place.run(
            "assemble",
            "--warehouse",
            "checkout",
            "--discovered",
            "--set",
            "file://\(repository)=v0.9"
        )
        #expect(unasked.code == 3)
        try Files.move(repository, to: repository + ".gone")
        let gone = try await assemble("v9.8")
        #expect(gone.code == 1)
        #expect(gone.errors.contains("v9.8 was not discovered, and cannot be looked up: "))
    }
}
