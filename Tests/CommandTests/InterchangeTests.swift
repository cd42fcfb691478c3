import EventLog
import Foundation
import Testing

/// `waybill ledger export` in the words of other systems, against the schemas that they publish.
@Suite struct InterchangeTests {
    /// The checker of `tools`, with the schemas of `fixtures/cloudevents`, `fixtures/cdevents` and
    /// `fixtures/cdevents/links`.
    private static func check(_ files: String..., in directory: String) async throws -> Ending {
        let tool = "\(Program.root)/tools/check-interchange.py"
        return try await Program.run("python3", [tool] + files, in: directory)
    }

    /// The demo, and what else can happen: trouble in prod, approvals, a quarantine, an abortion,
    /// a stage that goes.
    private static func eventful() async throws -> Shop {
        let shop = try await MainJob.shop()
        let current = try await shop.json("get", "stage", "prod")["promotion"].text
        for command in [
            ["report", "--stage", "prod", "--health", "Unhealthy", "--message", "no disk"],
            ["report", "--stage", "prod", "--health", "Unhealthy", "--message", "still none"],
            ["report", "--stage", "prod", "--health", "Healthy", "--message", "it has one"],
            ["report", "--stage", "prod", "--health", "Unhealthy", "--message", "slow \"too\""],
            ["report", "--promotion", current, "--result", "failed", "--message", "red"],
            ["approve", "2026.48", "--for", "stage/prod", "--reason", "agreed"],
            ["revoke", "2026.48", "--for", "stage/prod", "--reason", "no"],
            ["quarantine", "2026.48", "--reason", "it loses orders"],
            ["unquarantine", "2026.48", "--reason", "it does not"],
            ["promote", "--stage", "prod", "--freight", "2026.48"],
        ] { try await shop.place.run(command).checked().expectSaidSomething() }
        try await shop.runUntilIdle()
        let waits = try await shop.json("promote", "--stage", "prod", "--freight", "2026.47")
        let name = waits["events"][0]["payload"]["request"]["name"].text
        try await shop.waybill("abort", name, "--reason", "not today")
        try await shop.waybill("delete", "stage/prod", "--reason", "it moved")
        return shop
    }

    private static func export(_ shop: Shop, _ format: String) async throws -> [String] {
        try await shop.waybill("ledger", "export", "--format", format, "--out", format + ".jsonl")
        let text = try Files.text(shop.place.directory.sub(format + ".jsonl"))
        #expect(text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    @Test func `every line follows the published schemas, whatever has happened`() async throws {
        let shop = try await Self.eventful()
        let events = try await Self.export(shop, "cloudevents")
        let mapped = try await Self.export(shop, "cdevents")
        let ending = try await Self.check("cloudevents.jsonl", "cdevents.jsonl", in: shop.path)
        #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
        #expect(UInt64(events.count) == (try shop.place.state()).size)
        let found = Set(try mapped.map { try JSON(parsing: $0)["type"].text })
        #expect(
            found.sorted() == [
                "dev.cdevents.change.merged.0.3.0", "dev.cdevents.environment.created.0.3.0",
                "dev.cdevents.environment.deleted.0.3.0", "dev.cdevents.incident.detected.0.3.0",
                "dev.cdevents.incident.resolved.0.3.0", "dev.cdevents.pipelinerun.finished.0.3.0",
                "dev.cdevents.pipelinerun.queued.0.3.0", "dev.cdevents.pipelinerun.started.0.3.0",
                "dev.cdevents.service.deployed.0.3.0", "dev.cdevents.service.rolledback.0.3.0",
                "dev.cdevents.service.upgraded.0.3.0", "dev.cdevents.testsuiterun.finished.0.3.0",
                "dev.cdeventsx.waybill-freight.approved.0.1.0",
                "dev.cdeventsx.waybill-freight.created.0.1.0",
                "dev.cdeventsx.waybill-freight.quarantined.0.1.0",
                "dev.cdeventsx.waybill-freight.released.0.1.0",
                "dev.cdeventsx.waybill-freight.repackaged.0.1.0",
                "dev.cdeventsx.waybill-freight.revoked.0.1.0",
                "dev.cdeventsx.waybill-junction.collected.0.1.0",
            ]
        )
        try Self.expectIncidents(mapped)
    }

    /// Each is detected once and resolved once, by a report or by what runs next.
    private static func expectIncidents(_ lines: [String]) throws {
        let events = try lines.map { try JSON(parsing: $0) }
        let incidents = events.filter { $0["type"].text.contains(".incident.") }
        #expect(
            incidents.map { $0["data"]["subject"]["content"]["description"].text } == [
                "no disk", "it has one", "slow \"too\"", "",
            ]
        )
        #expect(incidents[0]["subject"] == incidents[1]["subject"])
        #expect(incidents[2]["subject"] == incidents[3]["subject"])
        #expect(incidents[0]["subject"] != incidents[2]["subject"])
    }

    @Test func `a CloudEvent has the event as it is shown, and none is left out`() async throws {
        let fixed = try await FixedLedger.shared
        let lines = try await ExportTests.lines(fixed.place, "--format", "cloudevents")
        let shown = try await fixed.place.run("get", "events", "--limit", "10000", "-o", "json")
        let events = try shown.checked().json["items"].items.reversed()
        #expect(lines.count == events.count)
        for (line, event) in zip(lines, events) {
            let envelope = try JSON(parsing: line)
            #expect(envelope["data"] == event)
            #expect(envelope["id"].text == "\(event["position"].int)")
        }
    }

    @Test func `what CDEvents are made of which event does not change`() async throws {
        let fixed = try await FixedLedger.shared
        let id = try await fixed.place.run("ledger", "info", "-o", "json").checked().json["id"].text
        var seen: Set<String> = []
        var text = ""
        for line in try await ExportTests.lines(fixed.place, "--format", "cdevents") {
            let event = try JSON(parsing: line)
            guard seen.insert(event["type"].text).inserted else { continue }
            text += line + "\n"
        }
        // A chain's name is made of the ledger's id.
        let chains = text.replacing(/"chainId":"[0-9a-f-]+"/, with: #""chainId":"CHAIN""#)
        try Golden.expect(
            chains.replacingOccurrences(of: id, with: "LEDGER"),
            "cli/output",
            "ledger-export-cdevents"
        )
    }

    @Test func `from and to cut, and the same event is the same line`() async throws {
        let place = try await FixedLedger.shared.place
        for format in ["cloudevents", "cdevents"] {
            let all = try await ExportTests.lines(place, "--format", format)
            let head = try await ExportTests.lines(place, "--format", format, "--to", "#60")
            let tail = try await ExportTests.lines(place, "--format", format, "--from", "#61")
            #expect(!head.isEmpty && !tail.isEmpty)
            #expect(head + tail == all)
        }
    }

    @Test func `what was redacted is in neither`() async throws {
        let shop = try await MainJob.done.shop.copied()
        let word = "hunter2"
        try await shop.waybill("report", "--stage", "prod", "--health", "Unhealthy")
        try await shop.waybill("note", "stage/prod", "the password is \(word)")
        let position = try shop.place.state().size
        let reason = ["--reason", "a password"]
        _ = try await shop.place.run(["ledger", "redact", "#\(position)"] + reason).checked()
        let events = try await Self.export(shop, "cloudevents")
        let mapped = try await Self.export(shop, "cdevents")
        #expect(!(events + mapped).contains { $0.contains(word) })
        #expect(UInt64(events.count) == position + 1)
        let ending = try await Self.check("cloudevents.jsonl", "cdevents.jsonl", in: shop.path)
        #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
    }

    @Test func `nothing of another version's projections is told, and a file is never replaced`()
        async throws
    {
        let place = try await FixedLedger.shared.copied()
        for format in ["cloudevents", "cdevents"] {
            let export = ["ledger", "export", "--format", format, "--out", format]
            let json = try await place.run(export + ["-o", "json"]).checked().json
            #expect(json["lines"].int > 0 && json["root"].isNull)
            let again = try await place.run(export)
            #expect(again.code == 1 && again.errors.contains("is there already"))
        }
        let wrong = try await place.run("ledger", "export", "--format", "xml")
        try Failure.expect(wrong, code: 2, "cli/errors", "export-format")
        let reversed = try await place.run(
            "ledger",
            "export",
            "--format",
            "cdevents",
            "--from",
            "#9",
            "--to",
            "#3"
        )
        try Failure.expect(reversed, code: 2, "cli/errors", "export-reversed")
    }

    @Test(
        arguments: [
            (#""specversion":"1.0""#, #""specversion":"0.3""#),
            (#""specversion":"0.5.1""#, #""specversion":5"#),
            (#""datacontenttype":"application/json""#, #""datacontenttype":7"#),
            (#""timestamp":"20"#, #""timestamp":"at 20"#), (#""time":"20"#, #""time":"on 20"#),
            (#""outcome":"success""#, #""outcome":"well""#),
            (#""uri":"urn:"#, #""uri":"no uri "#),
            (#""pipelineName":"#, #""pipeline":"#), (#""linkType":"PATH""#, #""linkType":"WAY""#),
            (#""contextId":""#, #""context":""#), (#""id":""#, #""id":"x"#),
            (#""chainId":""#, #""chainId":"z"#), (#""subject":{"#, #""subject":{"type":"x","#),
            (#""customData":{"#, #""customData":[],"custom":{"#),
            (#""environment":{"id"#, #""environment":{"name"#),
            (#""artifactId":"#, #""artefact":"#), ("finished", "ended"),
            (#""source":"/"#, #""source":"\\/"#), (#"service-upgraded-event"#, "service-event"),
            ("}\n", "\n"),
        ]
    )
    func `a line that does not follow the schemas is rejected`(
        _ good: String,
        _ bad: String
    ) async throws {
        let fixed = try await FixedLedger.shared
        let place = try LedgerDirectory()
        let lines = try await ExportTests.lines(fixed.place, "--format", "cdevents")
        let number = try #require(lines.firstIndex { ($0 + "\n").contains(good) })
        var text = lines.map { $0 + "\n" }
        let range = try #require(text[number].range(of: good))
        text[number].replaceSubrange(range, with: bad)
        try Files.write(text.joined(), to: place.directory.sub("broken.jsonl"))
        let ending = try await Self.check("broken.jsonl", in: place.path)
        #expect(ending.code == 1)
        #expect(ending.output.hasPrefix("NOT OK: broken.jsonl: line \(number + 1): "))
    }

    @Test func `a line that is there twice is rejected`() async throws {
        let fixed = try await FixedLedger.shared
        let place = try LedgerDirectory()
        let lines = try await ExportTests.lines(fixed.place, "--format", "cloudevents")
        let text = (lines + [lines[3]]).map { $0 + "\n" }.joined()
        try Files.write(text, to: place.directory.sub("twice.jsonl"))
        let ending = try await Self.check("twice.jsonl", in: place.path)
        #expect(ending.code == 1 && ending.output.contains("line \(lines.count + 1): another line"))
    }
}

extension Ending {
    fileprivate func expectSaidSomething() {
        #expect(!output.isEmpty, "\(command)")
    }
}
