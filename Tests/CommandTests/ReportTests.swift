import EventLog
import Testing

/// `waybill report`: verification and health, from the command line.
@Suite struct ReportTests {
    private static let folder = "cli/input"

    @Test func `what runs waits for a report, and the queue waits with it`() async throws {
        let shop = try await SmallShop.made()
        let waiting = "{analysisTemplates: [{name: smoke}]}"
        _ = try await shop.place.apply(SmallShop.manifests(in: shop, verification: waiting))
            .checked()
        let first = try await shop.runUntilIdle()
        #expect(first.output.contains(" waits to be verified; waybill report "), "\(first.output)")
        let stage = try await shop.json("get", "stage", "dev")
        let promotion = stage["promotion"].text
        #expect(stage["openVerification"]["promotion"].text == promotion)
        #expect(stage["openVerification"]["templates"].items.map(\.text) == ["smoke"])
        #expect(stage["verification"].isNull)
        #expect(try await shop.waybill("get", "stages").output.contains("  open "))

        let freight = try await shop.freight()[0].alias
        try await shop.waybill("promote", "--stage", "dev", "--freight", freight)
        let idle = try await shop.runUntilIdle()
        #expect(!idle.output.contains("started"), "\(idle.output)")
        let why = try await shop.waybill("explain", "dev").output
        #expect(why.contains("\(promotion) is being verified since "), "\(why)")
        #expect(why.contains(", and the queue waits for it\n    waybill report "), "\(why)")
        #expect(try await shop.json("explain", "dev")["waitsForVerification"].isTrue)

        let report = try await shop.waybill(
            "report",
            "--result",
            "passed",
            "--evidence",
            "https://ci.example.com/runs/7",
            "--message",
            "12 tests",
            "--reason",
            "green"
        )
        #expect(
            report.output == "\(promotion) in stage/dev: verification passed: 12 tests\n"
        )
        let record = try await shop.json("describe", "promotion/\(promotion)")["verification"]
        #expect(record["result"].text == "successful" && record["message"].text == "12 tests")
        #expect(record["evidence"].text == "https://ci.example.com/runs/7")
        #expect(record["reason"].text == "green" && !record["actor"].isNull)

        // The promotion that waited goes on now, and is verified in its turn.
        let next = try await shop.runUntilIdle()
        #expect(next.output.contains("started") && next.output.contains("waits to be verified"))
        try await shop.waybill("report", "--stage", "dev", "--result", "inconclusive")
        let stages = try await shop.waybill("get", "stages").output
        #expect(stages.contains("  inconclusive "), "\(stages)")
        try await shop.waybill("ledger", "verify")
        try await shop.waybill("ledger", "replay")
    }

    @Test func `a later failure shows wherever its subject is shown`() async throws {
        let place = try await FixedLedger.shared.copied()
        let before = try await place.run("get", "stage", "uat", "-o", "json").checked().json
        #expect(before["verification"]["implicit"].isTrue)
        let collection = before["current"]["id"].text.prefix(8)
        let command = [
            "report", "--collection", String(collection), "--stage", "uat", "--result", "failed",
            "--evidence", "https://ci.example.com/runs/9", "--actor", "on-call",
        ]
        let dry = try await place.run(command + ["--dry-run"]).checked().output
        #expect(dry.contains("VerificationFinished  shop     stage/uat"), "\(dry)")
        _ = try await place.run(command).checked()
        let again = try await place.run(command).checked().output
        #expect(again == "The result was reported before, with the same evidence.\n")

        let stage = try await place.run("get", "stage", "uat", "-o", "json").checked().json
        #expect(stage["verification"]["result"].text == "failed")
        #expect(stage["verification"]["actor"].text == "on-call")
        let stages = try await place.run("get", "stages").checked().output
        #expect(stages.contains("  failed "), "\(stages)")
        let changed = try await place.run(
            "describe",
            "promotion/\(stage["promotion"].text)",
            "-o",
            "json"
        ).checked().json["changes"].items.first { $0["change"].text == "changed" }
        let freight = try #require(changed)["to"]["id"].text
        let shown = try await place.run("get", "freight", freight, "-o", "json").checked().json
        #expect(shown["withdrawn"].items.map { $0["stage"].text } == ["uat"])
        #expect(shown["verified"].items.allSatisfy { $0["stage"].text != "uat" })
    }

    @Test func `health is shown with its stage`() async throws {
        let place = try await FixedLedger.shared.copied()
        let command = [
            "report", "--stage", "prod", "--health", "Unhealthy", "--message", "2 of 5 are ready",
        ]
        let told = try await place.run(command).checked().output
        #expect(told == "stage/prod is Unhealthy: 2 of 5 are ready\n")
        let again = try await place.run(command).checked().output
        #expect(again == "Stage prod is Unhealthy already.\n")
        let stage = try await place.run("get", "stage", "prod", "-o", "json").checked().json
        #expect(stage["health"]["health"].text == "Unhealthy")
        #expect(stage["health"]["message"].text == "2 of 5 are ready")
        let stages = try await place.run("get", "stages").checked().output
        #expect(stages.contains("  unhealthy, 1 pending"), "\(stages)")
    }

    @Test(
        arguments: [
            ("report-nothing", 2, ["report"]),
            ("report-two-things", 2, ["report", "--result", "passed", "--health", "Healthy"]),
            ("report-health-of-nothing", 2, ["report", "--health", "Healthy"]),
            ("report-bad-result", 2, ["report", "--result", "ok"]),
            ("report-bad-health", 2, ["report", "--stage", "prod", "--health", "fine"]),
            (
                "report-promotion-and-stage", 2,
                ["report", "--promotion", "p", "--stage", "prod", "--result", "passed"]
            ),
            ("report-none-open", 3, ["report", "--result", "passed"]),
            ("report-none-open-in", 3, ["report", "--stage", "uat", "--result", "passed"]),
            (
                "report-short-collection", 2,
                ["report", "--collection", "abc", "--result", "passed"]
            ),
            (
                "report-unknown-collection", 4,
                ["report", "--collection", "0000000", "--result", "passed"]
            ),
            (
                "report-several-stages", 3,
                ["report", "--collection", "COLLECTION", "--result", "passed"]
            ),
            (
                "report-pending", 3,
                ["report", "--promotion", "PENDING", "--result", "passed"]
            ),
            (
                "report-password", 3,
                [
                    "report", "--collection", "COLLECTION", "--stage", "uat", "--result", "passed",
                    "--evidence", "https://operator:secret@ci.example.com/runs/9",
                ]
            ),
        ] as [(String, Int, [String])]
    )
    func `what cannot be reported is told in one sentence, and nothing is recorded`(
        _ name: String,
        _ code: Int,
        _ arguments: [String]
    ) async throws {
        let place = try await FixedLedger.shared.place
        let before = try place.state()
        let uat = try await place.run("get", "stage", "uat", "-o", "json").checked().json
        let prod = try await place.run("get", "stage", "prod", "-o", "json").checked().json
        let words = [
            "COLLECTION": String(uat["current"]["id"].text.prefix(8)),
            "PENDING": prod["pending"][0].text,
        ]
        let ending = try await place.run(arguments.map { words[$0] ?? $0 })
        try Failure.expect(ending, code: code, Self.folder, name)
        #expect(try place.state() == before)
    }
}
