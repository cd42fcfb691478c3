import Expressions
import Testing

@Suite struct Templates {
    private let environment = Variables([
        "vars": ["tag": "1.10", "sha": "0123456", "name": "web", "list": [1, "a"]]
    ])

    static let values: [(template: String, expected: String)] = [
        ("42", "\"42\""), ("plain } text", "\"plain } text\""), ("${ x }", "\"${ x }\""),
        ("${{ 'a' }}", "\"a\""), ("${{ vars.tag }}", "1.1"), ("${{ quote(vars.tag) }}", "\"1.10\""),
        ("${{ vars.sha }}", "123456"), ("v${{ vars.tag }}", "\"v1.10\""),
        ("${{ vars.list }}", "[1,\"a\"]"), ("x ${{ vars.list }}", "\"x [1,\\\"a\\\"]\""),
        ("${{ missing }}", "null"), ("a ${{ missing }}", "\"a null\""), ("${{ 4 / 2 }}", "2"),
        ("${{ 1 == 1 }}", "true"), ("${{ 't' }}", "true"), ("${{ 'F' }}", "false"),
        ("${{ '[1' }}", "\"[1\""), ("${{ '+5' }}", "5"), ("${{ '-0' }}", "0"),
        ("${{ '1e400' }}", "\"1e400\""), ("${{ '9007199254740993' }}", "9007199254740993"),
        ("${{ 1e21 }}", "1e+21"), ("${{ 1e20 }}", "100000000000000000000"), ("${{ 1e-7 }}", "1e-7"),
        ("${% {'a': {'b': 1}}.a %}", "{\"b\":1}"), ("${{ vars.name }}\n", "\"web\\n\""),
        ("${{ vars.name }}${{ vars.name }}", "\"webweb\""),
        ("${{ asJSON([1]) }}", "\"[\\n  1\\n]\\n\""),
        (
            "${{ asYAML(['1', 'a: b', true, {c: []}]) }}",
            "\"- \\\"1\\\"\\n- 'a: b'\\n- true\\n- c: []\\n\""
        ),
        ("0${{ 1 }}", "1"), ("0x${{ 10 }}", "\"0x10\""),
    ]

    @Test(arguments: values)
    func `a template comes to what Kargo makes of it`(template: String, expected: String) throws {
        #expect(try Template(parsing: template).evaluate(in: environment).json == expected)
    }

    static let refused: [(template: String, description: String)] = [
        ("a ${{ b", "the end mark }} is missing\n    a ${{ b\n      ^"),
        ("${% 1 }}", "the end mark %} is missing\n    ${% 1 }}\n    ^"),
        ("${{ }}", "the expression ends too early\n     \n     ^"),
        (
            "${{ 'Inf' }}",
            "the value Inf is a number that JSON cannot hold; quote() keeps it as text\n"
                + "    ${{ 'Inf' }}\n    ^"
        ),
    ]

    @Test(arguments: refused)
    func `a template without a value says why`(template: String, description: String) {
        let error = #expect(throws: ExpressionError.self) {
            try Template(parsing: template).evaluate(in: environment)
        }
        #expect(error?.description == description)
    }

    @Test func `one evaluation of a tree has one budget`() {
        let text = Value.string("${{ len(1..60000) }}")
        let tree = Value.array(Array(repeating: text, count: 20))
        let error = #expect(throws: ExpressionError.self) {
            try tree.evaluatingTemplates(in: environment)
        }
        #expect(error?.message == "the expression makes more than 16 MiB")
    }

    @Test func `a configuration is a map`() throws {
        #expect(try Value.null.evaluatingConfiguration(in: environment) == [:])
        let error = #expect(throws: ExpressionError.self) {
            try Value.string("x").evaluatingConfiguration(in: environment)
        }
        #expect(error?.message == "a configuration is a map, not text")
    }
}

@Suite struct JSONText {
    static let same = [
        "null", "true", "-1", "1.5", "\"a\\\"\\\\\\n\\u0001é\"", "[]", "{}",
        "[1,[2,{\"a\":null}]]",
        "{\"a\":1,\"b\":[true]}", "9223372036854775807", "1e+21", "1e-7", "0.000001",
        "123456789012345680000",
    ]

    @Test(arguments: same)
    func `canonical JSON reads and writes as itself`(text: String) throws {
        #expect(try Value(json: text).json == text)
    }

    static let spelled: [(String, String)] = [
        (" {\"b\" : 1 , \"a\" : 2 } ", "{\"a\":2,\"b\":1}"),
        ("\"\\u00e9\\/\\ud83d\\ude80\"", "\"é/🚀\""),
        ("\"\\ud83d\"", "\"\u{fffd}\""), ("1.0", "1"), ("1E2", "100"),
        ("{\"a\":1,\"a\":2}", "{\"a\":2}"),
        ("12345678901234567890", "12345678901234567000"),
    ]

    @Test(arguments: spelled)
    func `other spellings are understood`(text: String, canonical: String) throws {
        #expect(try Value(json: text).json == canonical)
    }

    @Test(arguments: [
        "", "tru", "01", "1.", "+1", ".5", "[1", "[1,]", "{\"a\"}", "{a:1}", "\"a", "\"\\x\"",
        "\"\n\"",
        "1 2", "NaN", "1e999", "-", "\"\\u12g4\"",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: ExpressionError.self) { try Value(json: text) }
    }

    @Test func `nesting is bounded`() {
        let text = String(repeating: "[", count: 100_000)
        let error = #expect(throws: ExpressionError.self) { try Value(json: text) }
        #expect(error?.message == "JSON is nested deeper than 100 levels")
    }
}
