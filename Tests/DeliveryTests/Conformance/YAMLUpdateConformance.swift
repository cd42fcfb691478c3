import ConformanceSupport
import Expressions
import PromotionRunner
import Testing

@Suite struct YAMLUpdateConformance {
    private static let file = "yaml-update.json"

    @Test func `YAML is edited as Kargo edits it, but for layout and comments that stay`() throws {
        let disagreements = try ConformanceFile(Self.file).run(differences: differences) { row in
            switch row.operation {
            case "set-values": return .string(try setValues(row))
            case "update-field":
                return .string(
                    try text(
                        of: YAMLFieldUpdate.applied(
                            row.input.text("path"),
                            row.input["value"] ?? .null,
                            to: Array(row.input.text("document").utf8),
                            layout: YAMLLayout(mapIndentation: 4, listIndentation: 4)
                        )
                    )
                )
            case "decode-field":
                let key = try YAMLKey(row.input.text("path"))
                return try value(at: key.parts, row)
            case "find-node":
                return try value(at: row.input.texts("parts").map { YAMLKey.Part($0) }, row)
            case "find-scalar":
                let place = try YAMLUpdate.place(
                    of: YAMLKey(row.input.text("key")),
                    in: Array(row.input.text("document").utf8)
                )
                return ["line": .int(Int64(place.line)), "column": .int(Int64(place.column))]
            case "quote-if-necessary":
                let value = row.input["value"] ?? .null
                guard value.stringValue != nil else { return value }
                return .string(YAMLUpdate.written(value))
            case "split-key":
                let parts = try YAMLKey(row.input.text("key")).parts
                return .array(parts.map { .string($0.name) })
            case "commit-message":
                return .string(
                    CommitMessage.updated(row.input.text("path"), try row.updates, in: .yaml)
                )
            default: throw row.isUnknown
            }
        }
        #expect(disagreements == [])
    }

    private func setValues(_ row: ConformanceFile.Case) throws -> String {
        let document = row.filled(row.input.text("document"))
        let changes = try row.updates.map { key, value in
            try YAMLUpdate.Change(key: key, value: value)
        }
        let text = try text(of: YAMLUpdate(changes).applied(to: Array(document.utf8)))
        return row.folded(text)
    }

    private func value(
        at parts: [YAMLKey.Part],
        _ row: ConformanceFile.Case
    ) throws -> Value {
        try YAMLUpdate.value(at: parts, in: Array(row.input.text("document").utf8))
    }

    private func text(of bytes: [UInt8]) throws -> String {
        try #require(String(validating: bytes, as: UTF8.self))
    }

    private let differences = [
        Difference(
            file: file,
            operation: "update-field",
            reason: "A file whose field is set keeps its layout.",
            where: { row in
                // Kargo writes every file anew, indented by four.
                !row.expectsError && !YAMLShape(row.input.text("document")).isKargos
            },
            promise: { row, answer in
                guard let answer = answer?.stringValue, let expected = row.expect.stringValue
                else { return false }
                return YAMLShape(answer).says(as: YAMLShape(expected))
            }
        ),
        Difference(
            file: file,
            operation: "set-values",
            reason: "A replaced value keeps its quotes, and its line what follows it.",
            where: { row in
                !row.expectsError && row.targets.contains { $0.isQuoted || $0.isFollowed }
            },
            promise: { row, answer in
                guard let answer = answer?.stringValue else { return false }
                guard let expected = row.expect.stringValue, !row.isKnownDefect else { return true }
                return YAMLShape(answer).says(as: YAMLShape(expected), withComments: false)
            }
        ),
        Difference(
            file: file,
            operation: "set-values",
            reason: "A value with an anchor or a tag is not replaced, which would lose them.",
            where: { row in !row.expectsError && row.targets.contains(where: \.isDecorated) },
            promise: { _, answer in answer == nil }
        ),
        Difference(
            file: file,
            operation: "quote-if-necessary",
            reason: "Text that any reader of YAML could take for something else is quoted.",
            where: { row in
                // Kargo quotes what reads as a number, a boolean or JSON, and nothing else.
                row.expect.stringValue.map { YAMLShape($0).mayReadOtherwise } ?? false
                    && row.expect == row.input["value"]
            },
            promise: { row, answer in
                let text = row.input.text("value")
                return [text, "\"\(text)\""].contains(answer?.stringValue)
            }
        ),
        Difference(
            file: file,
            operation: "split-key",
            reason: "A backslash in a key may be escaped, and must not stand at its end.",
            where: { row in
                let key = row.input.text("key")
                return key.contains("\\\\") || key.hasSuffix("\\")
            }
        ),
    ]
}

/// How a YAML text is laid out, and what it says.
private struct YAMLShape {
    private let text: String

    init(_ text: String) { self.text = text }

    /// Whether Kargo's writer would lay it out so: indented by fours, lists too.
    var isKargos: Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first?.isEmpty == false, !lines.dropLast().contains(where: \.isEmpty) else {
            return false
        }
        var previous = 0
        for line in lines {
            let blanks = line.prefix { $0 == " " }.count
            guard blanks.isMultiple(of: 4), blanks <= previous + 4 else { return false }
            // A list stands further to the right than its key.
            if line.dropFirst(blanks).hasPrefix("- "), blanks == 0 { return false }
            previous = blanks
        }
        return true
    }

    /// Whether both come to the same value, with the same comments in the same order.
    func says(as other: YAMLShape, withComments: Bool = true) -> Bool {
        guard let value, let theirs = other.value else { return false }
        return value.isSame(as: theirs) && (!withComments || comments == other.comments)
    }

    /// Whether the text, without quotes, has a look that some reader may take for something else.
    var mayReadOtherwise: Bool {
        guard let first = text.first, let last = text.last else { return true }
        return ["~", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
            || "-?:,[]{}#&*!|>'\"%@`=.+ 0123456789".contains(first) || " :".contains(last)
            || text.contains(": ") || text.contains(" #") || text.contains("\n")
    }

    private var value: Value? { try? YAMLUpdate.value(at: [], in: Array(text.utf8)) }

    private var comments: [Substring] {
        text.split(separator: "\n").compactMap { line in
            line.firstIndex(of: "#").map { line[$0...] }
        }
    }
}

/// What a set-values replaces.
private struct Target {
    let isQuoted: Bool
    /// Something stands behind it in its line, or the line ends in Windows' way.
    let isFollowed: Bool
    let isDecorated: Bool
}

extension ConformanceFile.Case {
    /// What the updates of a set-values are about, where that is there.
    fileprivate var targets: [Target] {
        let document = input.text("document")
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        return ((try? updates) ?? []).compactMap { key, _ in
            guard let key = try? YAMLKey(key) else { return nil }
            do {
                let place = try YAMLUpdate.place(of: key, in: Array(document.utf8))
                let value = lines[place.line].dropFirst(place.column)
                return Target(
                    isQuoted: value.hasPrefix("\"") || value.hasPrefix("'"),
                    isFollowed: value.contains(" #")
                        || value.contains(where: { ",]}\r".contains($0) }),
                    isDecorated: false
                )
            } catch {
                let isDecorated = "\(error)".contains("an anchor or a tag")
                return Target(isQuoted: false, isFollowed: false, isDecorated: isDecorated)
            }
        }
    }

    /// `updates`: a key and a value each.
    var updates: [(key: String, value: Value)] {
        get throws {
            try (input["updates"]?.arrayValue ?? []).map { update in
                guard let key = update["key"]?.stringValue, let value = update["value"] else {
                    throw UnreadableCase("\(update.json) is no update")
                }
                return (key, value)
            }
        }
    }

    /// A text with what its placeholders stand for.
    func filled(_ text: String) -> String {
        placeholders.reduce(text) { $0.replacing($1.name, with: $1.text) }
    }

    /// The same with the placeholders again.
    func folded(_ text: String) -> String {
        placeholders.reduce(text) { $0.replacing($1.text, with: $1.name) }
    }

    private var placeholders: [(name: String, text: String)] {
        (input["placeholders"]?.objectValue ?? [:]).map { name, value in
            let count = Int(value["count"]?.intValue ?? 0)
            return (name, String(repeating: value["repeat"]?.stringValue ?? "", count: count))
        }
    }
}
