import Foundation
import Testing

/// What the program says of itself.
@Suite struct HelpTests {
    private static let commands = [
        "init", "apply", "validate", "delete", "adopt", "get", "describe", "run", "discover",
        "assemble", "approve", "revoke", "quarantine", "unquarantine", "alias", "collect",
        "repackage", "promote", "rollback", "answer", "abort", "resume", "report", "history",
        "trace", "diff", "blame", "explain", "audit", "audit events",
        "audit population", "audit sample", "metrics", "metrics delivery", "watch", "token",
        "token create",
        "token list", "token revoke", "role", "role grant", "role list", "role revoke",
        "bookmark", "note", "steps",
        "completion", "ledger", "ledger info", "ledger verify", "ledger replay",
        "ledger rebuild", "ledger key", "ledger checkpoint", "ledger prove", "ledger verify-proof",
        "ledger tiles", "ledger export", "ledger import", "ledger backup", "ledger restore",
        "ledger redact", "version",
    ]

    private func help(_ words: [String]) async throws -> Ending {
        let directory = try TemporaryDirectory()
        return try await Program.run(Program.waybill, words, in: directory.path)
    }

    @Test(arguments: commands)
    func `help of each command ends with 0 and shows an example`(_ command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let ending = try await help(words + ["--help"])
        #expect(ending.code == 0 && ending.errors.isEmpty)
        #expect(ending.output.contains("For example: waybill \(command)"))
        let name = words.joined(separator: "-")
        try Golden.expect(ending.output, "cli/help", name)
        // The words about it are the same, whichever way they are asked for.
        #expect(try await help(["help"] + words).output.dropLast(0) == ending.output[...])
    }

    @Test func `help of the program names every command`() async throws {
        let ending = try await help(["--help"])
        #expect(ending.code == 0)
        try Golden.expect(ending.output, "cli/help", "waybill")
        for command in Self.commands where !command.contains(" ") {
            #expect(ending.output.contains("\n  \(command) "))
        }
        #expect(try await help([]).output == ending.output)
        #expect(ending.output.contains("WAYBILL_LOCK_WAIT"))
    }

    @Test func `the page about commands is what the program says of itself`() async throws {
        let description = try await help(["--experimental-dump-help"]).json
        let page = CommandsPage(description)
        let path = "\(Program.root)/docs/COMMANDS.md"
        let parts = try Files.text(path).components(separatedBy: CommandsPage.marker + "\n\n")
        #expect(parts.count == 2, "docs/COMMANDS.md has one line \(CommandsPage.marker)")
        for command in Self.commands { #expect(page.text.contains("\n### waybill \(command)\n")) }
        guard Golden.isRecording else { return #expect(parts.last == page.text) }
        try Files.write(parts[0] + CommandsPage.marker + "\n\n" + page.text, to: path)
    }

    @Test func `version is one line`() async throws {
        let ending = try await help(["version"])
        #expect(ending.code == 0)
        #expect(try await help(["--version"]).output == ending.output)
        #expect(ending.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
}
