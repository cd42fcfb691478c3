import EventLog
import Testing
import Transparency

/// What an export says is accepted by the independent checker, and nothing that differs is.
@Suite struct ExportMutationTests {
    @Test func `an export of a real ledger is accepted, signed, redacted or in part`() async throws
    {
        let export = try await Export.made()
        let size = export.lines.count - 2
        let whole = try await export.check([export.lines])
        #expect(
            whole.verdicts.first?.contains("events 1 to \(size), 0 redacted, signed by ") == true
        )
        #expect(whole.code == 0, "\(whole.verdicts)")
        let part = try await export.check([try await export.made("--from", "#101")])
        #expect(part.verdicts.first?.contains("events 101 to \(size)") == true, "\(part.verdicts)")
        _ = try await export.shop.waybill("note", "stage/prod", "hunter2")
        _ = try await export.shop.waybill("ledger", "redact", "#\(size + 1)", "--reason", "a slip")
        let redacted = try await export.check([try await export.made()])
        let verdict = try #require(redacted.verdicts.first)
        #expect(verdict.contains("1 to \(size + 2), 1 redacted, signed by "), "\(verdict)")
    }

    @Test func `each single change is rejected, and if the seal was made anew, too`() async throws {
        let export = try await Export.made()
        let lines = export.lines
        let last = lines.count - 1
        var changes: [(name: String, lines: [String])] = []
        func change(_ name: String, _ body: (inout [String]) throws -> Void) rethrows {
            var changed = lines
            try body(&changed)
            #expect(changed != lines, "\(name) changes something")
            changes.append((name, changed))
            if changed[changed.count - 1] == lines[last], changed.count > 2 {
                changes.append((name + ", sealed anew", export.sealed(changed)))
            }
        }
        for index in [1, 100, last - 1] {
            change("event \(index) missing") { $0.remove(at: index) }
            change("event \(index) twice") { $0.insert($0[index], at: index) }
            change("event \(index) and its neighbour exchanged") {
                $0.swapAt(index, index == last - 1 ? index - 1 : index + 1)
            }
            for field in ["header", "salt", "payload"] {
                try change("a byte of the \(field) of event \(index)") {
                    $0[index] = try Export.flipped(field, in: $0[index])
                }
            }
            change("event \(index) reads as another subject") {
                $0[index] = $0[index].replacing(#""subject":""#, with: #""subject":"x"#)
            }
            change("event \(index) reads as another position") {
                $0[index] = $0[index].replacing("\"position\":\(index)", with: "\"position\":0")
            }
        }
        change("another root") { $0[0] = $0[0].replacing(#""root":""#, with: #""root":"00"#) }
        change("another size") { $0[0] = $0[0].replacing(#""size":"#, with: #""size":1"#) }
        change("another origin") { $0[0] = $0[0].replacing(#""origin":""#, with: #""origin":"x"#) }
        change("another beginning") {
            $0[0] = $0[0].replacing(#""before":"e3b0"#, with: #""before":"e3b1"#)
        }
        change("another count") {
            $0[last] = $0[last].replacing(#""events":"#, with: #""events":1"#)
        }
        change("another hash") {
            $0[last] = $0[last].replacing(#""sha256":""#, with: #""sha256":"00"#)
        }
        change("no checkpoint") {
            $0[last] = $0[last].replacing(/"checkpoint":.*$/) { _ in #""checkpoint":null}"# }
        }
        change("another checkpoint") {
            $0[last] = $0[last].replacing("\\n— waybill", with: "\\n— waybull")
        }
        change("no end") { $0.removeLast() }
        change("no beginning") { $0.removeFirst() }
        #expect(changes.count > 60)
        let (code, verdicts) = try await export.check(changes.map(\.lines))
        #expect(code == 1 && verdicts.count == changes.count)
        for (change, verdict) in zip(changes, verdicts) {
            #expect(verdict.hasPrefix("NOT OK: "), "\(change.name): \(verdict)")
        }
    }
}

/// The main job's ledger as JSON Lines.
private struct Export {
    let shop: Shop
    let key: String
    /// What it is, the events, and the seal.
    let lines: [String]

    static func made() async throws -> Export {
        let shop = try await MainJob.done.shop.copied()
        try Files.setMode(0o600, of: shop.place.ledger + "/signing.key")
        let key = try await shop.waybill("ledger", "key").output.filter { $0 != "\n" }
        return Export(shop: shop, key: key, lines: try await lines(of: shop, []))
    }

    /// The lines of an export of what the ledger has now.
    func made(_ options: String...) async throws -> [String] {
        try await Self.lines(of: shop, options)
    }

    private static func lines(of shop: Shop, _ options: [String]) async throws -> [String] {
        let ending = try await shop.place.run(["ledger", "export"] + options).checked()
        return ending.output.split(separator: "\n").map(String.init)
    }

    /// The lines with a seal that is right.
    func sealed(_ lines: [String]) -> [String] {
        let body = lines.dropLast().map { $0 + "\n" }.joined()
        let hash = Digest.sha256(Array(body.utf8)).hex
        return lines.dropLast()
            + lines.suffix(1).map {
                $0.replacing(/"sha256":"[^"]*"/, with: #""sha256":"\#(hash)""#)
            }
    }

    /// Runs the checker once on many exports.
    func check(_ exports: [[String]]) async throws -> (code: Int, verdicts: [String]) {
        let folder = try TemporaryDirectory()
        let names = exports.indices.map { "\($0).jsonl" }
        for (name, lines) in zip(names, exports) {
            try Files.write(lines.map { $0 + "\n" }.joined(), to: folder.sub(name))
        }
        let ending = try await Checker.run(["export"] + names + ["--key", key], in: folder.path)
        return (ending.code, ending.output.split(separator: "\n").map(String.init))
    }

    /// The line with one bit of a field in base 64 changed.
    static func flipped(_ field: String, in line: String) throws -> String {
        guard let range = line.firstRange(of: "\"\(field)\":\"") else {
            throw TestFailure("no \(field)")
        }
        let text = line[range.upperBound...].prefix { $0 != "\"" }
        guard var bytes = Base64.decode(text), !bytes.isEmpty else {
            throw TestFailure("\(field) is empty")
        }
        bytes[bytes.count / 2] ^= 1
        var changed = line
        changed.replaceSubrange(text.startIndex..<text.endIndex, with: Base64.encode(bytes))
        return changed
    }
}
