import EventLog
import Testing

/// Commands that change the ledger: tried without appending, given twice, refused.
@Suite struct ChangeTests {
    private static let folder = "cli/input"

    // MARK: - Dry runs

    @Test(
        arguments: [
            ["apply", "-f", "-"], ["promote", "--stage", "dev", "--freight", "clear-wren"],
            ["rollback", "stage/prod", "--to", "2026.48"], ["abort", "PENDING"],
            ["collect", "release", "--freight", "civil-koala"], ["repackage", "release"],
            ["approve", "clear-wren", "--for", "stage/uat"], ["alias", "2026.48", "train-48"],
            ["quarantine", "fond-eel", "--reason", "it loses orders"],
            [
                "assemble", "--from", "2026.48", "--set",
                "https://git.example.com/shop/payments.git=" + Twins.id("payments hotfix"),
            ],
        ],
        ["table", "json"]
    )
    func `a dry run prints the events that it would append, and appends nothing`(
        _ command: [String],
        _ format: String
    ) async throws {
        let fixed = try await FixedLedger.shared
        let place = fixed.place
        let before = try place.state()
        let command = try await resolved(command, in: place)
        let input = Array(Manifest.warehouse("orders").utf8)
        let dry = ["--dry-run", "--actor", "operator", "-o", format]
        let ending = try await place.run(command + dry, input: input).checked()
        try Golden.expect(
            ending.output.masked(),
            "cli/output",
            "dry-run-\(command[0])-\(format)"
        )
        #expect(try place.state() == before)

        // What it does then is what it said.
        let copy = try fixed.copied()
        let done = try await copy.run(command + ["-o", "json"], input: input).checked().json
        let said = try await place.run(
            command + ["--dry-run", "-o", "json"],
            input: input
        ).checked().json
        #expect(said["events"].items.map { $0["type"] } == done["events"].items.map { $0["type"] })
    }

    /// PENDING stands for the promotion that waits in prod's queue.
    private func resolved(
        _ command: [String],
        in place: LedgerDirectory
    ) async throws -> [String] {
        let stage = try await place.run("get", "stage", "prod", "-o", "json").checked().json
        return command.map { $0 == "PENDING" ? stage["pending"][0].text : $0 }
    }

    @Test func `a dry run of a command that was recorded says so, or that its id is taken`()
        async throws
    {
        let place = try await LedgerDirectory.made()
        _ = try await place.apply(Manifest.small, "--command-id", "c-1").checked()
        let same = try await place.apply(Manifest.small, "--command-id", "c-1", "--dry-run")
        #expect(try same.checked().output == "This command was recorded before, at #1 to #3.\n")
        let other = try await place.apply(
            Manifest.warehouse("search"),
            "--command-id",
            "c-1",
            "--dry-run"
        )
        try Failure.expect(other, code: 3, Self.folder, "command-id-conflict")
    }

    // MARK: - Command ids

    @Test func `the same command id with the same content gets the same receipt again`()
        async throws
    {
        let place = try await LedgerDirectory.made()
        let command = ["--command-id", "c-1", "--actor", "operator", "-o", "json"]
        let first = try await apply(Manifest.small, command, in: place).checked().json
        #expect(first["duplicate"] == .bool(false))
        #expect(first["positions"] == .array([.number(1), .number(3)]))
        let after = try place.state()
        _ = try await place.apply(Manifest.warehouse("search")).checked()
        let again = try await apply(Manifest.small, command, in: place).checked().json
        #expect(again["duplicate"].isTrue)
        for name in ["positions", "root", "events"] { #expect(again[name] == first[name]) }
        #expect(again["root"].text == "\(after.root.hex)")
        #expect(try place.state().size == 4)
        let text = try await place.apply(
            Manifest.small,
            "--command-id",
            "c-1",
            "--actor",
            "operator"
        ).checked()
        #expect(text.output.hasSuffix("(recorded before, at #1 to #3)\n"))
    }

    private func apply(
        _ manifests: String,
        _ options: [String],
        in place: LedgerDirectory
    ) async throws -> Ending {
        try await place.run(["apply", "-f", "-"] + options, input: Array(manifests.utf8))
    }

    @Test(arguments: [
        ["--actor", "on-call"], ["--actor", "operator", "--reason", "another"],
        ["--actor", "operator"],
    ])
    func `the same command id with other content is refused and changes nothing`(
        _ options: [String]
    ) async throws {
        let place = try await LedgerDirectory.made()
        let id = ["--command-id", "c-1"]
        _ = try await apply(Manifest.small, id + ["--actor", "operator"], in: place).checked()
        let before = try place.state()
        // With the same options it is the manifests that differ.
        let manifests =
            options.count == 2 && options[1] == "operator"
            ? Manifest.warehouse("search") : Manifest.small
        let ending = try await apply(manifests, id + options, in: place)
        try Failure.expect(ending, code: 3, Self.folder, "command-id-conflict")
        let json = try await apply(manifests, id + options + ["-o", "json"], in: place)
        try Failure.expect(json, code: 3, Self.folder, "command-id-conflict-json")
        #expect(try place.state() == before)
    }

    @Test func `what is so already appends nothing, and says so`() async throws {
        let place = try await LedgerDirectory.applied()
        let before = try place.state()
        let ending = try await place.apply(Manifest.small).checked()
        #expect(ending.output == "Nothing changed: all 3 documents are applied already.\n")
        let json = try await place.apply(Manifest.small, "-o", "json").checked().json
        #expect(json["events"].items.isEmpty && json["duplicate"] == .bool(false))
        #expect(try place.state() == before)
    }

    // MARK: - Refusals

    @Test(
        arguments: [
            ("ambiguous-freight", 3, ["promote", "--stage", "dev", "--freight", Twins.prefix]),
            ("ambiguous-get", 3, ["get", "freight", Twins.prefix]),
            ("not-available", 3, ["promote", "--stage", "uat", "--freight", "clear-wren"]),
            ("origin-not-requested", 3, ["promote", "--stage", "uat", "--freight", "2026.47"]),
            ("not-verified", 3, ["promote", "--stage", "prod", "--from", "dev", "--all"]),
            ("unknown-collection", 4, ["rollback", "prod", "--to", "collection/abcdef0"]),
            ("nothing-ran", 3, ["rollback", "prod", "--to", "#20"]),
            ("never-ran", 4, ["rollback", "prod", "--to", "clear-wren"]),
            ("ended-already", 3, ["abort", "ENDED"]),
            ("nothing-is-held", 3, ["resume", "uat"]),
        ] as [(String, Int, [String])]
    )
    func `a rule that says no is told in one sentence, and nothing is recorded`(
        _ name: String,
        _ code: Int,
        _ arguments: [String]
    ) async throws {
        let place = try await FixedLedger.shared.place
        let before = try place.state()
        let history = try await place.run("history", "stage/prod", "-o", "json").checked().json
        let ended = history["items"][0]["promotion"].text
        let command = arguments.map { $0 == "ENDED" ? ended : $0 }
        let ending = try await place.run(command)
        try Failure.expect(ending, code: code, Self.folder, name)
        let json = try await place.run(command + ["-o", "json"])
        #expect(json.code == code)
        let message = try json.errorJSON["error"]["message"].text
        #expect("waybill: \(message)\n" == ending.errors)
        if name == "ambiguous-freight" {
            let matches = try json.errorJSON["error"]["details"]["matches"].items
            #expect(matches.count == 2 && matches.allSatisfy { $0.text.hasPrefix(Twins.prefix) })
        }
        #expect(try place.state() == before)
    }

    @Test(arguments: [("alias-taken", "2026.47"), ("alias-malformed", "Train 7")])
    func `a bundle's alias must be free and well-formed`(
        _ name: String,
        _ alias: String
    ) async throws {
        let place = try await FixedLedger.shared.copied()
        // An older web, so that there is something to repackage.
        _ = try await place.run("collect", "release", "--freight", "civil-koala").checked()
        let before = try place.state()
        let ending = try await place.run("repackage", "release", "--alias", alias)
        try Failure.expect(ending, code: 3, Self.folder, name)
        #expect(try place.state() == before)
        _ = try await place.run("repackage", "release", "--alias", "2026.49").checked()
    }

    @Test func `with one digit more, the prefix names one piece of freight`() async throws {
        let place = try await FixedLedger.shared.place
        let freight = try await place.run("get", "freight", Twins.prefix + "f").checked()
        #expect(freight.output.contains("clear-grouse"))
    }
}
