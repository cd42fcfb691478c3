import EventLog
import Foundation
import Testing

/// Commands that change the pipeline or what its junctions hold, each on a copy of the fixed
/// ledger.
@Suite struct PipelineTests {
    private static let output = "cli/output"
    private static let input = "cli/input"

    private func copy() async throws -> LedgerDirectory {
        try await FixedLedger.shared.copied()
    }

    /// Runs a command that must work, and compares what it says.
    private func expect(
        _ name: String,
        _ place: LedgerDirectory,
        _ arguments: String...
    ) async throws {
        let ending = try await place.run(arguments + ["--actor", "operator"]).checked()
        try Golden.expect(ending.output.masked(), Self.output, name)
    }

    private func slots(_ place: LedgerDirectory) async throws -> [JSON] {
        try await place.run("get", "junction", "release", "-o", "json").checked()
            .json["slots"].items
    }

    /// The manifests of the shop, without some documents.
    private func manifests(without kinds: [String]) throws -> String {
        let folder = "\(Program.root)/fixtures/shop/manifests"
        let documents = try Files.names(folder).map { try Files.text("\(folder)/\($0)") }
            .joined(separator: "\n---\n")
            .replacingOccurrences(of: "REPOSITORIES", with: "https://git.example.com/shop")
            .components(separatedBy: "\n---\n")
        return documents.filter { document in
            !kinds.contains { document.contains("kind: \($0)\nmetadata:") }
        }.joined(separator: "\n---\n")
    }

    // MARK: - Junctions

    @Test func `the slots of a junction go back to a bundle, and are held until they are resumed`()
        async throws
    {
        let place = try await copy()
        try await expect(
            "rollback-junction",
            place,
            "rollback",
            "junction/release",
            "--to",
            "2026.47"
        )
        #expect(try await slots(place).allSatisfy { $0["held"].isTrue })
        #expect(try await slots(place).count { $0["stale"].isTrue } == 2)
        let again = try await place.run("rollback", "junction/release", "--to", "2026.47")
        #expect(
            try again.checked().output == "Junction release holds that already, and is held.\n"
        )
        try await expect("resume-slot", place, "resume", "junction/release", "--origin", "web")
        try await expect("resume-slots", place, "resume", "junction/release")
        try await expect(
            "rollback-junction-position",
            place,
            "rollback",
            "junction/release",
            "--to",
            "#221"
        )
        try await expect(
            "preview-against",
            place,
            "repackage",
            "release",
            "--preview",
            "--against",
            "uat"
        )
        let preview = try await place.run(
            "repackage",
            "release",
            "--preview",
            "--against",
            "uat",
            "-o",
            "json"
        ).checked().json
        #expect(preview["consumers"].items.map { $0["stage"].text } == ["prod", "uat"])
        _ = try await place.run("ledger", "replay").checked()
    }

    @Test(
        arguments: [
            ("junction-not-there", 3, ["--to", "#1"]),
            ("junction-held-nothing", 3, ["--to", "#9"]),
            ("junction-no-bundle", 3, ["--to", "civil-koala"]),
            ("junction-collection", 2, ["--to", "collection/abcdef0"]),
            ("junction-no-slot", 3, ["--to", "#221", "--origin", "Junction/release"]),
            ("junction-future", 4, ["--to", "#9999"]),
        ] as [(String, Int, [String])]
    )
    func `a junction goes back only to what it held`(
        _ name: String,
        _ code: Int,
        _ arguments: [String]
    ) async throws {
        let place = try await FixedLedger.shared.place
        let before = try place.state()
        let ending = try await place.run(["rollback", "junction/release"] + arguments)
        try Failure.expect(ending, code: code, Self.input, name)
        #expect(try place.state() == before)
    }

    @Test func `there must be something held to be resumed`() async throws {
        let place = try await FixedLedger.shared.place
        let ending = try await place.run("resume", "junction/release")
        try Failure.expect(ending, code: 3, Self.input, "no-slot-held")
        let unknown = try await place.run("resume", "junction/nothing")
        #expect(unknown.code == 4)
        let against = try await place.run("repackage", "release", "--against", "uat")
        #expect(against.code == 2)
    }

    // MARK: - Configuration

    @Test(
        arguments: [
            ("delete-needed", 3, "warehouse/web"), ("delete-project", 3, "project/shop"),
            ("delete-freight", 3, "freight/2026.47"), ("delete-unknown", 4, "stage/nowhere"),
            ("delete-nonsense", 2, "prod"),
        ] as [(String, Int, String)]
    )
    func `what cannot be deleted is told why`(
        _ name: String,
        _ code: Int,
        _ subject: String
    ) async throws {
        let place = try await FixedLedger.shared.place
        let before = try place.state()
        try Failure.expect(try await place.run("delete", subject), code: code, Self.input, name)
        #expect(try place.state() == before)
    }

    @Test func `a stage is deleted with what waits for it, and its history stays`() async throws {
        let place = try await copy()
        try await expect("delete-stage", place, "delete", "stage/prod")
        #expect(try await place.run("get", "stage", "prod").code == 4)
        let before = try await place.run("history", "stage/prod", "--at", "#250").checked()
        #expect(before.output.contains("2026.47"))
        let audit = try await place.run("audit", "--subject", "stage/prod", "--limit", "2")
        for type in ["ResourceRemoved", "PromotionAborted"] {
            #expect(try audit.checked().output.contains(type))
        }
        _ = try await place.run("ledger", "replay").checked()
    }

    @Test func `pruning deletes what the manifests no longer have`() async throws {
        let place = try await copy()
        let rest = try manifests(without: ["Junction", "Stage"])
        let dry = try await place.apply(rest, "--prune", "--dry-run").checked()
        try Golden.expect(dry.output.masked(), Self.output, "prune-dry-run")
        let done = try await place.apply(rest, "--prune", "--actor", "operator").checked()
        try Golden.expect(done.output.masked(), Self.output, "prune")
        #expect(try await place.run("get", "stages", "-o", "name").checked().output.isEmpty)
        let again = try await place.apply(rest, "--prune").checked()
        #expect(again.output.hasPrefix("Nothing changed"))
        let wrong = try await place.apply(try manifests(without: ["Warehouse"]), "--prune")
        #expect(wrong.code == 3 && wrong.errors.contains("there is no Warehouse/web"))
    }

    @Test func `a project that is only observed is adopted before anything moves`() async throws {
        let place = try await copy()
        let busy = try await place.run("adopt", "shop", "--observe")
        try Failure.expect(busy, code: 3, Self.input, "adopt-busy")
        _ = try await place.run("delete", "stage/prod").checked()
        try await expect("adopt-observe", place, "adopt", "shop", "--observe")
        let refused = try await place.run("collect", "release")
        try Failure.expect(refused, code: 3, Self.input, "observed")
        #expect(
            try await place.run("get", "project", "shop", "-o", "json").checked()
                .json["mode"].text == "observe"
        )
        try await expect("adopt", place, "adopt", "shop")
        try await expect("adopt-again", place, "adopt", "shop")
        _ = try await place.run("collect", "release").checked()
    }
}
