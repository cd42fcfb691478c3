import Discovery
import Foundation
import PromotionModel

/// A discovery with a cache of its own, asked about one subscription at a time.
struct Lookout {
    let cache: String
    let discovery: WarehouseDiscovery

    init(_ workshop: Workshop, _ change: (inout DiscoveryOptions) -> Void = { _ in }) throws {
        var options = DiscoveryOptions()
        options.allowFileRepositories = true
        change(&options)
        cache = try workshop.directory("cache")
        discovery = WarehouseDiscovery(cacheDirectory: cache, options: options)
    }

    /// What the subscription offers, the chosen commit first.
    func commits(_ subscription: GitSubscription) async throws -> [CommitArtifact] {
        var spec = WarehouseSpec()
        spec.subscriptions = [Subscription(git: subscription)]
        return try await discovery.findings(for: spec).flatMap(\.artifacts).compactMap(\.commit)
    }

    func tags(_ subscription: GitSubscription) async throws -> [String?] {
        try await commits(subscription).map(\.tag)
    }

    func subjects(_ subscription: GitSubscription) async throws -> [String?] {
        try await commits(subscription).map(\.message)
    }

    /// The only mirror in the cache.
    func mirror() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: cache)
            .filter { $0.hasSuffix(".git") }
        guard names.count == 1 else { throw CocoaError(.fileNoSuchFile) }
        return "\(cache)/\(names[0])"
    }
}

extension Repository {
    /// Tags what the working tree has checked out, and pushes the tag.
    func tag(
        _ name: String,
        annotation: String? = nil,
        of target: String = "HEAD",
        at seconds: Int = 1_000_000
    ) async throws {
        let options = annotation.map { ["--annotate", "--message=\($0)"] } ?? []
        try await workshop.run(
            ["tag", "--force"] + options + [name, target],
            in: work,
            at: seconds
        )
        try await workshop.run(
            ["push", "--quiet", "--force", "origin", "refs/tags/\(name)"],
            in: work
        )
    }
}
