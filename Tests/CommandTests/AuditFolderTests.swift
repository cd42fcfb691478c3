import EventLog
import Foundation
import Testing

/// Folders for auditors: what is in them, and that the checkers say so.
@Suite struct AuditFolderTests {
    /// A copy of what the main job left, with its key.
    private static func audited() async throws -> (shop: Shop, key: String) {
        let shop = try await MainJob.done.shop.copied()
        let key = try await shop.waybill("ledger", "key").output.dropLast()
        return (shop, String(key))
    }

    private static func check(
        _ folder: String,
        _ key: String,
        in shop: Shop
    ) async throws -> Ending {
        let tool = "\(Program.root)/tools/verify-population.py"
        return try await Program.run("python3", [tool, folder, "--key", key], in: shop.path)
    }

    private static func lastPromotion(_ shop: Shop) async throws -> String {
        let changes = try await shop.json("audit", "population", "--stage", "prod")["items"].items
        return try #require(changes.last)["promotion"].text
    }

    /// Lines with what ends them: in CSV that is CR LF.
    private static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline).map { line in
            String(line) + (text.contains("\r\n") ? "\r\n" : "\n")
        }
    }

    // MARK: - Populations

    @Test func `a population is complete, and the checker says so`() async throws {
        let (shop, key) = try await Self.audited()
        let written = try await shop.waybill("audit", "population", "--stage", "prod", "--out", "p")
        let size = try shop.place.state().size
        #expect(
            written.output == "Wrote 4 changes of prod behind event #0 and up to #\(size) to p\n"
        )
        let ending = try await Self.check("p", key, in: shop)
        #expect(
            ending.output.hasPrefix("OK: p: 4 changes of stage prod began with events 1 to \(size)")
        )
        let folder = shop.place.directory.sub("p")
        let csv = try await shop.waybill(
            "audit",
            "population",
            "--stage",
            "prod",
            "--format",
            "csv"
        )
        #expect(try Files.text(folder + "/changes.csv") == csv.output)
        let lines = try await shop.waybill(
            "audit",
            "population",
            "--stage",
            "prod",
            "--format",
            "jsonl"
        )
        #expect(try Files.text(folder + "/changes.jsonl") == lines.output)
        // What events say is not in it.
        #expect(try !Files.text(folder + "/headers.jsonl").contains("customers cannot pay"))
    }

    @Test func `periods that meet have each change once, and their checkpoints meet`()
        async throws
    {
        let (shop, key) = try await Self.audited()
        let all = try await shop.json("audit", "population", "--stage", "prod")["items"].items
        let middle = "#\(all[1]["started"]["position"].int)"
        let population = ["audit", "population", "--stage", "prod"]
        _ = try await shop.place.run(population + ["--to", middle, "--out", "a"]).checked()
        _ = try await shop.place.run(population + ["--from", middle, "--out", "b"]).checked()
        var promotions: [String] = []
        for name in ["a", "b"] {
            let ending = try await Self.check(name, key, in: shop)
            #expect(ending.code == 0, "\(ending.output)")
            let lines = try Files.text(shop.place.directory.sub("\(name)/changes.jsonl"))
            promotions += try lines.split(separator: "\n").map {
                try JSON(parsing: String($0))["promotion"].text
            }
        }
        #expect(promotions == all.map { $0["promotion"].text })
        let before = try Files.text(shop.place.directory.sub("b/before.checkpoint"))
        #expect(try before == Files.text(shop.place.directory.sub("a/after.checkpoint")))
    }

    @Test(
        arguments: [
            "changes.jsonl", "changes.csv", "headers.jsonl", "before.checkpoint",
            "after.checkpoint", "growth",
        ]
    )
    func `a population of which anything was taken or changed is rejected`(
        _ file: String
    ) async throws {
        let (shop, key) = try await Self.audited()
        let population = ["audit", "population", "--stage", "prod", "--from", "#20", "--out", "p"]
        _ = try await shop.place.run(population).checked()
        let path = shop.place.directory.sub("p/\(file)")
        let text = try Files.text(path)
        let lines = Self.lines(text)
        #expect(lines.count > 2)
        for number in lines.indices where number < 6 {
            var fewer = lines
            fewer.remove(at: number)
            try Files.write(fewer.joined(), to: path)
            let ending = try await Self.check("p", key, in: shop)
            #expect(ending.code == 1 && ending.output.hasPrefix("NOT OK"), "\(file) \(number)")
        }
        try Files.write(text, to: path)
        #expect(try await Self.check("p", key, in: shop).code == 0)
        let other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        #expect(try await Self.check("p", other, in: shop).code == 1)
    }

    @Test func `a change that the operator left out is missed`() async throws {
        let (shop, key) = try await Self.audited()
        _ = try await shop.waybill("audit", "population", "--stage", "prod", "--out", "p")
        // Out of both, as somebody would who hides it.
        for (file, index) in [("changes.csv", 2), ("changes.jsonl", 1)] {
            let path = shop.place.directory.sub("p/\(file)")
            var lines = Self.lines(try Files.text(path))
            lines.remove(at: index)
            try Files.write(lines.joined(), to: path)
        }
        let ending = try await Self.check("p", key, in: shop)
        #expect(ending.code == 1)
        #expect(ending.output.contains("changes.jsonl lacks what began with events ["))
    }

    // MARK: - Evidence

    @Test func `the evidence of a change has its events, each with a proof that holds`()
        async throws
    {
        let (shop, key) = try await Self.audited()
        let promotion = try await Self.lastPromotion(shop)
        try await shop.waybill("note", "promotion/\(promotion)", "we looked at it")
        try await shop.waybill("bookmark", "back", "--reason", "all is well")
        let written = try await shop.waybill("audit", "evidence", promotion, "--out", "e")
        let names = try Files.names(shop.place.directory.sub("e"))
        let proofs = names.filter { $0.hasSuffix(".tlog-proof") }.sorted()
        #expect(
            written.output
                == "Wrote \(proofs.count) events about \(promotion), each with its proof, to e\n"
        )
        let checked = try await Checker.run(
            ["proof"] + proofs.map { "e/" + $0 } + ["--key", key],
            in: shop.path
        )
        #expect(checked.code == 0, "\(checked.output)")
        #expect(checked.output.split(separator: "\n").count == proofs.count)
        let signed = try await Checker.run(
            "checkpoint",
            "e/checkpoint",
            "--key",
            key,
            in: shop.path
        )
        #expect(signed.code == 0)
        var types: Set<String> = []
        for proof in proofs {
            let name = proof.replacing(".tlog-proof", with: ".json")
            let event = try JSON(parsing: Files.text(shop.place.directory.sub("e/" + name)))
            #expect(name == "event-\(event["position"].int).json")
            types.insert(event["type"].text)
        }
        // A rollback to the first train: who asked, what ran, how it had been made.
        #expect(
            types.isSuperset(of: [
                "PromotionRequested", "PromotionStarted", "StepStarted", "StepFinished",
                "PromotionSucceeded", "VerificationFinished", "FreightCreated",
                "ArtifactsDiscovered", "AutoPromotionHeld", "NoteRecorded", "FreightCollected",
            ])
        )
        let change = try JSON(parsing: Files.text(shop.place.directory.sub("e/change.json")))
        #expect(change["promotion"].text == promotion)
        #expect(change["reason"].text == "customers cannot pay")
    }

    @Test func `a proof that was changed is rejected`() async throws {
        let (shop, key) = try await Self.audited()
        let promotion = try await Self.lastPromotion(shop)
        try await shop.waybill("audit", "evidence", promotion, "--out", "e")
        let names = try Files.names(shop.place.directory.sub("e"))
        let proof = try #require(names.first { $0.hasSuffix(".tlog-proof") })
        let path = shop.place.directory.sub("e/\(proof)")
        let text = try Files.text(path)
        try Files.write(text.replacing("index ", with: "index 1"), to: path)
        let ending = try await Checker.run("proof", "e/\(proof)", "--key", key, in: shop.path)
        #expect(ending.code == 1)
    }

    @Test func `text of others is text on the page, and nothing in it can run`() async throws {
        let shop = try await MainJob.shop()
        let evil = #"<script>alert(1)</script>"><img src=x onerror='alert(2)'>&amp; "#
        let turned = "abc\u{202e}cba\u{7}"
        let freight = try await shop.freight()
        let one = try #require(freight.first { $0.origin == "Warehouse/payments" })
        let reason = ["--reason", evil + turned, "--actor", "<b onclick=x>"]
        let place = shop.place
        _ = try await place.run(["approve", one.id, "--for", "stage/prod"] + reason).checked()
        let asked = ["promote", "--stage", "prod", "--freight", one.id, "--allow-regression"]
        let receipt = try await place.run(asked + reason + ["-o", "json"]).checked().json
        try await shop.runUntilIdle()
        let promotion = receipt["events"][0]["payload"]["request"]["name"].text
        try await shop.waybill(
            "report",
            "--promotion",
            promotion,
            "--result",
            "failed",
            "--message",
            evil
        )
        try await shop.waybill("audit", "evidence", promotion, "--out", "e")
        let page = try Files.text(shop.place.directory.sub("e/index.html"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x"))
        #expect(page.contains("&amp;amp;"))
        #expect(page.contains("&lt;b onclick=x&gt;"))
        #expect(!page.contains("\u{202e}") && !page.contains("\u{7}"))
        #expect(page.contains(#"abc\u{202e}cba\u{7}"#))
        for markup in [
            "<script", "<img", "<b ", "onload=", "javascript:", "http:", "https:", "url(",
        ] {
            #expect(!page.contains(markup), "\(markup)")
        }
        #expect(page.contains("default-src 'none'"))
        #expect(page.contains("prefers-color-scheme: dark"))
    }

    @Test func `the page of a change is as it was`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run("ledger", "key", "--make", "--origin", "example.com/fixed")
            .checked()
        let promotion = try await place.run(
            "audit",
            "population",
            "--stage",
            "prod",
            "-o",
            "json"
        ).checked().json["items"].items.last
        let name = try #require(promotion)["promotion"].text
        _ = try await place.run("audit", "evidence", name, "--out", "e").checked()
        let id = try await place.run("ledger", "info", "-o", "json").checked().json["id"].text
        let root = try place.state().root.hex
        try Golden.expect(
            Files.text(place.directory.sub("e/index.html"))
                .replacingOccurrences(of: id, with: "LEDGER")
                .replacingOccurrences(of: root, with: "ROOT"),
            "cli/output",
            "audit-evidence-page"
        )
    }

    @Test func `what was redacted is gone from both, and is a finding`() async throws {
        let (shop, key) = try await Self.audited()
        let promotion = try await Self.lastPromotion(shop)
        let changes = try await shop.json("audit", "population", "--stage", "prod")["items"].items
        let requested = try #require(changes.last)["requested"]["position"].int
        let redact = ["ledger", "redact", "#\(requested)", "--reason", "a name slipped in"]
        _ = try await shop.place.run(redact).checked()
        try await shop.waybill("audit", "population", "--stage", "prod", "--out", "p")
        try await shop.waybill("audit", "evidence", promotion, "--out", "e")
        #expect(try await Self.check("p", key, in: shop).code == 0)
        let proof = "e/event-\(requested).tlog-proof"
        #expect(try await Checker.run("proof", proof, "--key", key, in: shop.path).code == 0)
        let change = try JSON(parsing: Files.text(shop.place.directory.sub("e/change.json")))
        #expect(change["findings"].items.contains { $0["code"].text == "redacted" })
        for name in ["p", "e"] {
            for file in try Files.names(shop.place.directory.sub(name)) {
                let text = try Files.text(shop.place.directory.sub("\(name)/\(file)"))
                #expect(!text.contains("customers cannot pay"), "\(name)/\(file)")
            }
        }
        #expect(try Files.names(shop.place.directory.sub("e")).contains("event-\(requested).json"))
        try await shop.waybill("metrics", "delivery", "--stage", "prod")
    }

    // MARK: - Bad input

    @Test func `bad input is refused in one sentence, and leaves nothing behind`() async throws {
        let place = try await FixedLedger.shared.copied()
        let population = ["audit", "population", "--stage", "prod", "--out", "p"]
        func fails(_ command: [String], _ code: Int, _ name: String) async throws {
            let ending = try await place.run(command)
            try Failure.expect(ending, code: code, "cli/errors", "audit-" + name)
            #expect(try Files.names(place.path).sorted() == ["ledger"], "\(command)")
        }
        let items = try await place.run(["audit", "population", "--stage", "prod", "-o", "json"])
            .checked().json["items"].items
        let promotion = try #require(items.last)["promotion"].text
        let evidence = ["audit", "evidence", promotion, "--out", "e"]
        try await fails(population, 4, "population-no-key")
        try await fails(evidence, 4, "evidence-no-key")
        _ = try await place.run("ledger", "key", "--make").checked()
        try await fails(population + ["--format", "csv"], 2, "population-format")
        try await fails(population + ["--from", "#90", "--to", "#50"], 2, "population-reversed")
        let nothing = ["--from", "#50", "--to", "#50"]
        try await fails(population + nothing, 2, "population-empty")
        try await fails(
            ["audit", "population", "--stage", "qa", "--out", "p"],
            4,
            "population-stage"
        )
        try await fails(population.dropLast() + ["no/such/p"], 4, "population-without-parent")
        let unknown = "prod.01m839zrya000000000000008k.b01e8ee"
        try await fails(["audit", "evidence", unknown, "--out", "e"], 4, "evidence-unknown")
        try await fails(["audit", "evidence", "a b", "--out", "e"], 2, "evidence-name")
        try await fails(["audit", "evidence", promotion], 2, "evidence-no-out")

        try Files.makeDirectory(place.directory.sub("p"))
        try Files.makeDirectory(place.directory.sub("e"))
        for (command, name) in [(population, "population"), (evidence, "evidence")] {
            let ending = try await place.run(command)
            try Failure.expect(ending, code: 1, "cli/errors", "audit-\(name)-exists")
        }
        #expect(try Files.names(place.path).sorted() == ["e", "ledger", "p"])
        #expect(try Files.names(place.directory.sub("p")).isEmpty)
        // Nothing that was refused has signed anything that is kept.
        #expect(try !Files.names(place.ledger).contains("checkpoint"))
    }

    @Test func `what has not begun has no evidence`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run("ledger", "key", "--make").checked()
        let pending = try await place.run(
            "promote",
            "--stage",
            "prod",
            "--freight",
            "2026.47",
            "-o",
            "json"
        )
        let name = try pending.checked().json["events"][0]["payload"]["request"]["name"].text
        let ending = try await place.run("audit", "evidence", name, "--out", "e")
        try Failure.expect(
            ending,
            code: 3,
            "cli/errors",
            "audit-evidence-pending",
            masking: [(of: name, with: "PROMOTION")]
        )
    }
}
