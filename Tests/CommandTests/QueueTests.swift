import Foundation
import Glibc
import Testing

/// What release managers and whoever is on call type about the queue: plans, answers, waiting.
@Suite struct QueueTests {
    private static let folder = "cli/output"

    /// Where prod began to run its first bundle.
    private func firstRelease(_ place: LedgerDirectory) async throws -> String {
        let history = try await place.run("history", "stage/prod", "-o", "json").checked().json
        return "#\(history["items"].items.last?["position"].int ?? 0)"
    }

    @Test(arguments: ["table", "json"])
    func `a restore can be looked at before it is asked for`(format: String) async throws {
        let fixed = try await FixedLedger.shared
        let before = try fixed.place.state()
        let moment = try await firstRelease(fixed.place)
        let ending = try await fixed.place.run(
            "rollback",
            "project",
            "--to",
            moment,
            "--dry-run",
            "--actor",
            "on-call",
            "-o",
            format
        ).checked()
        try Golden.expect(ending.output.masked(), Self.folder, "dry-run-restore-\(format)")
        #expect(try fixed.place.state() == before)
    }

    @Test func `a restore does what its plan said, and asking again is quiet`() async throws {
        let fixed = try await FixedLedger.shared
        let copy = try fixed.copied()
        let moment = try await firstRelease(copy)
        let restore = ["rollback", "project/shop", "--to", moment]
        let plan = try await copy.run(restore + ["--dry-run", "-o", "json"]).checked().json["plan"]
        let done = try await copy.run(restore + ["-o", "json"]).checked().json
        let requested = done["events"].items.first { $0["type"].text == "RestoreRequested" }
        #expect(
            requested?["payload"]["items"].items.map { $0["stage"].text }
                == plan["stages"].items.map { $0["stage"].text }
        )
        let again = try await copy.run(restore).checked().output
        #expect(again == "Project shop runs that already, or is being brought back to it.\n")
        let open = try await copy.run("get", "project", "shop", "-o", "json").checked().json
        #expect(open["restore"]["stages"].items.count == plan["stages"].items.count)
    }

    @Test func `what is verified goes to all behind a stage, and that reads like it`()
        async throws
    {
        let copy = try await FixedLedger.shared.copied()
        let ending = try await copy.run("promote", "--from", "uat", "--downstream").checked()
        try Golden.expect(ending.output.masked(), Self.folder, "promote-downstream")
        let again = try await copy.run("promote", "--from", "uat", "--downstream").checked()
        #expect(
            again.output == "Everything behind stage uat has that already, or is getting it.\n"
        )
    }

    // MARK: - Answers

    @Test func `what a promotion waits for is shown, and can be given`() async throws {
        let (place, name) = try await WaitingPromotion.made()
        let shown = try await place.run("get", "promotion", name, "-o", "json").checked().json
        #expect(shown["awaited"]["message"].text == "the release manager's word")
        #expect(shown["awaited"]["url"].text == "https://git.example.com/pulls/7")
        #expect(shown["awaited"]["given"] == .bool(false))
        let answer = ["answer", name, "go ahead", "--reason", "tested on staging"]
        let given = try await place.run(answer).checked()
        #expect(given.output == "\(name) goes on\n")
        let again = try await place.run(answer).checked()
        #expect(again.output == "Promotion \(name) was given that already.\n")
        let other = try await place.run("answer", name, #"{"approved": true}"#, "--json")
        #expect(other.code == 3)
        #expect(other.errors.contains("was given something else already"))
        let event = try await place.run("get", "events", "--limit", "1", "-o", "json")
            .checked().json["items"][0]
        #expect(event["type"].text == "InputGiven")
        #expect(event["payload"]["value"].text == "go ahead")
    }

    @Test func `a rollback takes the place of a release that waits, and says so`() async throws {
        let (place, name) = try await WaitingPromotion.made()
        let ending = try await place.run("rollback", "prod", "--to", "2026.47").checked()
        #expect(ending.output.contains("\(name) superseded by "))
        #expect(ending.output.contains("(a rollback goes first)"))
        let shown = try await place.run("get", "promotion", name, "-o", "json").checked().json
        #expect(shown["phase"].text == "superseded")
    }

    // MARK: - Waiting

    @Test(.doesNotHang, arguments: ["table", "json"])
    func `promote --wait ends when the promotion has, with 0 if it succeeded`(
        format: String
    ) async throws {
        let shop = try await SmallShop.made()
        try await shop.runUntilIdle()
        let freight = try await shop.freight()[0].alias
        let run = try await Program.run(
            Program.waybill,
            ["run", "--allow-file-repos"],
            in: shop.path
        ) { run in
            let promote = ["promote", "--stage", "dev", "--freight", freight, "--wait"]
            let ending = try await shop.place.run(promote + ["-o", format])
            #expect(ending.code == 0, "\(ending.errors)")
            if format == "json" {
                let outcomes = try ending.json["outcomes"].items
                #expect(outcomes.map { $0["phase"].text } == ["succeeded"])
            } else {
                let lines = ending.output.split(separator: "\n")
                #expect(lines.count == 2 && lines[1].hasSuffix(" succeeded"), "\(lines)")
            }
            run.send(SIGTERM)
        }
        #expect(run.code == 0, "\(run.errors)")
    }

    @Test(.doesNotHang)
    func `promote --wait ends with 1 if the promotion did not succeed`() async throws {
        let place = try await FixedLedger.shared.copied()
        let ending = try await Program.run(
            Program.waybill,
            ["promote", "--stage", "prod", "--freight", "2026.47", "--wait"],
            in: place.path
        ) { _ in
            var pending = 0
            while pending < 2 {
                let stage = try await place.run("get", "stage", "prod", "-o", "json")
                pending = try stage.checked().json["pending"].items.count
            }
            let stage = try await place.run("get", "stage", "prod", "-o", "json").checked().json
            let name = stage["pending"][1].text
            _ = try await place.run("abort", name, "--reason", "not today").checked()
        }
        #expect(ending.code == 1, "\(ending.errors)")
        #expect(ending.output.hasSuffix(" aborted: not today\n"), "\(ending.output)")
        #expect(ending.errors.isEmpty)
    }
}
