import Foundation
import Testing

/// Exports that somebody changed: none is taken, and each is told by the line.
@Suite struct ChangedExports {
    /// A change of the lines; the number of the line that must be named.
    struct Change: Sendable, CustomStringConvertible {
        let description: String
        let line: Int
        let apply: @Sendable ([String]) -> [String]

        init(_ name: String, line: Int, _ apply: @escaping @Sendable ([String]) -> [String]) {
            description = name
            self.line = line
            self.apply = apply
        }

        /// A change of one line.
        static func of(
            _ line: Int,
            _ name: String,
            told: Int? = nil,
            _ apply: @escaping @Sendable (String) -> String
        ) -> Change {
            Change(name, line: told ?? line) { lines in
                var lines = lines
                lines[line - 1] = apply(lines[line - 1])
                return lines
            }
        }
    }

    /// The lines of an export of the fixed ledger.
    private static let exported = Task {
        try await ExportTests.lines(try await FixedLedger.shared.place)
    }

    /// A base 64 text in a line, with its first character changed.
    private static func flipped(_ line: String, _ member: String) -> String {
        let start = line.range(of: "\"\(member)\":\"")?.upperBound ?? line.startIndex
        var line = line
        line.replaceSubrange(start...start, with: line[start] == "C" ? "D" : "C")
        return line
    }

    private static func value(_ line: String, _ member: String) -> String {
        (try? JSON(parsing: line)[member].text) ?? ""
    }

    private static let inside: [Change] = [
        Change("a line is missing", line: 5) { Array($0[..<4] + $0[5...]) },
        Change("the first event is missing", line: 2) { Array($0[..<1] + $0[2...]) },
        Change("a line is repeated", line: 6) { Array($0[..<5] + $0[4...]) },
        Change("two lines are exchanged", line: 7) { lines in
            var lines = lines
            lines.swapAt(6, 7)
            return lines
        },
        Change("an empty line comes between", line: 9) { Array($0[..<8] + [""] + $0[8...]) },
        Change("a foreign line comes between", line: 9) { Array($0[..<8] + ["{}"] + $0[8...]) },
        .of(10, "the header's first byte") { flipped($0, "header") },
        .of(10, "the payload's first byte") { flipped($0, "payload") },
        .of(10, "the salt's first byte") { flipped($0, "salt") },
        .of(11, "the number in front") {
            $0.replacingOccurrences(of: ":10,\"header", with: ":99,\"header")
        },
        .of(11, "zeros in front of the number") {
            $0.replacingOccurrences(of: ":10,\"header", with: ":010,\"header")
        },
        .of(12, "what it says of the subject") {
            $0.replacingOccurrences(of: "\"subject\":\"", with: "\"subject\":\"x")
        },
        .of(12, "what it says of the time") {
            $0.replacingOccurrences(of: "\"at\":\"2", with: "\"at\":\"3")
        },
        .of(13, "a member that no line has") {
            $0.replacingOccurrences(of: ",\"event\":", with: ",\"more\":1,\"event\":")
        },
        .of(13, "a blank") {
            $0.replacingOccurrences(of: "{\"position\":", with: "{ \"position\":")
        },
        .of(14, "the payload left out") {
            $0.replacingOccurrences(of: value($0, "payload"), with: "")
        },
        .of(14, "the payload erased, its salt there") {
            $0.replacingOccurrences(of: "\"\(value($0, "payload"))\"", with: "null")
        },
        .of(14, "payload and salt erased, and no redaction") {
            $0.replacingOccurrences(
                of: "\"payload\":\"\(value($0, "payload"))\"",
                with: "\"payload\":null"
            )
            .replacingOccurrences(of: value($0, "salt"), with: "")
        },
        .of(15, "a line break of another system") { $0 + "\r" },
        Change("the header of another event", line: 16) { lines in
            var lines = lines
            lines[15] = lines[15].replacingOccurrences(
                of: value(lines[15], "header"),
                with: value(lines[16], "header")
            )
            return lines
        },
        Change("salt and payload of another event", line: 16) { lines in
            var lines = lines
            for member in ["salt", "payload"] {
                lines[15] = lines[15].replacingOccurrences(
                    of: value(lines[15], member),
                    with: value(lines[16], member)
                )
            }
            return lines
        },
        .of(17, "bytes that are no text") {
            $0.replacingOccurrences(of: "\"kind\"", with: "\"k\u{FFFD}nd\"")
        },
    ]

    private static func ends(_ count: Int) -> [Change] {
        [
            Change("the last line is missing", line: count) { Array($0.dropLast()) },
            Change("the last two lines are missing", line: count - 1) { Array($0.dropLast(2)) },
            Change("the first line is missing", line: 1) { Array($0.dropFirst()) },
            Change("there is nothing", line: 1) { _ in [] },
            Change("a line comes behind the end", line: count + 1) { $0 + ["{}"] },
            Change("the last line comes twice", line: count + 1) { $0 + [$0[count - 1]] },
            .of(count, "another count") {
                $0.replacingOccurrences(of: "\"events\":", with: "\"events\":1")
            },
            .of(count, "what is no SHA-256") {
                $0.replacingOccurrences(of: "\"sha256\":\"", with: "\"sha256\":\"0")
            },
            .of(1, "a root that is none") {
                $0.replacingOccurrences(of: "\"root\":\"", with: "\"root\":\"A")
            },
            .of(1, "an id that is none") {
                $0.replacingOccurrences(of: "\"ledger\":\"", with: "\"ledger\":\"x")
            },
            .of(1, "a first event before the first") {
                $0.replacingOccurrences(of: "\"first\":1", with: "\"first\":0")
            },
            .of(1, "fewer events than there are", told: 11) {
                $0.replacingOccurrences(
                    of: "\"last\":\(count - 2),\"size\":\(count - 2)",
                    with: "\"last\":9,\"size\":9"
                )
            },
            .of(1, "more events than there are", told: count) {
                $0.replacingOccurrences(
                    of: "\"last\":\(count - 2),\"size\":\(count - 2)",
                    with: "\"last\":9999,\"size\":9999"
                )
            },
        ]
    }

    @Test func `each change is told by its line, and leaves nothing`() async throws {
        let lines = try await Self.exported.value
        let place = try LedgerDirectory()
        for change in Self.inside + Self.ends(lines.count) {
            let changed = change.apply(lines)
            #expect(changed != lines, "\(change) changes something")
            let ending = try await importing(changed, in: place)
            let comment = Comment(rawValue: "\(change): \(ending.errors)")
            #expect(ending.code == 5, comment)
            #expect(ending.errors.hasPrefix("waybill: cannot import e.jsonl: "), comment)
            #expect(ending.errors.contains(": line \(change.line) "), comment)
            #expect(
                ending.errors.contains("; nothing was imported, make it again with waybill "),
                comment
            )
            #expect(ending.errors.split(separator: "\n").count == 1, comment)
            #expect(try Files.names(place.path) == ["e.jsonl"], comment)
        }
        let whole = try await importing(lines, in: place)
        #expect(whole.code == 0)
    }

    @Test func `what only the hashes tell is refused, too`() async throws {
        let lines = try await Self.exported.value
        let place = try LedgerDirectory()
        let id = try JSON(parsing: lines[0])["ledger"].text
        let root = try JSON(parsing: lines[0])["root"].text
        let sum = try JSON(parsing: lines[lines.count - 1])["sha256"].text
        let changes: [Change] = [
            .of(1, "another id") {
                $0.replacingOccurrences(of: id, with: "00000000-0000-4000-8000-000000000000")
            },
            .of(1, "another root") {
                $0.replacingOccurrences(of: root, with: String(root.reversed()))
            },
            .of(lines.count, "another SHA-256") {
                $0.replacingOccurrences(of: sum, with: String(sum.reversed()))
            },
        ]
        for change in changes {
            let ending = try await importing(change.apply(lines), in: place)
            #expect(ending.code == 5, "\(change): \(ending.errors)")
            try Golden.expect(ending.errors, "cli/errors", "import-changed")
            #expect(try Files.names(place.path) == ["e.jsonl"])
        }
    }

    @Test func `a file that was cut off anywhere is refused`() async throws {
        let text = try await Self.exported.value.map { $0 + "\n" }.joined()
        let place = try LedgerDirectory()
        let bytes = Array(text.utf8)
        for count in stride(from: 0, to: bytes.count, by: bytes.count / 12) + [bytes.count - 1] {
            try Files.write(Array(bytes[..<count]), to: place.directory.sub("e.jsonl"))
            let ending = try await place.run("ledger", "import", "e.jsonl", "--ledger", "new")
            #expect(ending.code == 5, "\(count): \(ending.errors)")
            #expect(try Files.names(place.path) == ["e.jsonl"])
        }
    }

    @Test func `a newer format asks for a newer program`() async throws {
        let lines = try await Self.exported.value
        let place = try LedgerDirectory()
        let newer = [lines[0].replacingOccurrences(of: "\"version\":1", with: "\"version\":2")]
        let ending = try await importing(newer + lines.dropFirst(), in: place)
        try Failure.expect(ending, code: 1, "cli/errors", "import-newer")
    }

    private func importing(_ lines: [String], in place: LedgerDirectory) async throws -> Ending {
        try Files.write(lines.map { $0 + "\n" }.joined(), to: place.directory.sub("e.jsonl"))
        return try await place.run("ledger", "import", "e.jsonl", "--ledger", "new")
    }
}
