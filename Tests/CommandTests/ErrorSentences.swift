import Foundation
import Testing

/// What errors say that a person can do about them.
@Suite struct ErrorSentences {
    /// Errors that need not name a command or an option, each with a part of its sentence and why.
    private static let exceptions: [(pattern: String, why: String)] = [
        (#"[^ ]:\d+:\d+: "#, "a place in a file is what is to be mended"),
        ("; (write|use up to|use 1 to) ", "it says how to write what was written wrongly"),
        ("; there are ", "it lists all that could have been written"),
        ("; (name|give) one of ", "it lists what could have been written"),
        ("the 'next' of the page before", "a cursor comes from the answer that it goes on"),
        ("restore it from a backup", "no command mends a ledger that is damaged"),
        ("install a newer waybill", "another program is needed"),
        ("free some space|make it writable|save it as UTF-8|make room", "the machine's matter"),
        ("wait for it or end it|stop it first", "another process is in the way"),
        ("the answer is no JSON: ", "the place is shown"),
        ("; name (something that is not there yet|a path that exists)", "a place is to be chosen"),
        ("make that first", "directories are the machine's matter"),
        ("take another backup", "no command mends a backup"),
    ]

    @Test
    func `every error names a command or an option that helps, or is of a kind that has none`()
        throws
    {
        var unused = Set(Self.exceptions.map(\.pattern))
        for folder in ["cli/input", "cli/errors"] {
            let directory = "\(Program.root)/fixtures/\(folder)"
            for name in try Files.names(directory) where !name.hasSuffix(".yaml.txt") {
                let text = try Files.text("\(directory)/\(name)")
                let sentence = text.replacingOccurrences(of: "waybill: ", with: "")
                if Self.has("waybill [a-z]|(^|[^a-z])--[a-z]", sentence) { continue }
                let exception = Self.exceptions.first { Self.has($0.pattern, sentence) }
                #expect(exception != nil, "\(folder)/\(name): \(text)")
                if let exception { unused.remove(exception.pattern) }
            }
        }
        #expect(unused.isEmpty, "no error needs these exceptions")
    }

    private static func has(_ pattern: String, _ text: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }

    @Test(arguments: [
        (["describe", "stage/prdo"], "did you mean prod? See waybill get stages --project shop"),
        (["get", "stages", "prdo"], "did you mean prod? See waybill get stages --project shop"),
        (["explain", "stage/prdo"], "did you mean prod? See waybill get stages --project shop"),
        (["history", "prdo"], "did you mean prod? See waybill get stages --project shop"),
        (["promote", "--stage", "prdo", "--freight", "2026.47"], "did you mean prod? See waybill"),
        (
            ["repackage", "relaese"],
            "did you mean release? See waybill get junctions --project shop"
        ),
        (["discover", "paiments"], "did you mean payments? See waybill get warehouses"),
        (["get", "stages", "-p", "shpo"], "did you mean shop? See waybill get projects"),
        (
            ["describe", "stage/elsewhere"],
            "there is no stage elsewhere in project shop; see waybill"
        ),
    ])
    func `a misspelt name is answered with the one that was meant`(
        _ arguments: [String],
        _ answer: String
    ) async throws {
        let place = try await FixedLedger.shared.copied()
        let before = try place.state()
        let ending = try await place.run(arguments)
        #expect(ending.code == 4)
        #expect(ending.errors.contains(answer), "\(ending.errors)")
        #expect(try place.state() == before)
    }
}
