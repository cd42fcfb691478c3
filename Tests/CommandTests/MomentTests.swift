import Testing

/// Questions about the past.
@Suite struct MomentTests {
    private func json(_ arguments: String...) async throws -> JSON {
        try await FixedLedger.shared.place.run(arguments + ["-o", "json"]).checked().json
    }

    /// The positions of prod's collections, newest first, with the name of what ran then.
    private func history() async throws -> [JSON] {
        try await json("history", "stage/prod")["items"].items
    }

    @Test func `at an earlier position a stage runs what it ran then`() async throws {
        let history = try await history()
        #expect(history.count == 3)
        for entry in history {
            let position = entry["position"].int
            let then = try await json("get", "stage", "prod", "--at", "#\(position)")
            #expect(then["current"]["id"] == entry["collection"]["id"])
            let before = try await json("get", "stage", "prod", "--at", "#\(position - 1)")
            #expect(before["current"]["id"] != entry["collection"]["id"])
        }
        let first = try #require(history.last)
        let before = try await json("get", "stage", "prod", "--at", "\(first["position"].int - 1)")
        #expect(before["current"].isNull)
    }

    @Test func `a position, its time and its promotion mean the same moment`() async throws {
        for entry in try await history() {
            let position = "#\(entry["position"].int)"
            let asked = try await json("diff", "prod", "uat", "--at", position)
            for moment in [entry["at"].text, "promotion/" + entry["promotion"].text] {
                let again = try await json("diff", "prod", "uat", "--at", moment)
                #expect(again["changes"] == asked["changes"], "\(moment)")
            }
        }
    }

    @Test func `a bookmark is a moment, behind a name with one @ or two`() async throws {
        let first = try #require(try await history().last)
        let then = try await json("get", "stage", "prod", "--at", "@first-train")
        #expect(then["current"]["id"] == first["collection"]["id"])
        for side in ["prod@first-train", "prod@@first-train", "stage/prod@@first-train"] {
            let difference = try await json("diff", side, "prod")
            #expect(difference["from"]["position"] == first["position"], "\(side)")
        }
        let blame = try await json("blame", "prod", "--at", "@first-train")["items"].items
        #expect(blame.allSatisfy { $0["promotion"] == first["promotion"] } && blame.count == 5)
    }

    @Test func `a moment behind a name counts for that side only`() async throws {
        let history = try await history()
        let (now, second) = (history[0], history[1])
        let difference = try await json("diff", "prod@#\(second["position"].int)", "prod")
        #expect(difference["from"]["collection"] == second["collection"]["id"])
        #expect(difference["to"]["collection"] == now["collection"]["id"])
    }

    @Test func `freight at a position is what had been made by then, and runs where it ran then`()
        async throws
    {
        let all = try await json("get", "freight", "--limit", "1000")["items"].items
        let end = try await FixedLedger.shared.end
        for position in [0, 1, 12, 20, end / 2, end] {
            // Before the project was configured there is nothing to ask about.
            guard position > 0 else { continue }
            let then = try await json(
                "get",
                "freight",
                "--limit",
                "1000",
                "--at",
                "#\(position)"
            )["items"].items
            let expected = all.filter { $0["position"].int <= position }
            #expect(then.map { $0["id"] } == expected.map { $0["id"] }, "#\(position)")
            let stays = then.flatMap { $0["current"].items }.map { $0["position"].int }
            #expect(stays.allSatisfy { $0 <= position })
        }
    }

    @Test func `at the origin there is nothing yet`() async throws {
        let place = try await FixedLedger.shared.place
        #expect(try await json("get", "projects", "--at", "#0")["items"].items.isEmpty)
        #expect(try await json("get", "events", "--at", "0")["items"].items.isEmpty)
        #expect(
            try await json("get", "projects", "--at", "2020-01-01T00:00:00Z")["position"].int == 0
        )
        for kind in ["stages", "freight", "promotions"] {
            let ending = try await place.run("get", kind, "--at", "#0")
            try Failure.expect(ending, code: 4, "cli/input", "no-project")
        }
        let checkpoint = try await json("ledger", "checkpoint", "--at", "#0")
        // The empty tree's root: SHA-256 of nothing.
        #expect(
            checkpoint["root"].text
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test func `a ledger without events answers, verifies and replays`() async throws {
        let place = try await LedgerDirectory.made()
        #expect(try await place.run("get", "projects").checked().output.hasPrefix("NAME"))
        #expect(
            try await place.run("ledger", "verify").checked().output == "OK: 0 events are sound\n"
        )
        _ = try await place.run("ledger", "replay").checked()
        #expect(
            try await place.run("run", "--until-idle").checked().output
                == "Idle at #0, 0 events later\n"
        )
    }

    @Test(arguments: [
        "blame prod", "explain prod", "explain warehouse/search", "history prod",
        "describe stage/prod", "audit", "repackage release --preview",
    ])
    func `each question takes a moment`(_ question: String) async throws {
        let words = question.split(separator: " ").map(String.init)
        let place = try await FixedLedger.shared.place
        let then = try await place.run(words + ["--at", "#15"]).checked().output
        let now = try await place.run(words).checked().output
        #expect(then != now)
    }
}
