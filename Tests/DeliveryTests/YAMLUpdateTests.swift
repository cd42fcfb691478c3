import Expressions
import Foundation
import PromotionRunner
import Testing

/// A yaml-update changes the scalars that it is told, and not one byte more.
@Suite struct UpdatingYAML {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let before: String
        let key: String
        let value: Value
        let after: String
        var testDescription: String { rule }
    }

    private static func update(_ text: String, _ changes: [(String, Value)]) throws(StepError)
        -> String
    {
        var list: [YAMLUpdate.Change] = []
        for (key, value) in changes { list.append(try YAMLUpdate.Change(key: key, value: value)) }
        let bytes = try YAMLUpdate(list).applied(to: Array(text.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    static let kept = [
        Case(
            rule: "comments and layout stay",
            before: "# top\na:   1   # one\n\nimage:\n    tag: old   # the tag\n",
            key: "image.tag",
            value: "new",
            after: "# top\na:   1   # one\n\nimage:\n    tag: new   # the tag\n"
        ),
        Case(
            rule: "quotes stay",
            before: "a: \"x\" # c\nb: 'y'\n",
            key: "a",
            value: "say \"no\"",
            after: "a: \"say \\\"no\\\"\" # c\nb: 'y'\n"
        ),
        Case(
            rule: "single quotes stay",
            before: "b: 'y'\n",
            key: "b",
            value: "it's",
            after: "b: 'it''s'\n"
        ),
        Case(
            rule: "a number stays a number",
            before: "s:\n- size: small\n",
            key: "s.0.size",
            value: 42,
            after: "s:\n- size: 42\n"
        ),
        Case(
            rule: "text that reads as a number is quoted",
            before: "s:\n- size: small\n",
            key: "s.0.size",
            value: "42",
            after: "s:\n- size: \"42\"\n"
        ),
        Case(
            rule: "a commit id that reads as a number is quoted",
            before: "t: x\n",
            key: "t",
            value: "12345678901234567890123456789012345678e9",
            after: "t: \"12345678901234567890123456789012345678e9\"\n"
        ),
        Case(
            rule: "a commit id that does not is plain",
            before: "t: x\n",
            key: "t",
            value: "64929ca3cc2016978a5be717b95f15cc13334f91",
            after: "t: 64929ca3cc2016978a5be717b95f15cc13334f91\n"
        ),
        Case(
            rule: "inside braces",
            before: "i: {repo: r, tag: old}  # c\n",
            key: "i.tag",
            value: "a,b",
            after: "i: {repo: r, tag: \"a,b\"}  # c\n"
        ),
        Case(
            rule: "characters of several bytes before it",
            before: "# größer ü\nñ: é\nt: öl # ß\n",
            key: "t",
            value: "new",
            after: "# größer ü\nñ: é\nt: new # ß\n"
        ),
        Case(
            rule: "carriage returns stay",
            before: "a: 1\r\nb: 2\r\n",
            key: "a",
            value: "x",
            after: "a: x\r\nb: 2\r\n"
        ),
        Case(
            rule: "a key with dots, a number as a key",
            before: "a.b:\n  0: x\n",
            key: "a\\.b.:0",
            value: "z",
            after: "a.b:\n  0: z\n"
        ),
        Case(
            rule: "nothing becomes something",
            before: "a: # none\nb:\n",
            key: "a",
            value: "x",
            after: "a: x # none\nb:\n"
        ),
        Case(
            rule: "a block becomes a line",
            before: "a: |\n  one\n  two\nb: 1\n",
            key: "a",
            value: "x\ny",
            after: "a: \"x\\ny\"\nb: 1\n"
        ),
        Case(
            rule: "the first document",
            before: "a: 1\n---\na: 2\n",
            key: "a",
            value: 3,
            after: "a: 3\n---\na: 2\n"
        ),
        Case(
            rule: "a line break is added at the end",
            before: "a: 1",
            key: "a",
            value: 2,
            after: "a: 2\n"
        ),
    ]

    @Test(arguments: kept)
    func `everything else stays byte for byte`(example: Case) throws {
        #expect(try Self.update(example.before, [(example.key, example.value)]) == example.after)
    }

    @Test(arguments: [
        ("a: 1\n", "b", "no b"), ("a:\n  b: 1\n", "a", "no scalar"), ("a: [1]\n", "a", "no scalar"),
        ("a: 1\n", "a.b", "into a scalar"), ("a: [1]\n", "a.1", "no index"),
        ("a: [1]\n", "a.-1", "no index"), ("x: &x\n  k: 1\ny: *x\n", "y.k", "alias"),
        ("a: &x 1\n", "a", "anchor"), ("a: 1\na: 2\n", "a", "twice"), ("", "a", "empty"),
        ("a: 1\n\tb: 2\n", "a", "not YAML"), ("a: [1\n", "a", "not YAML"),
        ("a: 1\n---\nb: [\n", "a", "not YAML"), ("a: 1\n", "", "empty part"),
        ("a: 1\n", "a..b", "empty part"), ("a: 1\n", "a\\x", "only"),
        ("a: 1\n", "a\\", "backslash"),
    ])
    func `what cannot be replaced is an error`(text: String, key: String, words: String) {
        do {
            let result = try Self.update(text, [(key, "x")])
            Issue.record("\(key) was replaced: \(result)")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
            #expect(error.isTerminal)
        }
    }

    @Test func `several changes are made together, the last of one key counts`() throws {
        let text = try Self.update(
            "a: 1\nb: 2\n",
            [("b", "x"), ("a", "yy"), ("b", "zzz")]
        )
        #expect(text == "a: yy\nb: zzz\n")
    }

    @Test(arguments: [
        "true", "no", "~", "null", "1.10", "0x1F", "1e3", ".5", "2024-01-31", "12:30", "- x", "#x",
        "a: b", "a #b", " a", "a ", "", "@x", "*x", "1_000", "line\nbreak", "tab\there",
        "\u{1B}[0m",
    ])
    func `text reads as the same text again`(text: String) throws {
        let written = try Self.update("a: x\nb: 1\n", [("a", .string(text))])
        #expect(written.hasPrefix("a: \""))
        #expect(try Self.update(written, [("a", "x")]) == "a: \"x\"\nb: 1\n")
    }

    @Test func `a file of two megabytes takes a moment`() throws {
        let lines = (0..<70_000).map { "k\($0): \"value number \($0) ü\"\n" }.joined()
        let text = try Self.update(lines, [("k69999", "x")])
        #expect(text.hasSuffix("k69999: \"x\"\n"))
        #expect(text.utf8.count > 2_000_000)
    }
}
