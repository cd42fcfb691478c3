import Foundation
import Glibc
import Testing

/// `waybill run`, killed, stopped, started twice, and where repositories disappear.
@Suite struct RunTests {
    /// Where a run is killed: before or after its push has changed the branch.
    enum Moment: String, CaseIterable, Sendable {
        case beforePush = "pre-receive"
        case afterPush = "post-receive"
    }

    @Test(arguments: Moment.allCases, [true, false])
    func `a run that is killed in a promotion is taken over, and makes one commit`(
        _ moment: Moment,
        _ orphanEndsFirst: Bool
    ) async throws {
        let shop = try await SmallShop.made()
        let before = try await shop.git("rev-parse", "main")
        let gate = try await Gate(in: shop, hook: moment.rawValue)
        let killed = try await Program.run(
            Program.waybill,
            SmallShop.run,
            in: shop.path
        ) { run in
            try await gate.reached()
            run.send(SIGKILL)
        }
        #expect(killed.code == 128 + Int(SIGKILL))
        let running = try await shop.json("get", "promotions")["items"].items
        #expect(running.map { $0["phase"].text } == ["running"])

        // The push that the dead process had started may end before or after the next run.
        if orphanEndsFirst { try await gate.open() }
        let again = try await shop.runUntilIdle()
        if !orphanEndsFirst { try await gate.open() }
        #expect(again.output.contains("taken over"), "\(again.output)")

        let promotions = try await shop.json("get", "promotions")["items"].items
        #expect(promotions.map { $0["phase"].text } == ["succeeded"])
        let commits = try await shop.commits(to: "dev", since: before)
        #expect(commits.map(\.subject) == ["dev: checkout"])
        #expect(try await shop.git("rev-list", "--count", "\(before)..main") == "1")
        let types = try await shop.eventTypes()
        #expect(types.count { $0 == "PromotionTakenOver" } == 1)
        #expect(types.count { $0 == "PromotionSucceeded" } == 1)
        try await shop.waybill("ledger", "verify")
        try await shop.waybill("ledger", "replay")
        let idle = try shop.place.state()
        try await shop.runUntilIdle()
        #expect(try shop.place.state() == idle)
    }

    @Test func `a second run is refused and names the first, while everything else goes on`()
        async throws
    {
        let shop = try await SmallShop.made()
        let gate = try await Gate(in: shop, hook: "pre-receive")
        let first = try await Program.run(
            Program.waybill,
            SmallShop.run,
            in: shop.path
        ) { run in
            try await gate.reached()
            let before = try shop.place.state()
            for (format, name) in [("table", "run-twice"), ("json", "run-twice-json")] {
                let second = try await shop.place.run(SmallShop.run + ["-o", format])
                try Failure.expect(second, code: 1, "cli/errors", name)
                #expect(second.errors.contains("\(run.id)"))
            }
            #expect(try shop.place.state() == before)
            // Neither readers nor writers wait for the one that runs.
            try await shop.waybill("get", "stages")
            _ = try await shop.place.apply(Manifest.warehouse("orders")).checked()
            try await gate.open()
        }
        #expect(first.code == 0, "\(first.errors)")
        #expect(try await shop.eventTypes().contains("PromotionSucceeded"))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a run that is asked to stop in a promotion ends with 0, and the next one finishes it`(
        _ signal: CInt
    ) async throws {
        let shop = try await SmallShop.made()
        let before = try await shop.git("rev-parse", "main")
        let gate = try await Gate(in: shop, hook: "pre-receive")
        let stopped = try await Program.run(
            Program.waybill,
            ["run", "--allow-file-repos"],
            in: shop.path
        ) { run in
            try await gate.reached()
            run.send(signal)
        }
        #expect(stopped.code == 0, "\(stopped.errors)")
        #expect(stopped.errors.isEmpty)
        let types = try await shop.eventTypes()
        let endings = [
            "PromotionFailed", "PromotionErrored", "PromotionAborted", "DiscoveryFailed",
        ]
        #expect(types.allSatisfy { !endings.contains($0) })
        try await shop.runUntilIdle()
        let promotions = try await shop.json("get", "promotions")["items"].items
        #expect(promotions.map { $0["phase"].text } == ["succeeded"])
        #expect(try await shop.commits(to: "dev", since: before).count == 1)
    }

    @Test func `a run that is asked to stop while it looks records no failure`() async throws {
        let shop = try await SmallShop.made()
        // Whoever reads the repository waits at this pipe, as long as somebody may write to it.
        let pipe = shop.place.directory.sub("repos/checkout.git/packed-refs")
        try? FileManager.default.removeItem(atPath: pipe)
        _ = try await Program.run("mkfifo", [pipe, "reached", "end"], in: shop.path).checked()
        let script = "exec 3>'\(pipe)'; echo reached >reached; cat end"
        async let writer = Program.run("sh", ["-c", script], in: shop.path) { _ in }
        let ending = try await Program.run(
            Program.waybill,
            ["run", "--allow-file-repos"],
            in: shop.path
        ) { run in
            _ = try await Program.run("cat", ["reached"], in: shop.path) { _ in }.checked()
            run.send(SIGTERM)
        }
        _ = try await Program.run("sh", ["-c", "echo >end"], in: shop.path) { _ in }.checked()
        _ = try await writer.checked()
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(try await shop.eventTypes().allSatisfy { $0 != "DiscoveryFailed" })
    }

    @Test(.doesNotHang)
    func `a run that goes on notices what another process asks for`() async throws {
        let shop = try await SmallShop.made()
        try await shop.runUntilIdle()
        let freight = try await shop.freight()[0].alias
        let ending = try await Program.run(
            Program.waybill,
            ["run", "--allow-file-repos"],
            in: shop.path
        ) { run in
            try await shop.waybill("promote", "--stage", "dev", "--freight", freight)
            var phase = ""
            while phase != "succeeded" {
                let promotions = try await shop.json("get", "promotions", "--limit", "1")
                phase = promotions["items"][0]["phase"].text
            }
            run.send(SIGTERM)
        }
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(try await shop.eventTypes().count { $0 == "PromotionSucceeded" } == 2)
    }

    @Test func `a promotion that is aborted while it runs ends there, and stays uncertain`()
        async throws
    {
        let shop = try await SmallShop.made()
        let gate = try await Gate(in: shop, hook: "pre-receive")
        let ending = try await Program.run(
            Program.waybill,
            SmallShop.run,
            in: shop.path
        ) { run in
            try await gate.reached()
            let promotions = try await shop.json("get", "promotions")
            let name = promotions["items"][0]["name"].text
            try await shop.waybill("abort", name, "--reason", "wrong freight")
            try await gate.open()
        }
        #expect(ending.code == 0, "\(ending.errors)")
        let promotion = try await shop.json("get", "promotions")["items"][0]
        #expect(promotion["phase"].text == "aborted")
        let stage = try await shop.json("get", "stage", "dev")
        #expect(stage["current"].isNull)
        #expect(stage["uncertain"].items.count == 1)
        #expect(!(try await shop.eventTypes().contains("PromotionSucceeded")))
    }

    @Test func `a repository that disappears is one event however often it is looked at`()
        async throws
    {
        let shop = try await SmallShop.made(services: ["checkout", "catalog"])
        try await shop.runUntilIdle()
        let repository = shop.place.directory.sub("repos/checkout.git")
        try Files.move(repository, to: repository + ".gone")
        try await shop.script("push-changes")
        for _ in 0..<3 { try await shop.runUntilIdle() }
        var types = try await shop.eventTypes()
        #expect(types.count { $0 == "DiscoveryFailed" } == 1)
        #expect(!types.contains("DiscoveryRecovered"))
        // Everything else went on: catalog's new commit is in dev.
        let catalog = try await shop.json("get", "freight", "--origin", "Warehouse/catalog")
        #expect(catalog["items"].items.count == 2)
        #expect(catalog["items"][0]["current"][0]["stage"].text == "dev")
        let warehouse = try await shop.json("get", "warehouse", "checkout")
        #expect(!warehouse["failure"].text.isEmpty)
        let table = try await shop.waybill("get", "warehouses").output
        let line = table.split(separator: "\n").first { $0.hasPrefix("checkout") } ?? ""
        #expect(!line.hasSuffix(" ok"), "\(table)")

        try Files.move(repository + ".gone", to: repository)
        for _ in 0..<2 { try await shop.runUntilIdle() }
        types = try await shop.eventTypes()
        #expect(types.count { $0 == "DiscoveryFailed" } == 1)
        #expect(types.count { $0 == "DiscoveryRecovered" } == 1)
        #expect(try await shop.json("get", "warehouse", "checkout")["failure"].isNull)
        try await shop.waybill("ledger", "replay")
    }

    @Test func `repositories on this machine are looked at only if that is allowed`()
        async throws
    {
        let shop = try await SmallShop.made()
        try await shop.waybill("run", "--until-idle")
        let failure = try await shop.json("get", "warehouse", "checkout")["failure"].text
        #expect(failure.contains("--allow-file-repos"))
        #expect(try await shop.eventTypes().count { $0 == "DiscoveryFailed" } == 1)
    }
}
