import EventLog
package import Git
package import PromotionModel
package import Secrets

/// Looks at what warehouses watch, and says what is there.
///
/// Keeps a bare mirror without file contents for each repository under its cache directory, and
/// beside it what it answered. A repository that did not change costs one call, `git ls-remote`.
package actor WarehouseDiscovery {
    private let cacheDirectory: String
    private let options: DiscoveryOptions
    private let programs: GitPrograms
    private let mirrors = OneAtATime()
    private let turns: Turns
    /// The last answer for each subscription, and where its repository stood then.
    ///
    /// Owned by the actor; grows with the number of subscriptions, not of commits.
    private var answers: [GitSubscription: RememberedAnswer] = [:]
    /// How often in a row work in each mirror failed.
    ///
    /// Owned by the actor.
    private var failureCounts: [String: Int] = [:]

    /// A discovery that keeps its mirrors under `cacheDirectory`, an absolute path of a
    /// directory that is there.
    package init(cacheDirectory: String, options: DiscoveryOptions = DiscoveryOptions()) {
        precondition(cacheDirectory.hasPrefix("/"), "\(cacheDirectory) is no absolute path")
        self.cacheDirectory = cacheDirectory
        self.options = options
        programs = GitPrograms(home: cacheDirectory, options)
        turns = Turns(countMax: options.lookCountMax)
    }

    /// What the subscriptions of `spec` have to offer, in their order, the newest first.
    ///
    /// All or nothing: the first subscription that fails is the error. Subscriptions are looked at
    /// side by side, as far as ``DiscoveryOptions/lookCountMax`` lets them.
    ///
    /// Private repositories are entered with the credentials of `project`.
    package func findings(
        for spec: WarehouseSpec,
        in project: ProjectName? = nil
    ) async throws(DiscoveryError) -> [SubscriptionFinding] {
        let results = await withTaskGroup(
            of: (Int, Result<SubscriptionFinding, DiscoveryError>).self
        ) { group in
            for (index, subscription) in spec.subscriptions.enumerated() {
                group.addTask { (index, await self.result(for: subscription, project)) }
            }
            var results: [Int: Result<SubscriptionFinding, DiscoveryError>] = [:]
            while let (index, result) = await group.next() { results[index] = result }
            return results
        }
        var findings: [SubscriptionFinding] = []
        for index in spec.subscriptions.indices {
            if let result = results[index] { findings.append(try result.get()) }
        }
        return findings
    }

    private func result(
        for subscription: Subscription,
        _ project: ProjectName?
    ) async -> Result<SubscriptionFinding, DiscoveryError> {
        do {
            return .success(try await finding(for: subscription, project))
        } catch {
            return .failure(error)
        }
    }

    private func finding(
        for subscription: Subscription,
        _ project: ProjectName?
    ) async throws(DiscoveryError) -> SubscriptionFinding {
        guard let git = subscription.git else {
            throw .unsupported(
                repoURL: subscription.repoURL,
                what: "it is no git repository, and only these are looked at"
            )
        }
        var commits = try await turns.perform { () async throws(DiscoveryError) in
            try await artifacts(of: git, project)
        }
        for index in commits.indices { commits[index].subscription = subscription.name }
        return SubscriptionFinding(
            subscription: subscription.name,
            repoURL: git.repoURL,
            artifacts: commits.map { Artifact(commit: $0) }
        )
    }

    private func artifacts(
        of subscription: GitSubscription,
        _ project: ProjectName?
    ) async throws(DiscoveryError) -> [CommitArtifact] {
        let selection = try selection(of: subscription)
        let repository = try repository(of: subscription, project)
        let state = try await repository.state(of: subscription.branch, for: selection)
        let known = answers[subscription] ?? repository.answer(for: subscription)
        if let known, known.state == state.text {
            answers[subscription] = known
            return known.commits
        }
        let commits = try await mirrors.perform(repository.mirror) {
            () async throws(DiscoveryError) -> [CommitArtifact] in
            try await MirrorLock.perform(repository.mirror, of: repository.url) {
                () async throws(DiscoveryError) -> [CommitArtifact] in
                try await mending(repository) { repository async throws(DiscoveryError) in
                    try await repository.artifacts(at: state, selection)
                }
            }
        }
        let answer = RememberedAnswer(state: state.text, commits: commits)
        answers[subscription] = answer
        repository.remember(answer, for: subscription)
        return commits
    }

    /// Works in a mirror; if that fails in an old one, makes a new one and works in that.
    ///
    /// A mirror may have been left half written by a power cut, or locked by a git that was
    /// killed. The old one stays if the new one does no better: then it was not the mirror. So as
    /// not to bring everything over again and again, this is tried after the first, second, fourth,
    /// eighth … failure.
    private func mending<Value: Sendable>(
        _ repository: GitRepository,
        _ body: (GitRepository) async throws(DiscoveryError) -> Value
    ) async throws(DiscoveryError) -> Value {
        let wasThere = repository.isMirrored
        do {
            let value = try await body(repository)
            failureCounts[repository.mirror] = nil
            return value
        } catch {
            guard wasThere, case .unreachable = error, !Task.isCancelled else { throw error }
            let count = failureCounts[repository.mirror, default: 0] + 1
            failureCounts[repository.mirror] = count
            guard count.nonzeroBitCount == 1 else { throw error }
            let fresh = repository.emptyTwin()
            guard let value = try? await body(fresh) else { throw error }
            fresh.replace(repository)
            failureCounts[repository.mirror] = nil
            return value
        }
    }

    // MARK: - Subscriptions

    /// Refuses what cannot be handed to git, and compiles the rest.
    private nonisolated func selection(
        of subscription: GitSubscription
    ) throws(DiscoveryError) -> CommitSelection {
        let url = subscription.repoURL
        let problem = GitReference.problem(
            ofURL: url,
            allowFileRepositories: options.allowFileRepositories
        )
        if let problem { throw .refusedURL(repoURL: url, why: problem) }
        if let branch = subscription.branch, !GitReference.isName(branch) {
            throw .refusedBranch(repoURL: url, branch: branch)
        }
        var bounded = subscription
        // Kargo's bounds.
        bounded.discoveryLimit = min(max(subscription.discoveryLimit, 1), 100)
        do {
            return try CommitSelection(bounded)
        } catch {
            throw .selection(repoURL: url, error)
        }
    }

    private nonisolated func repository(
        of subscription: GitSubscription,
        _ project: ProjectName?
    ) throws(DiscoveryError) -> GitRepository {
        let url = subscription.repoURL
        var credential: RepositoryCredential?
        if let project, let credentials = options.credentials {
            do {
                credential = try credentials.credential(for: url, in: project.rawValue)
            } catch {
                throw .credentials(repoURL: url, why: error.description)
            }
        }
        // Named by a hash, so that no URL can lead elsewhere or be too long for a name.
        let name = Digest.sha256(Array(url.utf8)).hex.prefix(32)
        return GitRepository(
            url: url,
            mirror: "\(cacheDirectory)/\(name).git",
            skipsVerification: subscription.insecureSkipTLSVerify,
            programs: programs.entering(url, with: credential)
        )
    }

    // MARK: - Versions

    /// The commit that `version` means in the repository of a subscription, discovered or not.
    ///
    /// A full commit id, a tag, a branch (its newest commit), or the first seven or more digits of
    /// a commit id, in this order; `refs/tags/` and `refs/heads/` before a name say which. The
    /// commit must be in the history of a branch or tag of the repository.
    package func commit(
        _ version: String,
        of subscription: Subscription,
        in project: ProjectName? = nil
    ) async throws(DiscoveryError) -> CommitArtifact {
        guard let git = subscription.git else {
            throw .unsupported(
                repoURL: subscription.repoURL,
                what: "it is no git repository, and only these are looked at"
            )
        }
        _ = try selection(of: git)
        let repository = try repository(of: git, project)
        var artifact = try await turns.perform { () async throws(DiscoveryError) in
            try await mirrors.perform(repository.mirror) {
                () async throws(DiscoveryError) -> CommitArtifact in
                try await MirrorLock.perform(repository.mirror, of: repository.url) {
                    () async throws(DiscoveryError) -> CommitArtifact in
                    try await mending(repository) { repository async throws(DiscoveryError) in
                        try await repository.fetchEverything()
                        return try await repository.resolve(version)
                    }
                }
            }
        }
        artifact.subscription = subscription.name
        return artifact
    }
}

/// What discovery may do.
package struct DiscoveryOptions: Sendable {
    /// Repositories on this machine may be watched (`file://` and paths).
    package var allowFileRepositories = false
    /// How private repositories are entered; nil where all are public.
    package var credentials: RepositoryCredentials?
    /// Of each run of git, but for its duration.
    package var limits = GitLimits()
    /// Repositories that are looked at side by side.
    package var lookCountMax = 16
    /// Of asking a remote what it has.
    package var listingDurationMax = Duration.seconds(60)
    /// Of bringing over what it has: the first time, the history of a large repository.
    package var fetchingDurationMax = Duration.seconds(1_800)
    /// Of reading a mirror.
    package var readingDurationMax = Duration.seconds(300)

    package init() {}
}
