import Discovery
import Foundation
import PromotionModel
import Testing

/// Discovery finds commits by their tags.
@Suite struct DiscoveringTags {
    let workshop: Workshop
    let lookout: Lookout

    init() throws {
        workshop = try Workshop()
        lookout = try Lookout(workshop)
    }

    private func subscription(
        _ repository: Repository,
        _ strategy: CommitSelectionStrategy,
        _ change: (inout GitSubscription) -> Void = { _ in }
    ) -> GitSubscription {
        var subscription = GitSubscription(repoURL: repository.url)
        subscription.strategy = strategy
        change(&subscription)
        return subscription
    }

    /// Five commits, each with a tag; 1.10.0 is annotated, and older than 1.9.0.
    private func makeReleases() async throws -> Repository {
        let repository = try await workshop.makeRepository("web")
        for (number, tag) in ["v1.0.0", "v1.10.0", "1.9.0", "v2.0.0-rc.1", "nightly"].enumerated() {
            try await repository.push("Release \(tag)", at: 1_000 * (number + 1))
            let annotation = tag == "v1.10.0" ? "Ten\n\nIt is done." : nil
            try await repository.tag(tag, annotation: annotation, at: 1_000 * (number + 1) + 7)
        }
        return repository
    }

    @Test func `SemVer takes the greatest version in the range`() async throws {
        let repository = try await makeReleases()
        let all = subscription(repository, .semVer)
        #expect(try await lookout.tags(all) == ["v2.0.0-rc.1", "v1.10.0", "1.9.0", "v1.0.0"])
        let ranged = subscription(repository, .semVer) { $0.semverConstraint = "^1.0" }
        #expect(try await lookout.tags(ranged) == ["v1.10.0", "1.9.0", "v1.0.0"])
        try await repository.tag("v1.11")
        #expect(try await lookout.tags(ranged).first == "v1.10.0")
        let lenient = subscription(repository, .semVer) {
            $0.semverConstraint = "^1.0"
            $0.strictSemvers = false
        }
        #expect(try await lookout.tags(lenient).first == "v1.11")
    }

    @Test func `Lexical takes the greatest name, byte for byte`() async throws {
        let repository = try await makeReleases()
        let lexical = subscription(repository, .lexical) {
            $0.allowTagsRegexes = ["^v", "^night"]
            $0.ignoreTagsRegexes = ["rc"]
        }
        #expect(try await lookout.tags(lexical) == ["v1.10.0", "v1.0.0", "nightly"])
    }

    @Test func `NewestTag takes the tag that was made last`() async throws {
        let repository = try await makeReleases()
        try await repository.tag("patched", annotation: "Late", of: "v1.0.0", at: 9_000)
        let newest = subscription(repository, .newestTag) { $0.discoveryLimit = 3 }
        #expect(try await lookout.tags(newest) == ["patched", "nightly", "v2.0.0-rc.1"])
    }

    @Test func `a tag's commit comes with everything that is known of it`() async throws {
        let repository = try await makeReleases()
        let found = try await lookout.commits(
            subscription(repository, .semVer) { $0.semverConstraint = "1.10.0" }
        )
        var expected = CommitArtifact(
            repoURL: repository.url,
            id: try await repository.line(["rev-parse", "v1.10.0^{commit}"], in: repository.work),
            tag: "v1.10.0"
        )
        expected.message = "Release v1.10.0"
        expected.author = "shop <shop@example.com>"
        expected.committer = "shop <shop@example.com>"
        expected.committedAtMs = 2_000_000
        #expect(found == [expected])
    }

    @Test(arguments: [
        ("tag startsWith 'v1.'", ["v1.10.0", "v1.0.0"]),
        ("annotation == 'Ten'", ["v1.10.0"]),
        ("tagger contains 'shop@'", ["v1.10.0"]),
        ("creatorDate.Unix() == 2007", ["v1.10.0"]),
        ("creatorDate > date('1970-01-01T00:45:00Z')", ["v2.0.0-rc.1", "1.9.0"]),
        ("subject matches '9' ? 'true' : 'false'", ["1.9.0"]),
        ("committer != author", []),
    ])
    func `expressionFilter knows the tag`(expression: String, tags: [String]) async throws {
        let repository = try await makeReleases()
        let filtered = subscription(repository, .semVer) { $0.expressionFilter = expression }
        #expect(try await lookout.tags(filtered) == tags.map(Optional.some))
    }

    @Test func `paths are those that the tag's commit changes`() async throws {
        let repository = try await workshop.makeRepository("web")
        for (number, folder) in ["app", "docs", "app", "docs"].enumerated() {
            try await repository.push("\(number)", files: ["\(folder)/\(number)": ""])
            try await repository.tag("v1.0.\(number)")
        }
        try await repository.tag("v1.1.0", of: "v1.0.2")
        let paths = subscription(repository, .semVer) {
            $0.includePaths = ["app"]
            $0.discoveryLimit = 2
        }
        #expect(try await lookout.tags(paths) == ["v1.1.0", "v1.0.2"])
        let all = subscription(repository, .semVer) { $0.includePaths = ["app"] }
        #expect(try await lookout.tags(all) == ["v1.1.0", "v1.0.2", "v1.0.0"])
    }

    @Test func `tags that come, move and go are seen`() async throws {
        let repository = try await workshop.makeRepository("web")
        let first = try await repository.push("First")
        try await repository.tag("v1.0.0")
        let semver = subscription(repository, .semVer)
        #expect(try await lookout.commits(semver).map(\.id) == [first])
        let second = try await repository.push("Second")
        try await repository.tag("v1.0.0")
        #expect(try await lookout.commits(semver).map(\.id) == [second])
        try await repository.tag("v1.1.0/rc")
        for place in [repository.bare, repository.work] {
            try await workshop.run(["tag", "--delete", "v1.0.0"], in: place)
        }
        try await repository.tag("v1.0.0/later")
        try await repository.tag("v2.0.0")
        #expect(try await lookout.tags(semver) == ["v2.0.0"])
    }

    @Test func `a tag of a tag is its commit, a tag of a file is none`() async throws {
        let repository = try await workshop.makeRepository("web")
        let id = try await repository.push("First", files: ["key": "secret"], at: 5_000)
        try await repository.tag("v1.0.0", annotation: "One")
        try await repository.tag("v1.0.1", annotation: "Two", of: "v1.0.0")
        try await repository.tag("v1.0.2", annotation: "Three", of: "v1.0.1")
        let blob = try await repository.line(["rev-parse", "HEAD:key"], in: repository.work)
        try await repository.tag("v2.0.0", of: blob)
        try await repository.tag("v2.0.1", of: "HEAD^{tree}")
        let found = try await lookout.commits(subscription(repository, .semVer))
        #expect(found.map(\.tag) == ["v1.0.2", "v1.0.1", "v1.0.0"])
        #expect(Set(found.map(\.id)) == [id])
        #expect(found.allSatisfy { $0.message == "First" && $0.committedAtMs == 5_000_000 })
    }

    @Test func `tags that no step could check out are no candidates`() async throws {
        let repository = try await workshop.makeRepository("web")
        let id = try await repository.push("First")
        for name in ["--upload-pack=touch", "$(id)", "a'b", "é", "-v1", "v1", "x;y"] {
            try await workshop.run(["update-ref", "refs/tags/\(name)", id], in: repository.bare)
        }
        #expect(try await lookout.tags(subscription(repository, .lexical)) == ["v1"])
    }

    @Test func `no tag matches, so nothing is found`() async throws {
        let repository = try await workshop.makeRepository("web")
        #expect(try await lookout.commits(subscription(repository, .lexical)).isEmpty)
        try await repository.push("First")
        #expect(try await lookout.commits(subscription(repository, .newestTag)).isEmpty)
        try await repository.tag("v1.0.0")
        let none = subscription(repository, .semVer) { $0.semverConstraint = ">2" }
        #expect(try await lookout.commits(none).isEmpty)
    }

    @Test func `a hostile expression is given up, and says which it is`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        try await repository.tag(String(repeating: "a", count: 60) + "b")
        let hostile = subscription(repository, .lexical) { $0.allowTagsRegexes = ["^(a+)+$"] }
        let started = ContinuousClock.now
        let error = await #expect(throws: DiscoveryError.self) {
            _ = try await lookout.commits(hostile)
        }
        #expect(error?.description.contains("matching \"^(a+)+$\" took too long") == true)
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test func `an unchanged repository is read from nowhere else, even by a new process`()
        async throws
    {
        let repository = try await makeReleases()
        let semver = subscription(repository, .semVer)
        let found = try await lookout.commits(semver)
        let mirror = try lookout.mirror()
        // A mirror that cannot be read: whoever needs it fails.
        try FileManager.default.removeItem(atPath: "\(mirror)/objects")
        #expect(try await lookout.commits(semver) == found)
        #expect(try await Lookout(workshop).commits(semver) == found)
    }
}
