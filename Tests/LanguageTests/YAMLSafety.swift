import Manifests
import PromotionModel
import Testing

@Suite struct YAMLSafety {
    private func problems(_ text: String) -> [String] {
        ManifestReader.read(text, file: "m.yaml").problems.map(\.description)
    }

    @Test func `an alias bomb is refused at the alias that passes the limit`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(
            problems(text) == [
                "m.yaml:6:45: with its aliases unfolded the file has more than 1000000 nodes"
            ]
        )
    }

    @Test func `an alias bomb as a key or behind a merge is refused as early`() {
        var keys = "? &a0 [x, x, x, x, x, x, x, x, x, x]\n: 1\n"
        var merges = "a0: &a0 {x: 1}\n"
        for level in 1...30 {
            keys += "? &a\(level) [*a\(level - 1), *a\(level - 1)]\n: 1\n"
            merges += "a\(level): &a\(level) {<<: [*a\(level - 1), *a\(level - 1)]}\n"
        }
        for text in [keys, merges] {
            #expect(problems(text).last?.contains("more than 1000000 nodes") == true)
        }
    }

    @Test func `nesting is bounded, also through aliases`() {
        let flow = String(repeating: "[", count: 5_000)
        var chain = "a0: &a0 [x]\n"
        for level in 1...100 { chain += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        for text in [flow, chain] {
            #expect(
                problems(text).contains {
                    $0.hasSuffix("the document is nested deeper than 64 levels")
                },
                "\(problems(text))"
            )
        }
    }

    @Test func `a file has a greatest size`() {
        let text = "a: \"" + String(repeating: "x", count: 17 * 1_024 * 1_024) + "\"\n"
        #expect(problems(text) == ["m.yaml:1:1: the file is larger than 16 MiB"])
    }

    static let malformed: [(text: String, told: String)] = [
        (
            "a: [1, 2\nb: 3\n",
            "m.yaml:2:2: this is not well-formed YAML: did not find expected ',' or ']'"
        ),
        (
            "a:\n\tb: 1\n",
            "m.yaml:2:1: this is not well-formed YAML: found character that cannot start any token"
        ),
        ("a: *b\n", "m.yaml:1:4: there is no anchor &b before the alias *b"),
        ("a: 1\nb: 2\na: 3\n", "m.yaml:3:1: the key \"a\" is there twice"),
        ("? [a]\n: 1\n", "m.yaml:1:3: a key must be a text"),
        ("<<: 1\n", "m.yaml:1:5: << wants a map to merge"),
    ]

    @Test(arguments: malformed)
    func `what is no YAML is told with its place`(text: String, told: String) {
        #expect(problems(text).contains(told), "\(problems(text))")
    }

    @Test func `anchors and merge keys work`() throws {
        let text = """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: Warehouse
            metadata: {name: w, namespace: shop}
            spec:
              subscriptions:
              - git: &base
                  repoURL: https://example.com/a
                  branch: main
              - git:
                  <<: *base
                  repoURL: https://example.com/b
            """
        let reading = ManifestReader.read(text, file: "m.yaml")
        #expect(reading.problems.map(\.description) == [])
        let resource = try #require(reading.resources.first)
        guard case .warehouse(_, let warehouse) = resource.specification else {
            Issue.record("no warehouse")
            return
        }
        #expect(warehouse.subscriptions[1].git?.branch == "main")
        #expect(warehouse.subscriptions[1].git?.repoURL == "https://example.com/b")
    }

    @Test func `no more than a hundred problems of a file are told`() {
        let text = (0..<300).map { "---\nnumber: \($0)" }.joined(separator: "\n")
        #expect(problems(text).count == 100)
    }
}
