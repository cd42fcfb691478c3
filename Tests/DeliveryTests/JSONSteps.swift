import Expressions
import PromotionModel
import PromotionRunner
import Testing

/// A json-update sets what it is told, and not one byte more.
@Suite struct UpdatingJSON {
    private func update(
        _ text: String,
        _ changes: [(String, Value)]
    ) throws(StepError) -> String {
        var list: [JSONUpdate.Change] = []
        for (key, value) in changes { list.append(try JSONUpdate.Change(key: key, value: value)) }
        let bytes = try JSONUpdate(list).applied(to: Array(text.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            (
                "{\n\t\"a\" :  1 ,\n\t\"b\": [ 1,2 ]\n}\n", "a", 2,
                "{\n\t\"a\" :  2 ,\n\t\"b\": [ 1,2 ]\n}\n"
            ),
            (
                "{\"a\":{\"b\":[1,{\"c\":null}]}}", "a.b.1.c", "x",
                "{\"a\":{\"b\":[1,{\"c\":\"x\"}]}}"
            ),
            (
                "{\"n\": 1e999, \"m\": 123456789012345678901234567890, \"a\": 0.10}", "b", true,
                "{\"n\": 1e999, \"m\": 123456789012345678901234567890, \"a\": 0.10, \"b\": true}"
            ),
            ("{\n  \"a\": 1\n}", "b", 2, "{\n  \"a\": 1,\n  \"b\": 2\n}"),
            ("{\"a\":1}", "b", "c", "{\"a\":1,\"b\":\"c\"}"),
            ("{}", "a.b", 1, "{\"a\": {\"b\": 1}}"),
            ("{\"a\": {}}", "a.b.c", 1, "{\"a\": {\"b\": {\"c\": 1}}}"),
            ("{\"a\": null}", "a.b", 1, "{\"a\": {\"b\": 1}}"),
            ("[1, 2]", "-1", 3, "[1, 2, 3]"),
            ("[1, 2]", "2", 3, "[1, 2, 3]"),
            ("{\"a\": []}", "a.-1", "x", "{\"a\": [\"x\"]}"),
            ("[\n  {\"n\": 1}\n]", "-1.n", 2, "[\n  {\"n\": 1},\n  {\"n\": 2}\n]"),
            ("{\"a.b\": {\"0\": 1}}", "a\\.b.:0", 2, "{\"a.b\": {\"0\": 2}}"),
            (
                "{\"k\\u00e9\": \"\\ud83d\\ude00\", \"ü\": 1}", "kü", 1,
                "{\"k\\u00e9\": \"\\ud83d\\ude00\", \"ü\": 1, \"kü\": 1}"
            ),
            ("{\"k\\u00e9\": 1}", "ké", "a\"\n", "{\"k\\u00e9\": \"a\\\"\\n\"}"),
        ] as [(String, String, Value, String)]
    )
    func `everything else stays byte for byte`(
        before: String,
        key: String,
        value: Value,
        after: String
    ) throws {
        #expect(try update(before, [(key, value)]) == after)
    }

    @Test(arguments: [
        ("{\"a\": 1}", "a.b", "leads into a value"), ("{\"a\": {}}", "a", "a list or an object"),
        ("{\"a\": 1, \"a\": 2}", "a", "is there twice"), ("[1]", "3", "no index"),
        ("[1]", "x", "no index"), ("[1]", "-2", "no index"),
        ("{}", "a.0", "a list that is not there"),
        ("{", "a", "not JSON"), ("{\"a\": 01}", "a", "not JSON"), ("{\"a\": 1}}", "a", "follows"),
        ("{'a': 1}", "a", "not JSON"), ("{\"a\": \"\\x\"}", "a", "escape"), ("", "a", "not JSON"),
        ("{\n\"a\": tru\n}", "a", "line 2 is not JSON"), ("{}", "a..b", "empty part"),
        ("{}", "a.*", "stands for no single value"), ("{\"a\": \"\t\"}", "a", "control character"),
        (String(repeating: "[", count: 1000), "0", "nested deeper"),
    ])
    func `what cannot be set is an error`(text: String, key: String, words: String) {
        do {
            let result = try update(text, [(key, 1)])
            Issue.record("\(key) was set: \(result)")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
        }
    }

    @Test(arguments: [Value.null, [1], ["a": 1]])
    func `only single values can be set`(value: Value) {
        #expect(throws: StepError.self) { try update("{}", [("a", value)]) }
    }

    @Test func `a key that is there twice elsewhere is nobody's business`() throws {
        let text = "{\"a\": 1, \"a\": 2, \"b\": 3}"
        #expect(try update(text, [("b", 4)]) == "{\"a\": 1, \"a\": 2, \"b\": 4}")
    }

    @Test func `later changes see what earlier ones made`() throws {
        #expect(
            try update("{}", [("a.b", 1), ("a.c", 2), ("a.b", 3)])
                == "{\"a\": {\"b\": 3, \"c\": 2}}"
        )
    }

    @Test func `what is no UTF-8 is refused`() {
        #expect(throws: StepError.self) {
            _ = try JSONUpdate([]).applied(to: [0x22, 0xFF, 0x22])
        }
    }
}

/// Steps that read values out of files.
@Suite struct ParsingFiles {
    let trial: StepTrial

    init() throws { trial = StepTrial(try Workshop()) }

    private func outputs(
        _ uses: String,
        _ text: String,
        _ expressions: [String]
    ) async throws -> StepTrial.Outcome {
        let outputs = expressions.enumerated().map { index, expression -> Value in
            ["name": .string("o\(index)"), "fromExpression": .string(expression)]
        }
        return try await trial.perform(
            uses,
            ["path": "f", "outputs": .array(outputs)],
            files: ["f": text]
        )
    }

    @Test func `members of the document are variables`() async throws {
        let json = try await outputs(
            "json-parse",
            "{\"a\": {\"b\": [1, \"x\"]}, \"n\": 1.10}",
            ["a.b[1]", "len(a.b)", "$env", "a.nothing == nil"]
        )
        #expect(json.status == .succeeded)
        #expect(json.outputs["o0"] == "x" && json.outputs["o1"] == 2 && json.outputs["o3"] == true)
        #expect(json.outputs["o2"]?["n"] == 1.1)
        let list = try await outputs("json-parse", "[1, 2]", ["$env[1]"])
        #expect(list.outputs == ["o0": 2])
    }

    @Test func `YAML reads as Kargo reads it`() async throws {
        let text = """
            base: &base {a: 1, b: yes}
            merged:
              <<: *base
              b: 2
            numbers: [0x1F, 1_000, .5, 1e3, -7, 0o17, +3, 1.0, 0123, 2024-01-31]
            texts: ["1", !!str 2, ~, null, True, no, !mine 3, '']
            ---
            later: document
            """
        let outcome = try await outputs(
            "yaml-parse",
            text,
            ["merged.a", "merged.b", "base.b", "numbers", "texts"]
        )
        #expect(outcome.status == .succeeded, "\(outcome.message ?? "")")
        #expect(outcome.outputs["o0"] == 1 && outcome.outputs["o1"] == 2)
        #expect(outcome.outputs["o2"] == "yes")
        let numbers: Value = [31, 1000, 0.5, 1000, -7, 15, 3, 1, "0123", "2024-01-31"]
        #expect(outcome.outputs["o3"]?.isSame(as: numbers) == true, "\(outcome.outputs)")
        #expect(outcome.outputs["o4"] == ["1", "2", .null, .null, true, "no", "3", ""])
    }

    @Test(arguments: [
        ("yaml-parse", "a: 1\na: 2\n", "a", "there twice"), ("yaml-parse", "a: [", "a", "not YAML"),
        ("yaml-parse", "a: *x\n", "a", "no anchor"), ("yaml-parse", "? [a]\n: 1\n", "a", "a key"),
        ("yaml-parse", "a: !!int x\n", "a", "not what its tag says"),
        ("json-parse", "{", "a", "f is not JSON"), ("json-parse", "{}", "(", "output o0"),
        ("json-parse", "{\"a\": 1}", "a.b.c", "output o0"),
    ])
    func `what cannot be read names the file`(
        uses: String,
        text: String,
        expression: String,
        words: String
    ) async throws {
        let outcome = try await outputs(uses, text, [expression])
        #expect(outcome.status == .errored)
        #expect(outcome.message?.contains(words) == true, "\(outcome.message ?? "")")
        #expect(outcome.message?.hasPrefix("f") == true, "\(outcome.message ?? "")")
    }

    @Test func `aliases that unfold to millions of values are refused`() async throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...7 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let outcome = try await outputs("yaml-parse", text, ["a0"])
        #expect(outcome.message == "f: the file says more than 1000000 values")
    }
}
