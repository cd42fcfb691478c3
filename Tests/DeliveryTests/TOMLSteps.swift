import Expressions
import PromotionModel
import PromotionRunner
import Testing

/// A toml-update replaces what it is told, and not one byte more; a toml-parse reads TOML 1.0.
@Suite struct TOMLSteps {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func update(_ text: String, _ key: String, _ value: Value) throws(StepError) -> String {
        let bytes = try TOMLUpdate([try TOMLUpdate.Change(key: key, value: value)])
            .applied(to: Array(text.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            ("a = \"x\" # it's 1\r\n\r\nb=2\r\n", "a", "y", "a = 'y' # it's 1\r\n\r\nb=2\r\n"),
            ("a.b . c = 1", "a.b.c", 2.5, "a.b . c = 2.5"),
            ("'a.b'.\"c\\u00e9\" = 1", "a\\.b.cé", true, "'a.b'.\"c\\u00e9\" = true"),
            ("a = [ [1, 2], [\n 3, # three\n] ]", "a.1.0", 4, "a = [ [1, 2], [\n 4, # three\n] ]"),
            (
                "a = \"\"\"\n]\n\"\"\"\"\"\nb = '''\\'''", "b", "c",
                "a = \"\"\"\n]\n\"\"\"\"\"\nb = 'c'"
            ),
            ("a = 1979-05-27 07:32:00Z", "a", "soon", "a = 'soon'"),
            (
                "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2", "a.1.b.c", 3,
                "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 3"
            ),
            ("a = { b.c = 1, d = {} }", "a.b.c", "it's", "a = { b.c = \"it's\", d = {} }"),
            ("a = ''", "a", "\u{1}\"\\\n", "a = \"\\u0001\\\"\\\\\\n\""),
        ] as [(String, String, Value, String)]
    )
    func `everything else stays byte for byte`(
        before: String,
        key: String,
        value: Value,
        after: String
    ) throws {
        #expect(try update(before, key, value) == after)
    }

    @Test(
        arguments: [
            ("a = 1", "b", "b is not there"), ("a = [1]", "a.1", "no index into a list of 1"),
            ("[a]", "a", "a list or a table"), ("a = 1", "a.b", "leads into a value"),
            ("a = 1\na = 2", "a", "line 2 is not TOML: a is there twice"),
            ("[a]\n[a]", "a", "line 2 is not TOML: a is there already"),
            ("[a.b]\n[a]\nb.c = 1", "a", "line 3 is not TOML: b is there already"),
            ("a = {}\n[a.b]", "a", "is complete"), ("a.b = 1\n[a]", "a", "a is there already"),
            ("a = [1]\n[[a]]", "a", "a is there already"), ("a = 01", "a", "01 is no value"),
            ("a = 1__0", "a", "1__0 is no value"), ("a = .5", "a", ".5 is no value"),
            ("a = 2026-13-01", "a", "2026-13-01 is no value"), ("a = \"x", "a", "not closed"),
            ("a = \"\\x\"", "a", "unknown escape"), ("a = \"\\ud800\"", "a", "names no character"),
            ("a = 1 b = 2", "a", "on the same line"), ("a = {b = 1,}", "a", "a key is missing"),
            ("a", "a", "an equals sign"), ("[a", "a", "a header is not closed"),
            ("a = 'x\ny'", "a", "raw control character"), ("# \u{1}", "a", "a control character"),
            ("a = " + String(repeating: "[", count: 5000), "a", "deeper than 100"),
            (String(repeating: "a.", count: 5000) + "a = 1", "a", "more than 32 names"),
        ]
    )
    func `what is no TOML, or not there, is said with its line`(
        text: String,
        key: String,
        message: String
    ) throws {
        let error = try #require(throws: StepError.self) { _ = try update(text, key, 1) }
        #expect(error.message.contains(message))
    }

    @Test func `every kind of value is read`() async throws {
        let document = """
            text = "a\\tb\\U0001F600" # comment
            long = \"\"\"\\
                one \\

                two\"\"\"
            hex = 0xDEAD_beef
            big = +9_223_372_036_854_775_807
            float = -6.626e-3
            infinite = inf
            when = 1979-05-27T07:32:00.5-08:00
            at = 07:32:00
            [tables.of]
            "a b" = [ true, false ]
            [[list]]
            n = 1
            [[list]]
            n = 2
            """
        let names = [
            ("text", "text"), ("long", "long"), ("hex", "hex"), ("big", "big"),
            ("float", "float"), ("when", "when"), ("at", "at"), ("flag", "tables.of[\"a b\"][0]"),
            ("n", "list[1].n"), ("infinite", "infinite > 1e308"),
        ]
        let outcome = try await StepTrial(workshop).perform(
            "toml-parse",
            [
                "path": "a.toml",
                "outputs": .array(
                    names.map { ["name": .string($0), "fromExpression": .string($1)] }
                ),
            ],
            files: ["a.toml": document]
        )
        #expect(outcome.message == nil)
        #expect(
            Value.object(outcome.outputs)
                == [
                    "text": "a\tb😀", "long": "one two", "hex": 3_735_928_559,
                    "big": 9_223_372_036_854_775_807, "float": -0.006626,
                    "when": "1979-05-27T07:32:00.5-08:00", "at": "07:32:00", "flag": true, "n": 2,
                    "infinite": true,
                ]
        )
    }
}
