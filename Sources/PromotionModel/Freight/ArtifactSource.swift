import Matching

/// Where artifacts come from: a subscription, or the artifact of freight that was made of one.
struct ArtifactSource: Hashable, Sendable {
    let kind: ArtifactKind
    /// The subscription's name; empty if it has none.
    let subscription: String
    let repoURL: String
    /// The chart's name; empty for all else.
    let chartName: String

    /// What a subscription watches.
    init(_ subscription: Subscription) {
        self.subscription = subscription.name
        repoURL = subscription.repoURL
        chartName = subscription.chart?.chartName ?? ""
        kind =
            subscription.image != nil ? .image : subscription.chart != nil ? .chart : .commit
    }

    /// What an artifact was taken from.
    init(_ artifact: Artifact) {
        subscription = artifact.subscription
        repoURL = artifact.repoURL
        chartName = artifact.chart?.name ?? ""
        kind = artifact.image != nil ? .image : artifact.chart != nil ? .chart : .commit
    }

    /// How it is called in sentences, and how a command can name it.
    var title: String {
        if !subscription.isEmpty { return subscription }
        return chartName.isEmpty ? repoURL : "\(repoURL)/\(chartName)"
    }

    /// Whether `name` is its repository, however that is spelled; a chart's with or without the
    /// chart's name.
    func isRepository(_ name: String) -> Bool {
        switch kind {
        case .commit: GitURL.normalized(name) == GitURL.normalized(repoURL)
        case .image: ImageURL.normalized(name) == ImageURL.normalized(repoURL)
        case .chart:
            ChartURL.normalized(name) == ChartURL.normalized(repoURL)
                || ChartURL.normalized(name) == ChartURL.normalized("\(repoURL)/\(chartName)")
        }
    }

    /// Whether an artifact is one of this source's.
    func isSource(of artifact: Artifact) -> Bool {
        let other = ArtifactSource(artifact)
        return kind == other.kind && chartName == other.chartName && isRepository(other.repoURL)
    }

    /// The sources that `name` means: by the subscription's name, or else by the repository.
    static func named(_ name: String, in sources: [ArtifactSource]) -> [Int] {
        let byName = sources.indices.filter { !name.isEmpty && sources[$0].subscription == name }
        return byName.isEmpty ? sources.indices.filter { sources[$0].isRepository(name) } : byName
    }

    /// All that was discovered for it, the chosen one first.
    ///
    /// Under its own name where the warehouse has that still.
    func discovered(_ state: WarehouseState) -> [Artifact] {
        let named = state.findings.filter { $0.subscription == subscription }
        return (named.isEmpty ? state.findings : named).flatMap(\.artifacts).filter(isSource)
    }
}

/// What kind of thing an artifact is.
package enum ArtifactKind: Hashable, Sendable {
    case commit, image, chart
}

extension Subscription {
    /// Whether a command may mean it by `name`: by its own name or by its repository, also behind
    /// `Warehouse/<name>:`.
    package func isCalled(_ name: String) -> Bool {
        var bare = name[...]
        if name.hasPrefix("Warehouse/"), let colon = name.firstIndex(of: ":") {
            bare = name[name.index(after: colon)...]
        }
        let source = ArtifactSource(self)
        return source.title == bare || source.isRepository(String(bare))
    }
}
