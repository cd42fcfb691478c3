/// A version that somebody wants of one artifact.
package struct VersionChoice: Hashable, Sendable {
    /// The subscription's name or its repository's URL; behind `Warehouse/<name>:` where several
    /// constituents of a bundle have it.
    package let artifact: String
    package let version: Version

    /// How the version is said.
    package enum Version: Hashable, Sendable {
        /// A tag, a commit id or the beginning of one, a digest, a chart version: looked up in what
        /// was discovered when the command is decided.
        case named(String)
        /// What somebody found who looked outside of the ledger.
        case resolved(Artifact)
    }

    /// The choice of `version` for an artifact.
    package init(artifact: String, version: Version) {
        self.artifact = artifact
        self.version = version
    }
}

/// Makes freight of a warehouse by hand: of versions that are named, and of the present candidates
/// of the subscriptions that are not.
package struct AssembleFreight: Hashable, Sendable {
    package let project: ProjectName
    package let warehouse: WarehouseName
    package let versions: [VersionChoice]
    package init(project: ProjectName, warehouse: WarehouseName, versions: [VersionChoice]) {
        self.project = project
        self.warehouse = warehouse
        self.versions = versions
    }
}

/// Makes freight that differs from other freight in the named artifacts only.
///
/// From a bundle it makes the freight of the warehouses that are concerned, and a bundle with it.
package struct DeriveFreight: Hashable, Sendable {
    package let project: ProjectName
    /// What to begin with: id, prefix, Kargo name or alias.
    package let freight: String
    package let versions: [VersionChoice]
    package init(project: ProjectName, freight: String, versions: [VersionChoice]) {
        self.project = project
        self.freight = freight
        self.versions = versions
    }
}
