private import EventLog
import Git
import PromotionModel

/// Where a branch stands.
struct BranchHead: Hashable, Sendable {
    let branch: String
    /// The full commit id.
    let id: String
}

/// A remote repository and our mirror of it.
struct GitRepository: Sendable {
    let url: String
    /// A bare repository with commits and trees, without file contents.
    let mirror: String
    let git: GitProgram
    let cacheDirectory: String

    /// Asks the remote where `branch`, or its default branch, stands: one call.
    func head(of branch: String?) async throws(DiscoveryError) -> BranchHead {
        let pattern = branch.map { "refs/heads/\($0)" } ?? "HEAD"
        let listing = try await run(
            ["ls-remote", "--quiet", "--symref", "--end-of-options", url, pattern],
            in: cacheDirectory
        )
        var defaultBranch: String?
        var id: String?
        for line in listing.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1)
            // A pattern also matches the ends of longer names; only the name itself counts.
            guard fields.count == 2, fields[1] == pattern else { continue }
            if fields[0].hasPrefix("ref: refs/heads/") {
                defaultBranch = String(fields[0].dropFirst("ref: refs/heads/".count))
            } else {
                id = String(fields[0])
            }
        }
        guard let id else {
            if let branch { throw .noBranch(repoURL: url, branch: branch) }
            throw .noDefaultBranch(repoURL: url)
        }
        guard let name = branch ?? defaultBranch, GitReference.isName(name),
            GitReference.isCommitID(id)
        else { throw .noDefaultBranch(repoURL: url) }
        return BranchHead(branch: name, id: id)
    }

    /// Brings the mirror to `head`, unless it is there.
    ///
    /// Answers what the mirror has then: newer than `head` if the branch was moved meanwhile.
    func fetch(_ head: BranchHead) async throws(DiscoveryError) -> BranchHead {
        if try await mirrored(head.branch) == head.id { return head }
        _ = try await run(["init", "--quiet", "--bare", "--end-of-options", mirror], in: "/")
        // A remote of its own: the filter is recorded with it, so later fetches keep to it.
        for (key, value) in [
            ("remote.origin.url", url), ("remote.origin.promisor", "true"),
            ("remote.origin.partialCloneFilter", "blob:none"),
        ] {
            _ = try await run(["config", "--replace-all", key, value], in: mirror)
        }
        let source = "refs/heads/\(head.branch)"
        _ = try await run(
            [
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none",
                "--end-of-options", "origin", "+\(source):\(Self.reference(head.branch))",
            ],
            in: mirror
        )
        guard let id = try await mirrored(head.branch) else {
            throw .noBranch(repoURL: url, branch: head.branch)
        }
        return BranchHead(branch: head.branch, id: id)
    }

    /// The commit that the mirror has for `branch`; nil if it has none, or if there is no mirror.
    private func mirrored(_ branch: String) async throws(DiscoveryError) -> String? {
        do {
            let result = try await git.run(
                ["--git-dir=\(mirror)", "show-ref", "--hash", "--verify", Self.reference(branch)],
                in: "/"
            )
            guard result.status == 0 else { return nil }
            return String(result.output.prefix { $0 != "\n" })
        } catch {
            throw .unreachable(repoURL: url, reason: error.description)
        }
    }

    /// Where the mirror keeps a branch: by a hash, so that `a` may become `a/b` without conflict.
    private static func reference(_ branch: String) -> String {
        "refs/waybill/\(Digest.sha256(Array(branch.utf8)).hex.prefix(32))"
    }

    /// At most `limit` commits that `head` has in its history, newest first.
    func commits(
        from head: BranchHead,
        limit: Int,
        sinceMs: Int64?
    ) async throws(DiscoveryError) -> [CommitArtifact] {
        let fields = ["%H", "%an <%ae>", "%cn <%ce>", "%ct", "%s"]
        let log = try await run(
            [
                "log", "-z", "--no-color", "--no-show-signature", "--no-mailmap",
                "--no-notes", "--max-count=\(limit)",
                "--format=tformat:" + fields.joined(separator: "%x01"), "--end-of-options",
                head.id,
            ],
            in: mirror
        )
        return log.split(separator: "\0").compactMap { record in
            // The subject is last and may hold anything.
            let parts = record.split(
                separator: "\u{1}",
                maxSplits: fields.count - 1,
                omittingEmptySubsequences: false
            )
            guard parts.count == fields.count, let seconds = Int64(parts[3]) else { return nil }
            if let sinceMs, seconds * 1000 < sinceMs { return nil }
            var commit = CommitArtifact(repoURL: url, id: String(parts[0]), branch: head.branch)
            commit.author = Self.presentable(parts[1], countMax: 200)
            commit.committer = Self.presentable(parts[2], countMax: 200)
            commit.committedAtMs = seconds * 1000
            commit.message = Self.presentable(parts[4], countMax: 80)
            return commit
        }
    }

    /// Text of strangers for one line of a table: control characters become blanks.
    private static func presentable(_ text: Substring, countMax: Int) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        return String(String(scalars).prefix(countMax))
    }

    private func run(
        _ arguments: [String],
        in directory: String
    ) async throws(DiscoveryError) -> String {
        do {
            return try await git.output(arguments, in: directory)
        } catch {
            throw .unreachable(repoURL: url, reason: error.description)
        }
    }
}
