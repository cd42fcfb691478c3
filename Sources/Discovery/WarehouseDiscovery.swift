private import EventLog
package import Git
package import PromotionModel

/// Looks at what warehouses watch, and says what is there.
///
/// Keeps a bare mirror without file contents for each repository under its cache directory.
/// A repository whose branch did not move costs one call, `git ls-remote`.
package actor WarehouseDiscovery {
    private let cacheDirectory: String
    private let options: DiscoveryOptions
    private let git: GitProgram
    private let mirrors = OneAtATime()
    /// The last answer for each subscription, and where its branch stood then.
    ///
    /// Owned by the actor; grows with the number of subscriptions, not of commits.
    private var answers: [GitSubscription: Answer] = [:]

    private struct Answer {
        let head: BranchHead
        let artifacts: [Artifact]
    }

    /// A discovery that keeps its mirrors under `cacheDirectory`, an absolute path of a
    /// directory that is there.
    package init(cacheDirectory: String, options: DiscoveryOptions = DiscoveryOptions()) {
        precondition(cacheDirectory.hasPrefix("/"), "\(cacheDirectory) is no absolute path")
        self.cacheDirectory = cacheDirectory
        self.options = options
        git = GitProgram(
            home: cacheDirectory,
            allowFileRepositories: options.allowFileRepositories,
            limits: options.limits
        )
    }

    /// What the subscriptions of `spec` have to offer, in their order, the newest first.
    ///
    /// All or nothing: the first subscription that fails is the error.
    package func findings(
        for spec: WarehouseSpec
    ) async throws(DiscoveryError) -> [SubscriptionFinding] {
        var findings: [SubscriptionFinding] = []
        for subscription in spec.subscriptions {
            guard let repository = subscription.git else {
                throw .unsupported(
                    repoURL: subscription.repoURL,
                    what: "it is no git repository, and only these are looked at"
                )
            }
            var artifacts = try await artifacts(of: repository)
            for index in artifacts.indices {
                artifacts[index].commit?.subscription = subscription.name
            }
            findings.append(
                SubscriptionFinding(
                    subscription: subscription.name,
                    repoURL: repository.repoURL,
                    artifacts: artifacts
                )
            )
        }
        return findings
    }

    private func artifacts(
        of subscription: GitSubscription
    ) async throws(DiscoveryError) -> [Artifact] {
        try check(subscription)
        let repository = GitRepository(
            url: subscription.repoURL,
            mirror: mirrorDirectory(of: subscription.repoURL),
            git: git,
            cacheDirectory: cacheDirectory
        )
        let head = try await repository.head(of: subscription.branch)
        if let answer = answers[subscription], answer.head == head { return answer.artifacts }
        let commits = try await mirrors.perform(repository.mirror) {
            () async throws(DiscoveryError) -> [CommitArtifact] in
            try await repository.commits(
                from: repository.fetch(head),
                limit: limit(of: subscription),
                sinceMs: subscription.sinceMs
            )
        }
        let artifacts = commits.map { Artifact(commit: $0) }
        answers[subscription] = Answer(head: head, artifacts: artifacts)
        return artifacts
    }

    /// Refuses what would be answered wrongly, rather than ignoring a part of it.
    private nonisolated func check(
        _ subscription: GitSubscription
    ) throws(DiscoveryError) {
        let url = subscription.repoURL
        let problem = GitReference.problem(
            ofURL: url,
            allowFileRepositories: options.allowFileRepositories
        )
        if let problem { throw .refusedURL(repoURL: url, why: problem) }
        if let branch = subscription.branch, !GitReference.isName(branch) {
            throw .refusedBranch(repoURL: url, branch: branch)
        }
        guard subscription.strategy == .newestFromBranch else {
            throw .unsupported(repoURL: url, what: "only NewestFromBranch is known here")
        }
        guard subscription.includePaths.isEmpty, subscription.excludePaths.isEmpty,
            subscription.expressionFilter == nil
        else {
            throw .unsupported(
                repoURL: url,
                what: "includePaths, excludePaths and expressionFilter are not known here"
            )
        }
    }

    /// Kargo's bounds: 1 to 100.
    private nonisolated func limit(of subscription: GitSubscription) -> Int {
        Int(min(max(subscription.discoveryLimit, 1), 100))
    }

    /// Named by a hash, so that no URL can lead elsewhere or be too long for a name.
    private nonisolated func mirrorDirectory(of url: String) -> String {
        let name = Digest.sha256(Array(url.utf8)).hex.prefix(32)
        return "\(cacheDirectory)/\(name).git"
    }
}

/// What discovery may do.
package struct DiscoveryOptions: Sendable {
    /// Repositories on this machine may be watched (`file://` and paths).
    package var allowFileRepositories = false
    /// Of each run of git.
    package var limits = GitLimits()

    package init() {}
}
