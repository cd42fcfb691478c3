import Discovery
import Foundation
import PromotionModel
import Testing

/// Discovery finds the newest commits of a branch.
@Suite struct DiscoveringCommits {
    let workshop: Workshop
    let discovery: WarehouseDiscovery
    let cache: String

    init() throws {
        workshop = try Workshop()
        cache = try workshop.directory("cache")
        var options = DiscoveryOptions()
        options.allowFileRepositories = true
        discovery = WarehouseDiscovery(cacheDirectory: cache, options: options)
    }

    private func commits(_ subscription: GitSubscription) async throws -> [CommitArtifact] {
        var spec = WarehouseSpec()
        spec.subscriptions = [Subscription(name: "code", git: subscription)]
        let findings = try await discovery.findings(for: spec)
        #expect(findings.count == 1)
        #expect(findings[0].subscription == "code")
        #expect(findings[0].repoURL == subscription.repoURL)
        return findings[0].artifacts.compactMap(\.commit)
    }

    /// The error's sentence; nil if there is none.
    private func complaint(_ subscription: GitSubscription) async -> String? {
        do {
            _ = try await commits(subscription)
            return nil
        } catch let error as DiscoveryError {
            return error.description
        } catch {
            return "not a DiscoveryError: \(error)"
        }
    }

    @Test func `the newest commit comes first, with everything that is known of it`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First", at: 1_000_000)
        let id = try await repository.push("Second\n\nAnd why.", at: 2_000_000)
        let found = try await commits(GitSubscription(repoURL: repository.url, branch: "main"))
        #expect(found.map(\.message) == ["Second", "First"])
        var expected = CommitArtifact(repoURL: repository.url, id: id, branch: "main")
        expected.message = "Second"
        expected.author = "shop <shop@example.com>"
        expected.committer = "shop <shop@example.com>"
        expected.committedAtMs = 2_000_000_000
        expected.subscription = "code"
        #expect(found[0] == expected)
    }

    @Test func `no more commits than the limit, none before the cut-off`() async throws {
        let repository = try await workshop.makeRepository("web")
        for number in 1...5 { try await repository.push("\(number)", at: number * 1000) }
        var subscription = GitSubscription(repoURL: repository.url, branch: "main")
        subscription.discoveryLimit = 3
        #expect(try await commits(subscription).map(\.message) == ["5", "4", "3"])
        subscription.sinceMs = 4_000_000
        #expect(try await commits(subscription).map(\.message) == ["5", "4"])
    }

    @Test func `without a branch, the repository's default is taken and named`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("Old", branch: "trunk")
        try await workshop.run(
            ["symbolic-ref", "HEAD", "refs/heads/trunk"],
            in: repository.bare
        )
        let found = try await commits(GitSubscription(repoURL: repository.url))
        #expect(found.map(\.branch) == ["trunk"])
    }

    @Test func `an unchanged repository is asked once and read from nowhere else`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        let subscription = GitSubscription(repoURL: repository.url, branch: "main")
        let found = try await commits(subscription)
        for mirror in try FileManager.default.contentsOfDirectory(atPath: cache) {
            try FileManager.default.removeItem(atPath: "\(cache)/\(mirror)")
        }
        #expect(try await commits(subscription) == found)
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache).isEmpty)
    }

    @Test func `new commits and a rewritten history are seen`() async throws {
        let repository = try await workshop.makeRepository("web")
        let first = try await repository.push("First")
        try await repository.push("Second")
        let subscription = GitSubscription(repoURL: repository.url, branch: "main")
        #expect(try await commits(subscription).map(\.message) == ["Second", "First"])
        try await repository.push("Third")
        #expect(try await commits(subscription).map(\.message) == ["Third", "Second", "First"])
        try await workshop.run(["reset", "--quiet", "--hard", first], in: repository.work)
        try await repository.push("Other")
        #expect(try await commits(subscription).map(\.message) == ["Other", "First"])
    }

    @Test func `a branch may become a folder of branches`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First", branch: "release")
        _ = try await commits(GitSubscription(repoURL: repository.url, branch: "release"))
        try await workshop.run(["branch", "-D", "release"], in: repository.bare)
        try await repository.push("Second", branch: "release/1")
        let found = try await commits(
            GitSubscription(repoURL: repository.url, branch: "release/1")
        )
        #expect(found.first?.message == "Second")
    }

    @Test func `a branch is not taken for another whose name ends alike`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First", branch: "x/refs/heads/main")
        let complaint = await complaint(GitSubscription(repoURL: repository.url, branch: "main"))
        #expect(complaint?.contains("has no branch main") == true)
    }

    @Test func `control characters become blanks, long subjects are cut`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("Red \u{1B}[31m" + String(repeating: "x", count: 200))
        let found = try await commits(GitSubscription(repoURL: repository.url, branch: "main"))
        #expect(found[0].message?.count == 80)
        #expect(found[0].message?.hasPrefix("Red  [31mxx") == true)
    }
}

/// What cannot be read is said in one sentence that names the repository.
@Suite struct UnreadableRepositories {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private func error(
        _ subscription: GitSubscription,
        allowFiles: Bool = true
    ) async throws -> DiscoveryError? {
        var options = DiscoveryOptions()
        options.allowFileRepositories = allowFiles
        let discovery = WarehouseDiscovery(
            cacheDirectory: try workshop.directory("cache"),
            options: options
        )
        var spec = WarehouseSpec()
        spec.subscriptions = [Subscription(git: subscription)]
        do {
            _ = try await discovery.findings(for: spec)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a repository that is not there`() async throws {
        let url = "file://\(workshop.path)/nowhere.git"
        let error = try await error(GitSubscription(repoURL: url, branch: "main"))
        #expect(error?.isTerminal == false)
        #expect(error?.description.hasPrefix("\(url) cannot be read: git ls-remote: ") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `a repository without commits, a branch that is missing`() async throws {
        let repository = try await workshop.makeRepository("web")
        let empty = try await error(GitSubscription(repoURL: repository.url))
        #expect(empty == .noDefaultBranch(repoURL: repository.url))
        try await repository.push("First")
        let missing = try await error(GitSubscription(repoURL: repository.url, branch: "next"))
        #expect(missing == .noBranch(repoURL: repository.url, branch: "next"))
    }

    @Test(arguments: [
        "--upload-pack=touch x", "-x", "a b", "a..b", "a\nb", "a/", "/a", "a.lock", "@{1}", "a*",
        "$(id)", "",
    ])
    func `a branch that is no name is not handed to git`(branch: String) async throws {
        let error = try await error(
            GitSubscription(repoURL: "https://example.com/web.git", branch: branch)
        )
        #expect(
            error == .refusedBranch(repoURL: "https://example.com/web.git", branch: branch)
        )
        #expect(error?.isTerminal == true)
    }

    @Test func `a default branch that is called like an option is not handed on`() async throws {
        let repository = try await workshop.makeRepository("web")
        let id = try await repository.push("First")
        let name = "refs/heads/--upload-pack=touch"
        try await workshop.run(["update-ref", name, id], in: repository.bare)
        try await workshop.run(["symbolic-ref", "HEAD", name], in: repository.bare)
        let error = try await error(GitSubscription(repoURL: repository.url))
        #expect(error == .noDefaultBranch(repoURL: repository.url))
    }

    @Test(arguments: [
        "ext::sh -c id", "http://example.com/web.git", "--upload-pack=id", "git://example.com/web",
        "fd::17", "https://example.com/a\nb", "", "ftp://example.com/web", "../web.git",
    ])
    func `only https and ssh leave this machine`(url: String) async throws {
        let error = try await error(GitSubscription(repoURL: url, branch: "main"))
        guard case .refusedURL = error else {
            Issue.record("\(url) was not refused: \(String(describing: error))")
            return
        }
    }

    @Test func `repositories on this machine need permission`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        let error = try await error(GitSubscription(repoURL: repository.url), allowFiles: false)
        #expect(error?.description.contains("--allow-file-repos") == true)
    }

    @Test func `credentials in a URL are not shown`() async throws {
        let error = DiscoveryError.unreachable(
            repoURL: "https://user:hunter2@example.com/web.git",
            reason: "no"
        )
        #expect(error.description == "https://***@example.com/web.git cannot be read: no")
    }

    @Test func `what cannot be compiled or decided is told in one line`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        var subscription = GitSubscription(repoURL: repository.url, branch: "main")
        subscription.expressionFilter = "subject + 1"
        let undecided = try await error(subscription)
        #expect(undecided?.isTerminal == true)
        #expect(
            undecided?.description.hasPrefix(
                "\(repository.url) is not looked at: expressionFilter has no answer about commit "
            ) == true
        )
        #expect(undecided?.description.contains("\n") == false)
        subscription.expressionFilter = "subject +"
        #expect(
            try await error(subscription)?.description
                == "\(repository.url) is not looked at: expressionFilter cannot be read: the "
                + "expression ends too early; mend the subscription in the warehouse"
        )
        subscription.expressionFilter = nil
        subscription.includePaths = ["regex:(?=a)"]
        guard case .selection = try await error(subscription) else {
            Issue.record("the regular expression was accepted")
            return
        }
    }

    @Test func `only git repositories are looked at`() async throws {
        let discovery = WarehouseDiscovery(cacheDirectory: try workshop.directory("cache"))
        var image = ImageSubscription()
        image.repoURL = "example.com/web"
        var subscription = Subscription()
        subscription.image = image
        var spec = WarehouseSpec()
        spec.subscriptions = [subscription]
        await #expect(throws: DiscoveryError.self) { _ = try await discovery.findings(for: spec) }
    }
}
