import EventLog
import Git
import Matching
import PromotionModel

/// A remote repository and our mirror of it.
///
/// The mirror is a bare repository with commits and trees; without file contents where the remote
/// can leave them away. Callers see to it that one at a time works in a mirror.
struct GitRepository: Sendable {
    let url: String
    /// The mirror's directory, absolute.
    let mirror: String
    /// Whether certificates are not looked at.
    let skipsVerification: Bool
    let programs: GitPrograms

    /// Asks the remote where it stands, as far as `selection` looks at it: one call.
    func state(
        of branch: String?,
        for selection: CommitSelection
    ) async throws(DiscoveryError) -> RemoteState {
        let empty = RemoteListing(selection, branch: branch)
        let listing = try await records(
            ["ls-remote", "--quiet", "--symref", "--end-of-options", url] + empty.patterns,
            isRemote: true,
            by: programs.listing,
            from: empty
        ) { $0.take($1) }
        if let failure = listing.failure { throw .selection(repoURL: url, failure) }
        if listing.hasTooManyTags {
            throw .tooManyTags(repoURL: url, countMax: RemoteListing.tagCountMax)
        }
        guard selection.strategy == .newestFromBranch else { return .tags(listing.tagsDigest) }
        guard let id = listing.headID else {
            if let branch { throw .noBranch(repoURL: url, branch: branch) }
            throw .noDefaultBranch(repoURL: url)
        }
        guard let name = branch ?? listing.defaultBranch, GitReference.isName(name) else {
            throw .noDefaultBranch(repoURL: url)
        }
        return .branch(BranchHead(branch: name, id: id))
    }

    /// What `selection` chooses where the remote stands at `state`, or later.
    func artifacts(
        at state: RemoteState,
        _ selection: CommitSelection
    ) async throws(DiscoveryError) -> [CommitArtifact] {
        switch state {
        case .branch(let head):
            let mirrored = try await fetch(head)
            return try await commits(from: mirrored, selection)
                .map { artifact($0, branch: head.branch) }
        case .tags:
            try await fetchTags()
            return try await tags(selection).map { artifact($0.commit, tag: $0.name) }
        }
    }

    /// The commit as it stands in freight; text of strangers is made presentable.
    func artifact(
        _ commit: CommitDetails,
        branch: String? = nil,
        tag: String? = nil
    ) -> CommitArtifact {
        var artifact = CommitArtifact(repoURL: url, id: commit.id, branch: branch, tag: tag)
        artifact.author = ShortText.presentable(commit.author, countMax: 200)
        artifact.committer = ShortText.presentable(commit.committer, countMax: 200)
        artifact.committedAtMs = commit.committed.rawValue
        artifact.message = ShortText.presentable(commit.subject, countMax: 80)
        return artifact
    }

    // MARK: - Reading

    /// The commits that `selection` chooses in the history of `head`, newest first.
    private func commits(
        from head: BranchHead,
        _ selection: CommitSelection
    ) async throws(DiscoveryError) -> [CommitDetails] {
        var options: [String] = []
        if selection.takesEveryCommit { options.append("--max-count=\(selection.limit)") }
        // Rounded up: git compares whole seconds.
        if let sinceMs = selection.sinceMs {
            options.append("--max-age=\((sinceMs + 999) / 1_000)")
        }
        var revisions = ["--end-of-options", head.id]
        // Where it is known below which directories all that counts lies, git leaves out by itself
        // what changes nothing there: far fewer trees are read. An expression is to see all. Paths
        // are given to git as they are (`--literal-pathspecs`).
        if let bases = selection.paths.bases, !selection.hasExpression {
            options.append("--full-history")
            revisions += ["--"] + bases
        }
        return try await log(options, revisions, selection)
    }

    /// What `git log` tells of commits, as far as `selection` chooses them.
    private func log(
        _ options: [String],
        _ revisions: [String],
        input: [UInt8] = [],
        _ selection: CommitSelection
    ) async throws(DiscoveryError) -> [CommitDetails] {
        // The paths of a merge are those that differ from its first parent.
        let names = ["--name-status", "--no-renames", "--diff-merges=first-parent"]
        var reader = try await records(
            [
                // Enough for the trees along a history; the default of 96 MiB would be taken by
                // each of many reads side by side.
                "-c", "core.deltaBaseCacheLimit=32m",
                "log", "-z", "--no-color", "--no-show-signature", "--no-mailmap", "--no-notes",
                "--format=tformat:" + CommitLogReader.format,
            ] + (selection.looksAtPaths ? names : []) + options + revisions,
            by: programs.reading,
            separatedBy: 0,
            input: input,
            from: CommitLogReader(selection)
        ) { $0.take($1) }
        reader.finish()
        if let failure = reader.collector.failure { throw .selection(repoURL: url, failure) }
        return reader.collector.chosen
    }

    /// What git tells of the commits `ids`, as far as they are there.
    func commits(_ ids: [String]) async throws(DiscoveryError) -> [String: CommitDetails] {
        let found = try await log(
            ["--no-walk=unsorted", "--stdin"],
            [],
            input: Self.lines(ids),
            CommitSelection.everything
        )
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The tags that `selection` chooses, in its order.
    private func tags(
        _ selection: CommitSelection
    ) async throws(DiscoveryError) -> [TagDetails] {
        let order = selection.strategy == .newestTag ? ["--sort=-creatordate"] : []
        let list = try await records(
            ["for-each-ref"] + order + ["--format=" + TagListReader.format, "refs/tags/"],
            by: programs.reading,
            from: TagListReader(selection)
        ) { $0.take($1) }
        if let failure = list.failure { throw .selection(repoURL: url, failure) }
        let candidates = try await withCommitsOfNestedTags(list)
        var chosen: [TagDetails]
        do {
            chosen = try selection.chosen(of: candidates)
        } catch {
            throw .selection(repoURL: url, error)
        }
        if selection.looksAtPaths, !chosen.isEmpty {
            var seen: Set<String> = []
            let ids = chosen.map(\.commit.id).filter { seen.insert($0).inserted }
            // In the order of the tags, so that git can be ended when there are enough.
            let hits = try await log(
                ["--no-walk=unsorted", "--stdin"],
                [],
                input: Self.lines(ids),
                selection.byPathsAlone
            )
            let hitIDs = Set(hits.map(\.id))
            chosen = chosen.filter { hitIDs.contains($0.commit.id) }
        }
        return selection.limited(chosen)
    }

    /// The tags of a list, those of other tags with the commits that these come to in the end.
    private func withCommitsOfNestedTags(
        _ list: TagListReader
    ) async throws(DiscoveryError) -> [TagDetails] {
        guard !list.nested.isEmpty else { return list.tags }
        let places = list.nested.keys.sorted()
        let objects = places.compactMap { list.nested[$0] }
        let answers = try await text(
            ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
            input: Self.lines(objects.map { "\($0)^{commit}" })
        ).split(separator: "\n", omittingEmptySubsequences: false)
        var ids: [Int: String] = [:]
        for (place, answer) in zip(places, answers) where answer.hasSuffix(" commit") {
            ids[place] = String(answer.dropLast(" commit".count))
        }
        let commits = try await commits(ids.values.sorted())
        return list.tags.enumerated().compactMap { place, tag in
            guard list.nested[place] != nil else { return tag }
            guard let commit = ids[place].flatMap({ commits[$0] }) else { return nil }
            var tag = tag
            tag.commit = commit
            return tag
        }
    }

    static func lines(_ texts: [String]) -> [UInt8] {
        texts.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
    }
}
