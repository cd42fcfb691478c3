import Matching
import Testing

@Suite struct RegularExpressions {
    static let matching: [(pattern: String, text: String, matches: Bool)] = [
        ("^v1\\.", "v1.0", true), ("^v1\\.", "xv1.0", false), ("a$", "a\n", false),
        ("(?m)a$", "a\nb", true), ("(?i)ABC", "xabcx", true), ("(?P<name>a)b", "ab", true),
        ("(?:a|b)+?c", "abc", true), ("\\Qa.b\\E", "a.b", true), ("\\Qa.b\\E", "axb", false),
        ("\\v", "\u{b}", true), ("\\v", "\n", false), ("\\x{e9}", "é", true),
        ("\\p{Greek}", "π", true), ("\\x41", "A", true), ("\\101", "A", true),
        ("[[:alpha:]]+", "a", true), ("[^a]", "a", false), ("[]a]", "]", true), ("[a[]", "[", true),
        ("a{2}", "aa", true), ("a{,2}", "a{,2}", true), ("{", "{", true), ("\\pL", "é", true),
        ("^.$", "é", true), ("\\w", "é", false), ("\\bfoo\\b", "a foo b", true), ("", "", true),
        ("x*", "", true), ("[\\d-]", "-", true),
    ]

    @Test(arguments: matching)
    func `RE2's syntax means what it means in Go`(pattern: String, text: String, matches: Bool)
        throws
    {
        #expect(try RegularExpression(pattern).matches(text) == matches, "\(pattern)")
    }

    static let refused: [(pattern: String, reason: String)] = [
        ("(a)\\1", "RE2 has no backreferences"), ("(?P=name)", "RE2 has no backreferences"),
        ("\\k<a>", "RE2 has no backreferences"), ("\\8", "RE2 has no backreferences"),
        ("(?=a)", "RE2 has no lookahead"), ("(?!a)", "RE2 has no lookahead"),
        ("(?<=a)", "RE2 has no lookbehind"), ("(?<!a)", "RE2 has no lookbehind"),
        ("(?>a)", "RE2 has no atomic groups"), ("a++", "a repetition cannot be repeated"),
        ("a**", "a repetition cannot be repeated"), ("*a", "there is nothing here to repeat"),
        ("(?R)", "RE2 does not know this kind of group"), ("(*SKIP)", "RE2 has no verbs"),
        ("\\K", "RE2 does not know this escape"), ("\\Z", "RE2 does not know this escape"),
        ("a{1001}", "a repetition count is at most 1000"), ("a{3,2}", "first count is above"),
        ("[a", "the bracket is not closed"), ("a\\", "nothing follows the backslash"),
        ("(a", "missing closing parenthesis"), ("(?x)a", "does not know this kind of group"),
    ]

    @Test(arguments: refused)
    func `what RE2 does not know is refused with its reason`(pattern: String, reason: String) {
        let error = #expect(throws: MatchingError.self) { try RegularExpression(pattern) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `a hostile pattern is given up and named`() throws {
        let expression = try RegularExpression("^(a+)+$")
        let text = String(repeating: "a", count: 64) + "b"
        let error = #expect(throws: MatchingError.self) { try expression.matches(text) }
        #expect(
            error?.description == "matching \"^(a+)+$\" took too long and was given up: write the "
                + "pattern with fewer nested repetitions"
        )
    }

    @Test func `a hostile glob is given up too`() throws {
        let glob = try Glob(String(repeating: "*a", count: 30) + "b")
        let text = String(repeating: "a", count: 200) + "bc"
        #expect(throws: MatchingError.self) { try glob.matches(text) }
    }

    static let globs: [(pattern: String, text: String, matches: Bool)] = [
        ("**", "a/b", true), ("a/**", "a", true), ("a/**", "a/b/c", true), ("a/**", "ab", false),
        ("**/c", "c", true), ("**/c", "a/b/c", true), ("a/**/c", "a/c", true),
        ("a/**/c", "a/b/b/c", true), ("a**", "ab", true), ("a**", "a/b", false),
        ("?", "a", true), ("?", "/", false), ("[!a]", "b", true), ("[!a]", "/", false),
        ("{a,b/**}", "b/c", true), ("\\*", "*", true), ("\\*", "a", false), ("a.b", "axb", false),
        ("é*", "état", true),
    ]

    @Test(arguments: globs)
    func `a glob matches as doublestar's`(pattern: String, text: String, matches: Bool) throws {
        #expect(try Glob(pattern).matches(text) == matches, "\(pattern)")
    }
}
