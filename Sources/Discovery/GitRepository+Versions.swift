import Git
import PromotionModel

/// What a version means in a mirror that has all branches and tags.
extension GitRepository {
    /// The commit that `version` means; see ``WarehouseDiscovery/commit(_:of:)``.
    func resolve(_ version: String) async throws(DiscoveryError) -> CommitArtifact {
        if GitReference.isCommitID(version) {
            // Before names: whoever may push a branch could call it like a commit.
            guard let id = try await commit(of: version), try await isReachable(id) else {
                throw .noVersion(repoURL: url, version: version, similar: nil)
            }
            return try await artifact(id)
        }
        let tag = Self.name(version, behind: "refs/tags/")
        if let tag, let id = try await commit(of: "refs/tags/\(tag)") {
            return try await artifact(id, tag: tag)
        }
        let branch = Self.name(version, behind: "refs/heads/")
        if let branch, let id = try await commit(of: "refs/heads/\(branch)") {
            return try await artifact(id, branch: branch)
        }
        if let id = try await commit(beginningWith: version) { return try await artifact(id) }
        throw .noVersion(repoURL: url, version: version, similar: try await similar(to: version))
    }

    /// The name in `version`, if it can be one of that kind.
    private static func name(_ version: String, behind prefix: String) -> String? {
        if version.hasPrefix(prefix) {
            let name = String(version.dropFirst(prefix.count))
            return GitReference.isName(name) ? name : nil
        }
        return GitReference.isName(version) ? version : nil
    }

    private func artifact(
        _ id: String,
        branch: String? = nil,
        tag: String? = nil
    ) async throws(DiscoveryError) -> CommitArtifact {
        guard let commit = try await commits([id])[id] else {
            throw .unreachable(repoURL: url, reason: "its mirror lost the commit \(id)")
        }
        return artifact(commit, branch: branch, tag: tag)
    }

    /// The one commit whose id begins so; nil if there is none.
    private func commit(beginningWith digits: String) async throws(DiscoveryError) -> String? {
        let isHexadecimal = digits.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
        }
        guard isHexadecimal, (7...64).contains(digits.utf8.count) else { return nil }
        let objects = try await text(["rev-parse", "--disambiguate=\(digits)"])
            .split(separator: "\n").map(String.init)
        guard !objects.isEmpty else { return nil }
        let kinds = try await text(
            ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
            input: Self.lines(objects)
        )
        var ids: [String] = []
        for line in kinds.split(separator: "\n") where line.hasSuffix(" commit") {
            let id = String(line.dropLast(" commit".count))
            if try await isReachable(id) { ids.append(id) }
        }
        guard ids.count < 2 else {
            throw .ambiguousVersion(repoURL: url, version: digits, count: ids.count)
        }
        return ids.first
    }

    /// Whether a branch or tag has the commit in its history.
    ///
    /// A hosting service also hands out commits that nobody took over, from forks for instance.
    private func isReachable(_ id: String) async throws(DiscoveryError) -> Bool {
        let places = ["refs/heads/", "refs/tags/"]
        let options = ["--count=1", "--contains=\(id)", "--format=%(refname)"]
        return !(try await text(["for-each-ref"] + options + places)).isEmpty
    }

    /// The tag that somebody who wrote `version` may have meant: the same with or without a `v`.
    private func similar(to version: String) async throws(DiscoveryError) -> String? {
        let other = version.hasPrefix("v") ? String(version.dropFirst()) : "v" + version
        guard GitReference.isName(other), try await commit(of: "refs/tags/\(other)") != nil else {
            return nil
        }
        return other
    }
}
