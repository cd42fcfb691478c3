import EventLog
import Foundation
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
        var erased = export.lines
        erased[5] = erased[5].replacing(/"salt":"[^"]*","payload":"[^"]*"/) { _ in
            #""salt":null,"payload":null"#
        }
        let redacted = try await export.check([export.sealed(erased)])
        #expect(redacted.verdicts.first?.contains("\(size), 1 redacted") == true)
        let part = try await export.check([try export.part(from: 101)])
        #expect(part.verdicts.first?.contains("events 101 to \(size)") == true, "\(part.verdicts)")
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
    let key: String
    /// What it is, the events, and the seal.
    let lines: [String]
    private let peaks: @Sendable (_ end: UInt64) throws -> (peaks: [Digest], root: Digest)

    static func made() async throws -> Export {
        let shop = try await MainJob.done.shop.copied()
        try Files.setMode(0o600, of: shop.place.ledger + "/signing.key")
        let key = try await shop.waybill("ledger", "key").output.filter { $0 != "\n" }
        let note = try await shop.json("ledger", "checkpoint")
        let size = note["size"].int
        let readable = try await readable(shop)
        let log = try EventLog.open(at: shop.place.ledger, access: .read)
        let empty = Digest.sha256([]).hex
        var lines = [
            #"{"waybill":"export","version":1,"ledger":"\#(log.id)","#
                + #""origin":"\#(note["origin"].text)","#
                + #""first":1,"last":\#(size),"size":\#(size),"root":"\#(note["root"].text)","#
                + #""before":"\#(empty)"}"#
        ]
        lines += try log.read { (snapshot) throws(EventLogError) in
            try readable.enumerated().map { (index, event) throws(EventLogError) in
                let position = Position(rawValue: UInt64(index + 1))
                let header = Base64.encode(try snapshot.headerBytes(at: position))
                let stored = try snapshot.saltedPayload(at: position)
                return #"{"position":\#(position.rawValue),"header":"\#(header)","#
                    + #""salt":"\#(Base64.encode(stored?.salt ?? []))","#
                    + #""payload":"\#(Base64.encode(stored?.payload ?? []))","event":\#(event)}"#
            }
        }
        let checkpoint = String(
            decoding: try JSONEncoder().encode(note["note"].text),
            as: UTF8.self
        )
        lines.append(
            #"{"waybill":"end","events":\#(size),"sha256":"","checkpoint":\#(checkpoint)}"#
        )
        let export = Export(key: key, lines: lines) { end in
            try log.read { (snapshot) throws(EventLogError) in
                let peaks = try MerkleTree.subtrees(of: 0..<end).map {
                    (subtree) throws(EventLogError) in try snapshot.hashes.hash(subtree)
                }
                return (peaks, try snapshot.root(at: Position(rawValue: end)))
            }
        }
        return Export(key: key, lines: export.sealed(lines), peaks: export.peaks)
    }

    /// Each event's readable form on one line.
    private static func readable(_ shop: Shop) async throws -> [String] {
        let text = try await shop.waybill("get", "events", "--limit", "100000", "-o", "json").output
        let answer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let items = (answer?["items"] as? [[String: Any]] ?? []).sorted {
            ($0["position"] as? Int ?? 0) < ($1["position"] as? Int ?? 0)
        }
        return try items.map {
            let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
            return String(
                decoding: try JSONSerialization.data(withJSONObject: $0, options: options),
                as: UTF8.self
            )
        }
    }

    private init(
        key: String,
        lines: [String],
        peaks: @escaping @Sendable (UInt64) throws -> (peaks: [Digest], root: Digest)
    ) {
        self.key = key
        self.lines = lines
        self.peaks = peaks
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

    /// The events from `first` on.
    func part(from first: Int) throws -> [String] {
        let (peaks, root) = try peaks(UInt64(first - 1))
        let list = peaks.map { "\"\($0.hex)\"" }.joined(separator: ",")
        let head = lines[0]
            .replacing(#""first":1"#, with: #""first":\#(first)"#)
            .replacing(/"before":"[^"]*"/, with: #""before":"\#(root.hex)","peaks":[\#(list)]"#)
        let end = lines[lines.count - 1]
            .replacing(/"events":\d+/, with: "\"events\":\(lines.count - 1 - first)")
        return sealed([head] + lines[first..<lines.count - 1] + [end])
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
        return line.replacingCharacters(
            in: text.startIndex..<text.endIndex,
            with: Base64.encode(bytes)
        )
    }
}
