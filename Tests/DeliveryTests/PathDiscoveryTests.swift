import Discovery
import Foundation
import Git
import PromotionModel
import Testing

/// Discovery chooses commits of a branch by what they change and by what is said of them.
@Suite struct FilteringCommits {
    let workshop: Workshop
    let lookout: Lookout

    init() throws {
        workshop = try Workshop()
        lookout = try Lookout(workshop)
    }

    private func subscription(
        _ repository: Repository,
        _ change: (inout GitSubscription) -> Void = { _ in }
    ) -> GitSubscription {
        var subscription = GitSubscription(repoURL: repository.url, branch: "main")
        change(&subscription)
        return subscription
    }

    @Test func `commits count that change an included path, and not only excluded ones`()
        async throws
    {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("root", files: ["README": "1"])
        try await repository.push("app", files: ["app/a.go": "1"])
        try await repository.push("docs", files: ["app/docs/a.md": "1"])
        try await repository.push("both", files: ["app/docs/a.md": "2", "app/b.go": "1"])
        try await repository.push("lookalike", files: ["application/a.go": "1"])
        try await repository.push("nothing", files: [:])
        let paths = subscription(repository) {
            $0.includePaths = ["app/"]
            $0.excludePaths = ["glob:app/docs/**"]
        }
        #expect(try await lookout.subjects(paths) == ["both", "app"])
        let excluded = subscription(repository) { $0.excludePaths = ["regex:\\.(go|md)$"] }
        #expect(try await lookout.subjects(excluded) == ["root"])
        let limited = subscription(repository) {
            $0.includePaths = ["glob:**/*.go"]
            $0.discoveryLimit = 2
        }
        #expect(try await lookout.subjects(limited) == ["lookalike", "both"])
    }

    @Test func `a rename changes both paths, and a merge what differs from its first parent`()
        async throws
    {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("root", files: ["old/a": "many\nlines\nof\ntext\n"])
        try FileManager.default.createDirectory(
            atPath: "\(repository.work)/new",
            withIntermediateDirectories: true
        )
        try await workshop.run(["mv", "old/a", "new/a"], in: repository.work)
        try await repository.commit("moved")
        try await workshop.run(
            ["checkout", "--quiet", "-b", "side", "HEAD~1"],
            in: repository.work
        )
        try await repository.push("side", files: ["side/a": "1"], branch: "side")
        try await workshop.run(["checkout", "--quiet", "main"], in: repository.work)
        try await workshop.run(["merge", "--quiet", "--no-commit", "side"], in: repository.work)
        try await repository.commit("merged")
        let old = subscription(repository) { $0.includePaths = ["old"] }
        #expect(try await lookout.subjects(old) == ["moved", "root"])
        let side = subscription(repository) { $0.includePaths = ["side"] }
        #expect(try await lookout.subjects(side) == ["merged", "side"])
    }

    @Test func `where git leaves commits out by directories, the same are chosen`() async throws {
        let seed = UInt64.random(in: 1...1_000_000)
        var generator = SeededChoice(state: seed)
        let repository = try await workshop.makeRepository("web")
        let names = ["a", "a/b", "a[b]", "ab", "c d", "-e", ":f", "*"].map { "\($0)/x" } + ["g"]
        try await repository.push("root", files: ["g": "0"])
        for number in 1...12 {
            let isSide = number % 4 == 0
            if isSide {
                try await workshop.run(
                    ["checkout", "--quiet", "-b", "side\(number)", "HEAD~\(1 + number % 2)"],
                    in: repository.work
                )
            }
            let name = names[generator.next(below: names.count)]
            try await repository.push(
                "\(number) \(name)",
                files: [name: "\(number)"],
                branch: isSide ? "side\(number)" : "main"
            )
            guard isSide else { continue }
            try await workshop.run(["checkout", "--quiet", "main"], in: repository.work)
            // What both sides changed stays as it was: a merge that changes nothing for one.
            try await workshop.run(
                ["merge", "--quiet", "--no-commit", "-X", "ours", "side\(number)"],
                in: repository.work
            )
            try await repository.commit("merge \(number)")
        }
        for written in ["a", "a/b/", "./a//b", "a[b]", "c d", "-e", ":f", "*", "g", "glob:a/**"] {
            let directory =
                written == "glob:a/**"
                ? "a"
                : written == "./a//b"
                    ? "a/b"
                    : written.hasSuffix("/") ? String(written.dropLast()) : written
            let quoted = NSRegularExpression.escapedPattern(for: directory)
            var filter = subscription(repository) { $0.includePaths = [written] }
            let chosen = try await lookout.subjects(filter)
            filter.includePaths = ["regex:^\(quoted)(/|$)"]
            #expect(try await lookout.subjects(filter) == chosen, "\(written), seed \(seed)")
        }
    }

    @Test func `paths with line breaks, blanks and single letters are paths`() async throws {
        let repository = try await workshop.makeRepository("web")
        let names = [
            "A", "M/D", "\nA", "a b", "0123456789012345678901234567890123456789\u{1}1\u{1}",
        ]
        for name in names { try await repository.push("of \(name)", files: [name: "1"]) }
        for name in names {
            let subscription = subscription(repository) {
                $0.includePaths = ["regex:^\(NSRegularExpression.escapedPattern(for: name))$"]
            }
            #expect(try await lookout.commits(subscription).count == 1, "\(name)")
        }
    }

    @Test(arguments: [
        ("author == 'shop <shop@example.com>' and !(subject contains '[skip]')", ["3", "1"]),
        ("id startsWith 'x'", []), ("commitDate.Unix() > 1000", ["3", "2 [skip]"]),
        ("commitDate < date('1970-01-01T00:20:00Z')", ["1"]),
        ("subject in ['1', '3']", ["3", "1"]),
        (" ", ["3", "2 [skip]", "1"]), ("committer matches '^shop'", ["3", "2 [skip]", "1"]),
    ])
    func `expressionFilter knows the commit`(expression: String, subjects: [String]) async throws {
        let repository = try await workshop.makeRepository("web")
        for (number, subject) in ["1", "2 [skip]", "3"].enumerated() {
            try await repository.push(subject, at: 1_000 * (number + 1))
        }
        let filtered = subscription(repository) { $0.expressionFilter = expression }
        #expect(try await lookout.subjects(filtered) == subjects.map(Optional.some))
    }

    @Test func `expression, paths, cut-off and limit hold together`() async throws {
        let repository = try await workshop.makeRepository("web")
        for number in 1...9 {
            try await repository.push(
                "\(number)",
                files: [number % 2 == 0 ? "even/a" : "odd/a": "\(number)"],
                at: 1_000 * number
            )
        }
        let subscription = subscription(repository) {
            $0.expressionFilter = "int(subject) != 7"
            $0.includePaths = ["odd"]
            $0.sinceMs = 2_000_001
            $0.discoveryLimit = 2
        }
        #expect(try await lookout.subjects(subscription) == ["9", "5"])
        let all = self.subscription(repository) {
            $0.includePaths = ["odd"]
            $0.sinceMs = 2_999_001
        }
        #expect(try await lookout.subjects(all) == ["9", "7", "5", "3"])
    }

    @Test func `a remote that can filter gives no file contents`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await workshop.run(["config", "uploadpack.allowFilter", "true"], in: repository.bare)
        try await repository.push("First", files: ["app/a": "content"])
        try await repository.push("Second", files: ["b": "more"])
        let paths = subscription(repository) { $0.includePaths = ["app"] }
        #expect(try await lookout.subjects(paths) == ["First"])
        let objects = try await workshop.run(
            ["cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"],
            in: try lookout.mirror()
        )
        #expect(!objects.contains("blob"))
        #expect(objects.contains("tree"))
    }

    @Test func `times that no calendar has are the end of the calendar`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        let tree = try await repository.line(["rev-parse", "HEAD^{tree}"], in: repository.work)
        for time in ["9223372036854775807", "99999999999999999999999"] {
            let object = try await workshop.git.output(
                ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
                in: repository.bare,
                input: Array(
                    """
                    tree \(tree)
                    author a\u{1}b <a> \(time) +0000
                    committer c <c> \(time) +0000

                    Later
                    """.utf8
                )
            )
            let id = String(object.prefix { $0 != "\n" })
            try await workshop.run(["update-ref", "refs/heads/main", id], in: repository.bare)
            let found = try await lookout.commits(subscription(repository))
            #expect(found.map(\.id) == [id])
            #expect(try #require(found[0].committedAtMs) <= 253_402_300_799_000)
        }
    }
}

/// Choices that depend on a seed only.
private struct SeededChoice {
    var state: UInt64

    mutating func next(below count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }
}
