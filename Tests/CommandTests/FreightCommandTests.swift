import EventLog
import Testing

/// Marks of freight and freight that is made by hand, as they are typed.
@Suite struct FreightCommandTests {
    private static let folder = "cli/input"
    private static let payments = "https://git.example.com/shop/payments.git"
    private static let hotfix = Twins.id("payments hotfix")

    private func freight(_ name: String, in place: LedgerDirectory) async throws -> JSON {
        try await place.run("get", "freight", name, "-o", "json").checked().json
    }

    @Test func `an approval is seen with who, why and when, until it is taken back`() async throws {
        let place = try await FixedLedger.shared.copied()
        let approve = ["approve", "clear-wren", "--for", "stage/uat"]
        let told = try await place.run(
            approve + ["--actor", "release-manager", "--reason", "tested by hand"]
        ).checked()
        #expect(told.output == "freight c4b6a84 approved for stage/uat\n")
        let approved = try await freight("clear-wren", in: place)["approved"]
        #expect(approved.items.count == 1)
        #expect(approved[0]["for"].text == "stage/uat")
        #expect(approved[0]["actor"].text == "release-manager")
        #expect(approved[0]["reason"].text == "tested by hand")
        #expect(approved[0]["position"].int > 0 && approved[0]["since"].text.hasSuffix("Z"))
        let again = try await place.run(approve).checked()
        #expect(again.output == "Freight clear-wren is approved for stage/uat already.\n")
        _ = try await place.run("promote", "--stage", "uat", "--freight", "clear-wren").checked()
        let table = try await place.run("get", "freight", "clear-wren").checked()
        #expect(table.output.contains("approved for stage/uat"))
        _ = try await place.run("revoke", "clear-wren", "--for", "stage/uat").checked()
        #expect(try await freight("clear-wren", in: place)["approved"].isNull)
        try Failure.expect(
            try await place.run("revoke", "clear-wren", "--for", "stage/uat"),
            code: 3,
            Self.folder,
            "nothing-to-revoke"
        )
    }

    private let reason = ["--actor", "on-call", "--reason", "it loses orders"]

    @Test func `quarantine and its end need a reason`() async throws {
        let place = try await FixedLedger.shared.copied()
        let before = try place.state()
        for (command, name) in [
            ("quarantine", "quarantine-without-reason"), ("unquarantine", "not-quarantined"),
        ] {
            let ending = try await place.run(command, "fond-eel")
            try Failure.expect(ending, code: 3, Self.folder, name)
        }
        #expect(try place.state() == before)
        _ = try await place.run(["quarantine", "fond-eel"] + reason).checked()
        let mark = try await freight("fond-eel", in: place)["quarantine"]
        #expect(mark["reason"].text == "it loses orders" && mark["actor"].text == "on-call")
        let ending = try await place.run("unquarantine", "fond-eel")
        try Failure.expect(ending, code: 3, Self.folder, "unquarantine-without-reason")
        let why = ["--reason", "it was the database"]
        _ = try await place.run(["unquarantine", "fond-eel"] + why).checked()
        #expect(try await freight("fond-eel", in: place)["quarantine"].isNull)
    }

    @Test func `quarantine of a part is seen on its bundle, and stops it`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run(["quarantine", "fond-eel"] + reason).checked()
        let bundle = try await freight("2026.48", in: place)
        #expect(bundle["quarantine"].isNull)
        let parts = bundle["constituents"].items.filter { !$0["quarantine"].isNull }
        #expect(parts.map { $0["alias"].text } == ["fond-eel"])
        let table = try await place.run("get", "freight", "2026.48").checked()
        #expect(table.output.contains("holds quarantined fond-eel"))
        let ending = try await place.run("promote", "--stage", "prod", "--freight", "2026.48")
        try Failure.expect(ending, code: 3, Self.folder, "quarantined")
    }

    @Test func `quarantined freight comes back only where somebody says why`() async throws {
        let place = try await FixedLedger.shared.copied()
        _ = try await place.run(["quarantine", "fond-eel"] + reason).checked()
        let rollback = ["rollback", "prod", "--to", "2026.48"]
        let ending = try await place.run(rollback)
        try Failure.expect(ending, code: 3, Self.folder, "quarantined-target")
        let allowed = try await place.run(rollback + ["--allow-quarantined"])
        try Failure.expect(allowed, code: 3, Self.folder, "allowed-without-reason")
        let why = ["--allow-quarantined", "--reason", "the other one is worse"]
        _ = try await place.run(rollback + why).checked()
    }

    @Test func `freight is called otherwise, and its old alias is free`() async throws {
        let place = try await FixedLedger.shared.copied()
        let told = try await place.run("alias", "2026.48", "2026.48-rc1").checked()
        #expect(told.output == "freight 2026.48 is called 2026.48-rc1\n")
        try Failure.expect(
            try await place.run("get", "freight", "2026.48"),
            code: 4,
            Self.folder,
            "alias-given-up"
        )
        _ = try await place.run("alias", "fond-eel", "2026.48").checked()
        #expect(try await freight("2026.48", in: place)["origin"]["name"].text == "web")
        try Failure.expect(
            try await place.run("alias", "2026.48", "2026.47"),
            code: 3,
            Self.folder,
            "alias-of-other-freight"
        )
        try Failure.expect(
            try await place.run("alias", "2026.48", "4ee0e25"),
            code: 3,
            Self.folder,
            "alias-of-an-id"
        )
    }

    @Test func `a hotfix names one artifact, and the answer says which freight it is`() async throws
    {
        let place = try await FixedLedger.shared.copied()
        let derive = ["assemble", "--from", "2026.47", "--set", "\(Self.payments)=\(Self.hotfix)"]
        let told = try await place.run(derive + ["--reason", "customers cannot pay"]).checked()
        try Golden.expect(told.output, "cli/output", "assemble-from-table")
        let receipt = try await place.run(derive + ["-o", "json"]).checked().json
        #expect(receipt["events"].items.isEmpty)
        let bundle = try await freight(receipt["freight"]["id"].text, in: place)
        #expect(bundle["alias"] == receipt["freight"]["alias"])
        #expect(bundle["making"].text == "derived")
        #expect(bundle["derivedFrom"]["alias"].text == "2026.47")
        #expect(bundle["constituents"].items.count == 5)
        let again = try await place.run(derive).checked()
        try Golden.expect(again.output, "cli/output", "assemble-again-table")
        try Failure.expect(
            try await place.run(
                "promote",
                "--stage",
                "prod",
                "--freight",
                bundle["alias"].text
            ),
            code: 3,
            Self.folder,
            "needs-approval"
        )
        _ = try await place.run(
            "approve",
            bundle["alias"].text,
            "--for",
            "stage/prod",
            "--reason",
            "customers cannot pay"
        ).checked()
        _ = try await place.run(
            "promote",
            "--stage",
            "prod",
            "--freight",
            bundle["alias"].text
        ).checked()
        _ = try await place.run("ledger", "replay").checked()
    }

    @Test func `without a version the present candidates are made freight of`() async throws {
        let place = try await FixedLedger.shared.copied()
        let quiet = try await place.run("assemble", "--warehouse", "web").checked()
        #expect(quiet.output.hasPrefix("That is freight fond-eel ("))
        let made = try await place.run(
            "assemble",
            "--warehouse",
            "web",
            "--set",
            "https://git.example.com/shop/web.git=\(Twins.id("web1"))",
            "-o",
            "json"
        ).checked().json
        #expect(made["freight"]["alias"].text == "civil-koala", "there since the first train")
    }

    @Test(
        arguments: [
            ("unknown-artifact", ["--from", "2026.47", "--set", "payments=v2"]),
            ("unknown-version", ["--from", "2026.47", "--set", "\(payments)=v2"]),
            ("unknown-version-of-a-warehouse", ["--warehouse", "web", "--set", "web=v2"]),
            (
                "version-given-twice",
                [
                    "--from", "2026.47", "--set", "\(payments)=\(hotfix)", "--set",
                    "\(payments)=\(hotfix)",
                ]
            ),
        ]
    )
    func `a version that nobody can find is refused with what there is`(
        _ name: String,
        _ arguments: [String]
    ) async throws {
        let place = try await FixedLedger.shared.place
        let ending = try await place.run(["assemble", "--discovered"] + arguments)
        try Failure.expect(ending, code: 3, Self.folder, name)
    }

    @Test(
        arguments: [
            ("assemble-of-nothing", []),
            ("assemble-of-both", ["--warehouse", "web", "--from", "x"]),
            ("assemble-without-set", ["--from", "2026.47"]),
            ("assemble-without-version", ["--from", "2026.47", "--set", payments]),
        ] as [(String, [String])]
    )
    func `what to assemble must be clear`(_ name: String, _ arguments: [String]) async throws {
        let place = try await FixedLedger.shared.place
        let ending = try await place.run(["assemble"] + arguments)
        try Failure.expect(ending, code: 2, Self.folder, name)
    }

    @Test func `what is approved for must be a stage or junction`() async throws {
        let place = try await FixedLedger.shared.place
        try Failure.expect(
            try await place.run("approve", "fond-eel", "--for", "prod"),
            code: 2,
            Self.folder,
            "no-consumer"
        )
    }
}
