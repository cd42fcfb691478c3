import EventLog
import Git
import Glibc

/// The mirror: how it is made and brought up to date, and how git is run.
extension GitRepository {
    /// Brings the mirror to `head`, unless it is there.
    ///
    /// Answers what the mirror has then: newer than `head` if the branch was moved meanwhile.
    func fetch(_ head: BranchHead) async throws(DiscoveryError) -> BranchHead {
        let reference = Self.reference(head.branch)
        if try await commit(of: reference) == head.id { return head }
        try await fetch(["+refs/heads/\(head.branch):\(reference)"], objectIDCount: head.id.count)
        guard let id = try await commit(of: reference) else {
            throw .noBranch(repoURL: url, branch: head.branch)
        }
        return BranchHead(branch: head.branch, id: id)
    }

    /// Brings the mirror's tags up to date; what was deleted is deleted there too.
    func fetchTags() async throws(DiscoveryError) {
        try await fetch(["+refs/tags/*:refs/tags/*"], isPruning: true)
        // One file for all instead of one for each.
        _ = try await text(["pack-refs", "--all"])
    }

    /// Brings all branches and tags of the mirror up to date.
    func fetchEverything() async throws(DiscoveryError) {
        let everything = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
        try await fetch(everything, isPruning: true)
        _ = try await text(["pack-refs", "--all"])
    }

    /// Whether the mirror is there, whatever state it is in.
    var isMirrored: Bool { unsafe access(mirror + "/HEAD", F_OK) == 0 }

    private func fetch(
        _ specifications: [String],
        isPruning: Bool = false,
        objectIDCount: Int = 40
    ) async throws(DiscoveryError) {
        if !isMirrored { try await makeMirror(objectIDCount: objectIDCount) }
        _ = try await text(
            ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none"]
                + (isPruning ? ["--prune"] : [])
                + ["--end-of-options", "origin"] + specifications,
            by: programs.fetching
        )
        // Each fetch adds a pack; now and then they are made one. Nothing is lost if that fails.
        let upkeep = ["-c", "gc.auto=6700", "-c", "gc.autoPackLimit=50", "gc", "--auto", "--quiet"]
        _ = try? await text(upkeep + ["--no-detach"])
    }

    private func makeMirror(objectIDCount: Int) async throws(DiscoveryError) {
        let format = objectIDCount == 64 ? ["--object-format=sha256"] : []
        _ = try await text(
            ["init", "--quiet", "--bare"] + format + ["--end-of-options", mirror],
            isRemote: true
        )
        // A remote of its own: the filter is recorded with it, so later fetches keep to it.
        for (key, value) in [
            ("remote.origin.url", url), ("remote.origin.promisor", "true"),
            ("remote.origin.partialCloneFilter", "blob:none"),
        ] {
            _ = try await text(["config", "--replace-all", key, value])
        }
    }

    /// The commit that a reference or id of the mirror comes to; nil if it has none, or if there
    /// is no mirror.
    func commit(of revision: String) async throws(DiscoveryError) -> String? {
        do {
            let result = try await programs.reading.run(
                leading(isRemote: false) + [
                    "rev-parse", "--quiet", "--verify", "--end-of-options",
                    "\(revision)^{commit}",
                ],
                in: "/"
            )
            let line = String(result.output.prefix { $0 != "\n" })
            return result.status == 0 && GitReference.isCommitID(line) ? line : nil
        } catch {
            throw failure(error)
        }
    }

    /// Where the mirror keeps a branch: by a hash, so that `a` may become `a/b` without conflict.
    private static func reference(_ branch: String) -> String {
        "refs/waybill/\(Digest.sha256(Array(branch.utf8)).hex.prefix(32))"
    }

    // MARK: - Running git

    /// What git is given before its command.
    ///
    /// The mirror is always named, never looked for: where it is broken git would take a
    /// repository around it, with that one's configuration.
    private func leading(isRemote: Bool) -> [String] {
        (skipsVerification ? ["-c", "http.sslVerify=false"] : [])
            + (isRemote ? [] : ["--git-dir=\(mirror)"])
    }

    /// The standard output of a run in the mirror, or of one that needs no mirror.
    func text(
        _ arguments: [String],
        isRemote: Bool = false,
        input: [UInt8] = [],
        by program: GitProgram? = nil
    ) async throws(DiscoveryError) -> String {
        do {
            return try await (program ?? programs.reading).output(
                leading(isRemote: isRemote) + arguments,
                in: "/",
                input: input
            )
        } catch {
            throw failure(error)
        }
    }

    /// The standard output of such a run, taken record by record.
    func records<State: Sendable>(
        _ arguments: [String],
        isRemote: Bool = false,
        by program: GitProgram,
        separatedBy separator: UInt8 = UInt8(ascii: "\n"),
        input: [UInt8] = [],
        from state: State,
        _ take: @escaping @Sendable (inout State, ArraySlice<UInt8>) -> Bool
    ) async throws(DiscoveryError) -> State {
        do {
            return try await program.records(
                leading(isRemote: isRemote) + arguments,
                in: "/",
                separatedBy: separator,
                input: input,
                from: state,
                take
            )
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: GitError) -> DiscoveryError {
        if case .tookTooLong = error {
            return .tookTooLong(repoURL: url, reason: error.description)
        }
        return .unreachable(repoURL: url, reason: error.description)
    }
}
