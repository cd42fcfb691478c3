import Discovery
import Foundation
import PromotionModel
import Testing

/// A version is looked up in a repository, whether it was discovered or not.
@Suite struct LookingUpVersions {
    let workshop: Workshop
    let lookout: Lookout

    init() throws {
        workshop = try Workshop()
        lookout = try Lookout(workshop)
    }

    private func look(_ version: String, in repository: Repository) async throws -> CommitArtifact {
        try await lookout.discovery.commit(
            version,
            of: Subscription(name: "code", git: GitSubscription(repoURL: repository.url))
        )
    }

    private func complaint(_ version: String, in repository: Repository) async -> String? {
        do {
            _ = try await look(version, in: repository)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a tag, a branch, a commit, and the beginning of a commit's id`() async throws {
        let repository = try await workshop.makeRepository("web")
        let first = try await repository.push("First", at: 1_000)
        let second = try await repository.push("Second", at: 2_000)
        try await repository.tag("v1.0.0", annotation: "One", of: first)
        try await repository.push("Fix", branch: "hotfix/42")
        try await workshop.run(["reset", "--quiet", "--hard", second], in: repository.work)

        let tagged = try await look("v1.0.0", in: repository)
        var expected = CommitArtifact(repoURL: repository.url, id: first, tag: "v1.0.0")
        expected.message = "First"
        expected.author = "shop <shop@example.com>"
        expected.committer = "shop <shop@example.com>"
        expected.committedAtMs = 1_000_000
        expected.subscription = "code"
        #expect(tagged == expected)
        let branch = try await look("hotfix/42", in: repository)
        #expect(branch.branch == "hotfix/42" && branch.message == "Fix" && branch.tag == nil)
        let commit = try await look(second, in: repository)
        #expect(commit.id == second && commit.branch == nil && commit.tag == nil)
        #expect(try await look(String(first.prefix(7)), in: repository).id == first)
        // What was pushed since is there as well.
        let third = try await repository.push("Third")
        #expect(try await look("main", in: repository).id == third)
    }

    @Test func `a tag goes before a branch, a full id before both, a full name says which`()
        async throws
    {
        let repository = try await workshop.makeRepository("web")
        let first = try await repository.push("First")
        let second = try await repository.push("Second")
        try await repository.tag("release", of: first)
        try await repository.push("Third", branch: "release")
        for kind in ["heads", "tags"] {
            try await workshop.run(
                ["update-ref", "refs/\(kind)/\(second)", first],
                in: repository.bare
            )
        }
        #expect(try await look("release", in: repository).id == first)
        #expect(try await look("refs/heads/release", in: repository).message == "Third")
        #expect(try await look("refs/tags/release", in: repository).id == first)
        #expect(try await look(second, in: repository).id == second)
        #expect(try await look("refs/heads/\(second)", in: repository).id == first)
    }

    @Test func `what is not there is refused, with the tag that was perhaps meant`() async throws {
        let repository = try await workshop.makeRepository("web")
        let first = try await repository.push("First")
        try await repository.tag("v1.0.0")
        #expect(
            await complaint("1.0.0", in: repository)
                == "\(repository.url) has no tag, branch or commit 1.0.0; did you mean v1.0.0?"
        )
        #expect(
            await complaint("v2", in: repository)
                == "\(repository.url) has no tag, branch or commit v2; push it first"
        )
        for version in [
            String(first.prefix(6)), "--upload-pack=id", "", "HEAD", "main~0", "main^{tree}",
            ":/First",
            "refs/tags/main", "@{-1}", String(repeating: "0", count: 40), "0000000",
        ] {
            #expect(
                await complaint(version, in: repository)?.contains("has no tag") == true,
                "\(version)"
            )
        }
    }

    @Test func `a commit that no branch or tag has is none of the repository's`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await workshop.run(
            ["config", "uploadpack.allowAnySHA1InWant", "true"],
            in: repository.bare
        )
        let first = try await repository.push("First")
        let dropped = try await repository.push("Dropped")
        #expect(try await look(dropped, in: repository).id == dropped)
        try await workshop.run(["reset", "--quiet", "--hard", first], in: repository.work)
        try await repository.push("Rewritten")
        #expect(await complaint(dropped, in: repository)?.contains("has no tag") == true)
        #expect(
            await complaint(String(dropped.prefix(8)), in: repository)?.contains("has no tag")
                == true
        )
    }

    @Test func `too few digits for one commit are told to be so`() async throws {
        let repository = try await workshop.makeRepository("web")
        try await repository.push("First")
        let tree = try await repository.line(["mktree"])
        // Two times at which an empty commit gets an id that begins alike, found by trying.
        var ids: [String] = []
        for (number, time) in [1_002_126, 1_011_384].enumerated() {
            let id = try await workshop.run(
                ["commit-tree", tree, "-m", "x"],
                in: repository.bare,
                at: time
            )
            ids.append(String(id.prefix { $0 != "\n" }))
            try await workshop.run(
                ["update-ref", "refs/heads/b\(number)", ids[number]],
                in: repository.bare
            )
        }
        #expect(ids[1] == "d68cc33e4ede2769434e0bd94f77a3fb14028c59")
        let digits = String(ids[0].prefix(7))
        #expect(
            await complaint(digits, in: repository)
                == "\(digits) begins the ids of 2 commits of \(repository.url); write more digits"
        )
    }
}
