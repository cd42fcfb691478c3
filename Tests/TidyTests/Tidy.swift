import Testing

/// The tree keeps the house rules that neither compiler nor formatter knows.
@Suite struct Tidy {
    let tree: SourceTree

    init() throws { tree = try SourceTree() }

    @Test func `no file has a banned word`() {
        expectNone(WordRules.findings(in: tree))
    }

    @Test func `lines, functions and files are not too long`() {
        expectNone(ShapeRules.findings(in: tree))
    }

    @Test func `what other rooms see is documented`() {
        expectNone(DocumentationRule.findings(in: tree))
    }

    @Test func `a target imports only smaller levels`() throws {
        expectNone(try LayerRule.findings(in: tree))
    }

    @Test func `a switch over events has no default`() {
        expectNone(EventSwitchRule.findings(in: tree))
    }

    @Test func `every fixture is used`() {
        expectNone(TreeRules.deadFixtures(in: tree))
    }

    @Test func `every test that the rules name is where they say`() throws {
        expectNone(try ModelDocumentRule.findings(in: tree))
        let model = tree.files.first { $0.path == "docs/MODEL.md" }
        #expect((model.map { ModelDocumentRule.named(in: $0).count } ?? 0) > 200)
    }

    @Test func `nothing strays at the top level`() throws {
        expectNone(try TreeRules.strayEntries(in: tree))
    }

    private func expectNone(
        _ findings: [Finding],
        at location: SourceLocation = #_sourceLocation
    ) {
        let list = findings.map { "\n  \($0)" }.joined()
        #expect(findings.isEmpty, "\(findings.count) findings:\(list)", sourceLocation: location)
    }
}

/// The rules see what they are there for.
@Suite struct TidyRules {
    @Test func `comments and strings are blanked, code stays`() {
        let text = "let a = \"try! \\(b(\"x\")) print(\" // try!\nlet c = #\"\\\"#; /* try! */ d"
        let blanked = SwiftBlanker.blank(text)
        #expect(!blanked.contains("try!"))
        #expect(!blanked.contains("print"))
        #expect(blanked.contains("let a ="))
        #expect(blanked.hasSuffix("d"))
    }

    @Test func `levels are read from the captions`() throws {
        let levels = try LayerRule.levels(in: SourceTree().text(of: "Package.swift"))
        #expect(levels["Wire"] == 0)
        #expect(levels["EventLog"] == 2)
        #expect(levels["PromotionModel"] == 3)
        #expect(levels["waybill"] == 8)
        #expect(levels["TidyTests"] == nil)
    }

    @Test func `the events are found where they are declared`() throws {
        let names = EventSwitchRule.eventNames(in: try SourceTree())
        #expect(names.isSuperset(of: ["promotionStarted", "freightCreated"]))
    }

    @Test func `tests are found in tables of rules, with their files`() {
        let text = """
            | rule | test in [A](../Tests/A.swift) |
            |---|---|
            | one | `first`, `second` ([B](../Tests/B.swift)); `third` |

            | not | a table of them |
            |---|---|
            | `two` | `four` |
            """
        let named = ModelDocumentRule.named(in: SourceFile(path: "docs/MODEL.md", text: text))
        #expect(named.map(\.name) == ["first", "second", "third"])
        #expect(named.map(\.file) == ["Tests/B.swift", "Tests/B.swift", "Tests/A.swift"])
    }

    @Test func `a declaration is told from a call`() {
        #expect(Declaration(line: "    package static func make() -> Self {")?.name == "make")
        #expect(Declaration(line: "    package init?(rawValue: String) {")?.keyword == "init")
        #expect(Declaration(line: "    return function()") == nil)
    }
}
