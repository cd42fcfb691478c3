package import PromotionModel

/// What becomes of one artifact of a component.
package struct ArtifactChange: Hashable, Sendable {
    package let from: Artifact?
    package let to: Artifact?

    /// What there is of it, the later one first.
    private var any: Artifact? { to ?? from }

    /// The repository, as the subscription spells it.
    package var repoURL: String { any?.repoURL ?? "" }

    /// `commit`, `image` or `chart`.
    package var kind: String {
        any?.commit != nil ? "commit" : any?.image != nil ? "image" : "chart"
    }

    /// The commits that come or go: `<from>..<to>`, as git takes it; nil where there is no range.
    package var range: String? {
        guard let from = from?.commit?.id, let to = to?.commit?.id, from != to else { return nil }
        return "\(from)..\(to)"
    }
}

extension View {
    /// The artifacts that a component's change replaces, adds or removes; all of them where nobody
    /// can say what runs.
    package func artifactChanges(
        of change: ComponentChange,
        in project: ProjectName
    ) throws(LedgerError) -> [ArtifactChange] {
        try ask { facts throws(FactsFailure) in
            let old = try facts.artifacts(of: change.from, in: project)
            let new = try facts.artifacts(of: change.to, in: project)
            var changes: [ArtifactChange] = []
            for artifact in new {
                let before = old.first { $0.isVersion(of: artifact) }
                changes.append(ArtifactChange(from: before, to: artifact))
            }
            for artifact in old where !new.contains(where: { $0.isVersion(of: artifact) }) {
                changes.append(ArtifactChange(from: artifact, to: nil))
            }
            if change.kind == .uncertain { return changes }
            return changes.filter { $0.from?.key != $0.to?.key }
        }
    }
}

extension StoreFacts {
    fileprivate func artifacts(
        of id: FreightID?,
        in project: ProjectName
    ) throws(FactsFailure) -> [Artifact] {
        guard let id, let freight = try freight(id, in: project) else { return [] }
        return try artifacts(of: freight, in: project)
    }
}

extension Artifact {
    /// Whether both are versions of the same thing.
    fileprivate func isVersion(of other: Artifact) -> Bool {
        (commit != nil) == (other.commit != nil) && (image != nil) == (other.image != nil)
            && repoURL == other.repoURL && subscription == other.subscription
            && chart?.name == other.chart?.name
    }
}
