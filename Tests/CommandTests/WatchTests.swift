import Foundation
import Testing

/// Events as they come.
@Suite struct WatchTests {
    /// Watches a copy of the fixed ledger while `body` changes it; what was written in the end.
    private func watched(
        _ options: [String],
        signal: CInt = SIGINT,
        _ body: (LedgerDirectory) async throws -> Void
    ) async throws -> Ending {
        let place = try await FixedLedger.shared.copied()
        // It says what was there before it waits, so that nothing is missed.
        let end = try await FixedLedger.shared.end
        return try await Program.run(
            Program.waybill,
            ["watch", "--since", "#\(end)"] + options,
            in: place.path
        ) { watch in
            try await body(place)
            // Whoever watches is told by the file system; the last event is waited for.
            try await Task.sleep(for: .seconds(2))
            watch.send(signal)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `what others record is told as it comes, until somebody stops it`(
        _ signal: CInt
    ) async throws {
        let end = try await FixedLedger.shared.end
        let ending = try await watched([], signal: signal) { place in
            _ = try await place.run("note", "stage/dev", "first").checked()
            _ = try await place.run("note", "stage/uat", "second").checked()
        }
        #expect(ending.code == 0, "\(ending.errors)")
        let lines = ending.output.split(separator: "\n")
        #expect(lines.count == 3)
        let positions = lines.map { String($0.prefix { $0 != " " }) }
        #expect(positions == (0...2).map { "#\(end + $0)" })
        #expect(lines.last?.contains("NoteRecorded") == true)
    }

    @Test func `only what the filter lets through is told, an object a line`() async throws {
        let ending = try await watched(["--subject", "stage/uat", "-o", "json"]) { place in
            _ = try await place.run("note", "stage/dev", "first").checked()
            _ = try await place.run("note", "stage/uat", "second").checked()
        }
        #expect(ending.code == 0, "\(ending.errors)")
        let lines = ending.output.split(separator: "\n")
        #expect(lines.count == 1)
        let event = try JSON(parsing: String(try #require(lines.first)))
        #expect(event["type"].text == "NoteRecorded" && event["subject"].text == "stage/uat")
    }

    @Test func `options that are wrong are told at once`() async throws {
        let place = try await FixedLedger.shared.place
        let ending = try await place.run("watch", "--type", "Nonsense")
        #expect(ending.code == 2 && ending.output.isEmpty)
        #expect(ending.errors.contains("is no type of event"))
    }
}
