import Expressions
import Testing

/// The value of an expression over some variables, as JSON, or its error's message.
private func evaluated(_ source: String) -> String {
    let environment = Sample()
    do {
        return try Expression(parsing: source).evaluate(in: environment).json
    } catch {
        return "error: \(error.message)"
    }
}

/// What the tests' expressions can name.
private struct Sample: Environment {
    func variable(_ name: String) -> Value? {
        switch name {
        case "vars": ["name": "checkout", "count": 3, "nothing": nil, "list": [1, 2, 3]]
        case "components":
            [
                ["name": "checkout", "change": "changed"],
                ["name": "search", "change": "unchanged"],
                ["name": "web", "change": "added"],
            ]
        case "ctx": ["project": "shop", "meta": ["actor": "nobody"]]
        default: nil
        }
    }

    func call(_ function: String, _ arguments: [Value]) throws(ExpressionError) -> Value? {
        switch function {
        case "warehouse":
            guard arguments.count == 1 else {
                throw ExpressionError("warehouse() takes 1 argument, not \(arguments.count)")
            }
            return ["Kind": "Warehouse", "Name": arguments[0]]
        default: return nil
        }
    }
}

@Suite struct ExpressionEvaluation {
    static let values: [(String, String)] = [
        // Literals.
        ("1_000", "1000"), ("0x1F", "31"), ("0b101", "5"), ("1.5e3", "1500"), (".5", "0.5"),
        ("'a\\'b'", "\"a'b\""), ("\"\\u00e9\"", "\"é\""), ("`raw\\n`", "\"raw\\\\n\""),
        ("[1, 'two', nil, true,]", "[1,\"two\",null,true]"),
        ("{a: 1, 'b c': 2, (vars.name): 3}", "{\"a\":1,\"b c\":2,\"checkout\":3}"),
        ("1 /* one */ + 2 // two", "3"),
        // Arithmetic.
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 / 2", "3.5"), ("4 / 2", "2"), ("7 % 3", "1"),
        ("2 ** 3 ** 2", "512"), ("2 ^ 10", "1024"), ("-2 ** 2", "-4"), ("1 - 2 - 3", "-4"),
        ("'a' + 'b'", "\"ab\""), ("1 + 0.5", "1.5"), ("+3", "3"), ("1..3", "[1,2,3]"),
        ("3..1", "[]"),
        // Comparison and logic.
        ("1 == 1.0", "true"), ("[1, {a: 2}] == [1, {a: 2.0}]", "true"), ("'a' < 'b'", "true"),
        ("1 < 2 < 3", "true"), ("1 < 3 < 2", "false"), ("true and not false", "true"),
        ("false || true && false", "false"), ("!(1 > 2)", "true"), ("1 != '1'", "true"),
        ("false && missing.x", "false"), ("true or missing.x", "true"),
        // Words.
        ("2 in vars.list", "true"), ("'name' in vars", "true"), ("5 not in vars.list", "true"),
        ("'x' in nil", "false"), ("vars.name contains 'heck'", "true"),
        ("vars.name startsWith 'check'", "true"), ("vars.name not endsWith 'out'", "false"),
        ("vars.name matches '^ch.*t$'", "true"), ("'a\\nb' matches 'a$'", "false"),
        // Access.
        ("vars.name", "\"checkout\""), ("vars['name']", "\"checkout\""), ("vars.list[-1]", "3"),
        ("vars.missing", "null"), ("missing", "null"), ("missing?.a.b.c", "null"),
        ("missing?.[0]", "null"), ("vars?.list?.[1]", "2"), ("vars.in", "null"),
        ("vars.list[1:]", "[2,3]"), ("vars.list[:-1]", "[1,2]"), ("vars.name[0:5]", "\"check\""),
        ("vars.list[5:9]", "[]"), ("ctx.meta.actor", "\"nobody\""),
        ("warehouse('web').Name", "\"web\""),
        // Choice.
        ("true ? 1 : 2", "1"), ("false ? 1 : true ? 2 : 3", "2"), ("nil ?? 1", "1"),
        ("vars.nothing ?? vars.missing ?? 'x'", "\"x\""), ("missing?.a ?? 'none'", "\"none\""),
        ("vars.count > 2 ? 'many' : 'few'", "\"many\""), ("true ?: 2", "true"),
        ("if vars.count > 2 { 'many' } else { 'few' }", "\"many\""),
        ("let x = 2; let y = x * 3; x + y", "8"), ("1; 2", "2"),
        // Closures.
        ("map(components, .name)", "[\"checkout\",\"search\",\"web\"]"),
        ("filter(components, {.change != \"unchanged\"}) | map(.name)", "[\"checkout\",\"web\"]"),
        ("filter(1..6, # % 2 == 0)", "[2,4,6]"), ("map(1..3, {# * #index})", "[0,2,6]"),
        ("all(1..3, # > 0)", "true"), ("any(1..3, {# > 3})", "false"),
        ("none(1..3, # > 3)", "true"), ("one(1..3, # == 2)", "true"), ("count(1..5, # > 3)", "2"),
        ("find(components, .name == 'web').change", "\"added\""), ("find([1], # > 1)", "null"),
        ("findIndex(1..5, # == 3)", "2"), ("findLast(1..5, # < 4)", "3"),
        ("findLastIndex(1..5, # < 4)", "2"), ("sum([1, 2, 3.5])", "6.5"),
        ("sum(components, len(.name))", "17"), ("reduce(1..4, #acc + #)", "10"),
        ("reduce(1..4, #acc * #, 2)", "48"),
        ("groupBy(components, .change)[\"added\"][0].name", "\"web\""),
        ("map(sortBy(components, .name, 'desc'), .name)", "[\"web\",\"search\",\"checkout\"]"),
        ("map([[1, 2], [3]], map(#, # + 1))", "[[2,3],[4]]"),
        ("map(1..2, {{a: #}})", "[{\"a\":1},{\"a\":2}]"),
        // Functions.
        ("len('é€')", "2"), ("len({a: 1})", "1"), ("lower('ABC') | upper()", "\"ABC\""),
        ("trim('  a ')", "\"a\""), ("trim('__a_', '_')", "\"a\""),
        ("trimPrefix('v1', 'v')", "\"1\""), ("trimSuffix('a.git', '.git')", "\"a\""),
        ("split('a,b,c', ',')", "[\"a\",\"b\",\"c\"]"),
        ("split('a,b,c', ',', 2)", "[\"a\",\"b,c\"]"),
        ("splitAfter('a,b', ',')", "[\"a,\",\"b\"]"), ("join(['a', 'b'], '-')", "\"a-b\""),
        ("replace('aaa', 'a', 'b')", "\"bbb\""), ("replace('aaa', 'a', 'b', 2)", "\"bba\""),
        ("repeat('ab', 2)", "\"abab\""), ("indexOf('banana', 'an')", "1"),
        ("lastIndexOf('banana', 'an')", "3"), ("indexOf('a', 'z')", "-1"),
        ("hasPrefix('v1', 'v') and hasSuffix('v1', '1')", "true"), ("int('42') + 1", "43"),
        ("int(2.9)", "2"), ("float('1.5')", "1.5"), ("string(42) + string(1.5)", "\"421.5\""),
        ("keys({b: 1, a: 2})", "[\"a\",\"b\"]"), ("values({b: 1, a: 2})", "[2,1]"),
        ("sort([3, 1, 2])", "[1,2,3]"), ("sort(['b', 'a'], 'desc')", "[\"b\",\"a\"]"),
        ("first([]) ?? last([1, 2])", "2"), ("take(1..5, 2)", "[1,2]"), ("get([1], 5)", "null"),
        ("reverse([1, 2])", "[2,1]"), ("concat([1], [2, 3])", "[1,2,3]"),
        ("flatten([1, [2, [3]]])", "[1,2,3]"), ("uniq([1, 1.0, 2])", "[1,2]"),
        ("toPairs({a: 1})", "[[\"a\",1]]"), ("fromPairs([['a', 1]])", "{\"a\":1}"),
        ("min(3, [1, 2])", "1"), ("max(1, 2.5)", "2.5"), ("mean([1, 2])", "1.5"),
        ("median([3, 1, 2])", "2"), ("abs(-5)", "5"), ("ceil(1.2)", "2"), ("floor(-1.2)", "-2"),
        ("round(2.5)", "3"), ("type([1])", "\"array\""), ("fromJSON('{\"a\": [1]}').a[0]", "1"),
        ("toJSON({a: 1})", "\"{\\n  \\\"a\\\": 1\\n}\""),
        ("fromBase64(toBase64('héllo'))", "\"héllo\""),
        ("semverDiff('v1.0.0', 'v1.2.0')", "\"Minor\""),
        ("semverParse('v1.2.3-rc.1').Minor()", "2"),
        ("semverParse('1.2.3').IncMajor().String()", "\"2.0.0\""),
        ("'2023-01-01T00:00:00Z'.Year() >= 2023", "true"),
        ("date('2024-02-29').YearDay()", "60"), ("date('1969-12-31').Weekday()", "3"),
        ("date('2024-02-29 23:59:59').String()", "\"2024-02-29T23:59:59Z\""),
        ("date('2024-03-01T01:30:00.5+02:00')", "\"2024-02-29T23:30:00Z\""),
        ("date('2024-05-01') > date('2024-01-31')", "true"),
        ("date('2024-01-31').AddDate(0, 1, 0)", "\"2024-03-02T00:00:00Z\""),
        ("date('2024-01-01').AddDate(-1, -13, -1)", "\"2021-11-30T00:00:00Z\""),
        ("date('2000-01-01').After(date('1999-12-31'))", "true"),
        ("date('1969-12-31T23:59:58Z').Unix()", "-2"), ("date('2024-06-05').Month()", "6"),
    ]

    @Test(arguments: values)
    func `an expression has its value`(source: String, expected: String) {
        #expect(evaluated(source) == expected, "\(source)")
    }

    static let errors: [(String, String)] = [
        ("", "the expression ends too early"), ("1 +", "the expression ends too early"),
        ("(1 + 2", ") is missing before the end"), ("1 2", "the number 2 cannot stand here"),
        ("'abc", "the text is not closed by '"),
        ("a ?? b + c", "put ?? and its operands in parentheses"),
        ("# > 1", "# cannot stand here"), ("@", "this character has no meaning here"),
        ("filter(vars.list)", "filter() wants a closure: {# > 1}"),
        ("1 + 'a'", "+ wants two numbers or two texts, not a number and text"),
        ("1 / 0", "a number is divided by zero"), ("5 % 0", "a number is divided by zero"),
        ("9223372036854775807 + 1", "the result is out of the range of 64-bit whole numbers"),
        ("missing.name", "name is asked of null"),
        ("vars.list[3]", "there is no element 3: the list has 3"),
        ("vars.count.x", "x is asked of a number"),
        ("1 ? 2 : 3", "true or false is wanted here, not a number"),
        ("nope(1)", "there is no function nope()"),
        ("lower(1)", "lower() wants text, not a number"),
        ("split('a')", "split() takes 2 or 3 arguments, not 1"),
        ("warehouse()", "warehouse() takes 1 argument, not 0"),
        ("filter(1..3, # + 1)", "the closure of filter() must come to true or false, not a number"),
        ("1..10000000", "the expression takes more than 1000000 steps"),
        ("repeat('x', 100000000)", "the expression makes more than 16 MiB"),
        ("map(1..2000, map(1..2000, #))", "the expression takes more than 1000000 steps"),
        ("reduce(1..60, #acc + #acc, 'xxxxxxxx')", "the expression makes more than 16 MiB"),
        (
            "'a' matches '('",
            "the regular expression \"(\" is not valid at character 1: "
                + "the parenthesis is not closed"
        ),
        (
            "'a' matches '(?=a)'",
            "the regular expression \"(?=a)\" is not valid at character 1: RE2 has no lookahead: "
                + "match what is wanted, or use an ignore list"
        ),
        ("fromJSON('{')", "fromJSON() cannot read its argument: a key in double quotes is missing"),
        ("semverParse('x')", "\"x\" is not a semantic version"),
        (
            "date('2023-02-29')",
            "\"2023-02-29\" is no date such as 2026-01-31 or 2026-01-31T12:00:00Z"
        ),
        ("date('2023-01-01').Format('x')", "a time has no method Format() with such arguments"),
        ("date('9999-01-01').AddDate(1, 0, 0)", "AddDate() leaves the years 0 to 9999"),
        ("date('2023-01-01').AddDate(1000000, 0, 0)", "AddDate() wants numbers up to 100000"),
    ]

    @Test(arguments: errors)
    func `an expression without a value says why`(source: String, message: String) {
        #expect(evaluated(source) == "error: \(message)", "\(source)")
    }

    @Test func `an error shows the expression with a caret under the place`() {
        let error = #expect(throws: ExpressionError.self) {
            try Expression(parsing: "vars.a.b +\n  lower(1)").evaluate(
                in: Variables(["vars": ["a": ["b": "x"]]])
            )
        }
        #expect(
            error?.description == """
                lower() wants text, not a number
                      lower(1)
                      ^
                """
        )
    }

    @Test func `depth and size are bounded`() {
        let nested = String(repeating: "(", count: 20_000) + "1"
        let chained = "1" + String(repeating: "+1", count: 20_000)
        let members = "a" + String(repeating: ".a", count: 20_000)
        let signs = String(repeating: "!", count: 20_000) + "true"
        for source in [nested, chained, members, signs] {
            #expect(evaluated(source) == "error: the expression is nested deeper than 100 levels")
        }
        let allowed = String(repeating: "[", count: 95) + String(repeating: "]", count: 95)
        #expect(evaluated(allowed) == allowed)
        #expect(evaluated(String(repeating: "!", count: 98) + "true") == "true")
        let long = String(repeating: " ", count: 70_000)
        #expect(evaluated(long) == "error: the expression is longer than 65536 bytes")
    }
}
