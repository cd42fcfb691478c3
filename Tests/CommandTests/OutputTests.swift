import EventLog
import Foundation
import Testing

/// What the program answers, in every format, about a ledger that is the same everywhere.
@Suite struct OutputTests {
    private static let folder = "cli/output"
    private static let formats = ["table", "json", "yaml", "name"]

    /// Answers about the end of the ledger, asked at that position so that ages stand still.
    private func answer(_ arguments: [String], at position: Int? = nil) async throws -> String {
        let fixed = try await FixedLedger.shared
        let moment = ["--at", "#\(position ?? fixed.end)"]
        return try await fixed.place.run(arguments + moment).checked().output
    }

    /// Salts are random, so the hash of a payload is all that differs.
    private func steady(_ text: String) -> String {
        text.replacingOccurrences(
            of: #"(payloadHash"?: "?)[0-9a-f]{64}"#,
            with: "$1HASH",
            options: .regularExpression
        )
        // A hash that looks like a number is in quotation marks in YAML.
        .replacingOccurrences(of: #"payloadHash: "HASH""#, with: "payloadHash: HASH")
    }

    @Test(
        arguments: [
            ["projects"], ["warehouses"], ["stages"], ["junctions"], ["freight"],
            ["promotions", "--stage", "prod"], ["events", "--limit", "4"], ["bookmarks"],
        ],
        formats
    )
    func `each listing is the same everywhere, in each format`(
        _ listing: [String],
        _ format: String
    ) async throws {
        let text = try await answer(["get"] + listing + ["-o", format])
        try Golden.expect(steady(text), Self.folder, "get-\(listing[0])-\(format)")
        if format == "json" {
            let json = try JSON(parsing: text)
            #expect(Set(json.members.keys).isSubset(of: ["items", "position", "next"]))
            #expect(json["position"].int == (try await FixedLedger.shared.end))
        }
    }

    @Test(
        arguments: [
            ["get", "stage", "prod"], ["get", "freight", "2026.47"], ["get", "project", "shop"],
            ["describe", "stage/prod"], ["describe", "freight/2026.48"],
            ["describe", "junction/release"], ["describe", "warehouse/search"],
            ["history", "stage/prod"], ["diff", "prod", "uat"], ["diff", "2026.47", "2026.48"],
            ["blame", "prod"], ["explain", "stage/prod"], ["explain", "stage/dev"],
            ["explain", "freight/2026.48"], ["explain", "freight/clear-wren"],
            ["explain", "junction/release"], ["explain", "warehouse/search"],
            ["explain", "promotion/prod.01kjqj35n00000000000000081.4ee0e25"],
            ["explain", "promotion/prod.01kjqg6r20000000000000007c.2aa22fc"],
            ["describe", "freight/civil-koala"],
            ["describe", "promotion/prod.01kjqg6r20000000000000007c.2aa22fc"],
            ["history", "junction/release"], ["history", "junction/release", "--slots"],
            ["trace", "2026.48"], ["trace", "freight/civil-koala"],
            ["diff", "prod@#20", "prod@first-train"],
            ["describe", "bookmark/first-train"], ["describe", "project/shop"],
            ["describe", "event/#20"],
            ["get", "freight", "--stage", "prod"],
            ["get", "freight", "--available-to", "junction/release"],
            ["get", "promotions", "--phase", "pending"],
            ["audit", "--text", "CUSTOMERS", "--kind", "promotion"],
            ["audit", "--since", "#30", "--until", "@first-train", "--limit", "5"],
            ["audit", "--subject", "stage/prod"],
            ["audit", "--type", "FreightRepackaged", "--actor", "operator"],
        ],
        ["table", "json"]
    )
    func `each question is answered the same everywhere`(
        _ question: [String],
        _ format: String
    ) async throws {
        let text = try await answer(question + ["-o", format])
        // Flags are a part of the name, options are known by their values.
        let words = question.map { $0 == "--slots" ? "slots" : $0 } + [format]
        let name = words.filter { !$0.hasPrefix("--") }.joined(separator: "-")
            .replacingOccurrences(of: "/", with: "-")
            .replacingOccurrences(of: #"[#@]"#, with: "", options: .regularExpression)
        try Golden.expect(steady(text), Self.folder, name)
        if format == "json" { _ = try JSON(parsing: text) }
    }

    @Test func `preview and checkpoint have shapes of their own`() async throws {
        let fixed = try await FixedLedger.shared
        for format in ["table", "json"] {
            let ending = try await fixed.place.run(
                "repackage",
                "release",
                "--preview",
                "-o",
                format
            ).checked()
            try Golden.expect(ending.output, Self.folder, "preview-\(format)")
        }
        let checkpoint = try await answer(["ledger", "checkpoint"], at: 7)
        let lines = checkpoint.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("waybill/") && lines[1] == "7")
        #expect(Data(base64Encoded: String(lines[2]))?.count == 32)
        let json = try JSON(parsing: try await answer(["ledger", "checkpoint", "-o", "json"]))
        #expect(json["size"].int == fixed.end && json["note"].isNull)
        let state = try fixed.place.state()
        #expect(json["root"].text == state.root.hex)
        let info = try await fixed.place.run("ledger", "info", "-o", "json").checked().json
        #expect(info["root"].text == state.root.hex && info["events"].int == fixed.end)
    }

    @Test(
        arguments: [
            "audit population", "audit sample -n 2 --seed golden", "metrics delivery",
        ],
        ["table", "json"]
    )
    func `the changes of a stage and its measures are the same everywhere`(
        _ question: String,
        _ format: String
    ) async throws {
        let fixed = try await FixedLedger.shared
        let words = question.split(separator: " ").map(String.init)
        let text = try await fixed.place.run(
            words + ["--stage", "prod", "--to", "#\(fixed.end)", "-o", format]
        ).checked().output
        try Golden.expect(text, Self.folder, "\(words[0])-\(words[1])-\(format)")
        if format == "json" { _ = try JSON(parsing: text) }
    }

    @Test(arguments: ["csv", "jsonl"])
    func `the lines of a population are the same everywhere`(_ format: String) async throws {
        let fixed = try await FixedLedger.shared
        let text = try await fixed.place.run(
            "audit",
            "population",
            "--stage",
            "prod",
            "--to",
            "#\(fixed.end)",
            "--format",
            format
        ).checked().output
        try Golden.expect(text, Self.folder, "audit-population-lines-\(format)")
        let changes = try await fixed.place.run(
            "audit",
            "population",
            "--stage",
            "prod",
            "--to",
            "#\(fixed.end)",
            "-o",
            "json"
        ).checked().json["items"].items
        let lines = text.split(whereSeparator: \.isNewline)
        #expect(lines.count == changes.count + (format == "csv" ? 1 : 0))
    }

    @Test func `what -o name prints is what other commands take`() async throws {
        for kind in ["stages", "junctions", "warehouses", "freight", "promotions"] {
            let names = try await answer(["get", kind, "-o", "name"]).split(separator: "\n")
            #expect(!names.isEmpty)
            for name in names.prefix(3) {
                let text = try await answer(["describe", String(name), "-o", "json"])
                #expect(try JSON(parsing: text)["position"].int > 0)
            }
        }
    }

    @Test func `the fixed ledger is sound`() async throws {
        let fixed = try await FixedLedger.shared
        _ = try await fixed.place.run("ledger", "verify").checked()
        _ = try await fixed.place.run("ledger", "replay").checked()
    }
}
