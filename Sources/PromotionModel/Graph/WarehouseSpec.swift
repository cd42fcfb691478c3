package import Wire

/// A warehouse as configured: what it watches, and when it makes freight of it.
package struct WarehouseSpec: Message, Hashable {
    /// Time between two looks, in milliseconds.
    package var intervalMs: Int64 = 300_000
    package var creationPolicy = FreightCreationPolicy.automatic
    /// A bare expression over what was discovered; freight is made where it holds.
    package var creationCriteria: String?
    package var subscriptions: [Subscription] = []
    /// Assembled and derived freight may be promoted by automation.
    package var promoteAssembled = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "intervalMs", &intervalMs)
        try visitor.field(2, "creationPolicy", &creationPolicy)
        try visitor.field(3, "creationCriteria", &creationCriteria)
        try visitor.field(4, "subscriptions", &subscriptions)
        try visitor.field(5, "promoteAssembled", &promoteAssembled)
    }
}

/// Who makes freight of what was discovered.
package enum FreightCreationPolicy: UInt32, WireEnum {
    case automatic = 1
    case manual = 2
}

/// One thing that a warehouse watches; exactly one of the kinds is set.
package struct Subscription: Message, Hashable {
    /// The subscription's name, unique in the warehouse; empty if it has none.
    package var name = ""
    package var git: GitSubscription?
    package var image: ImageSubscription?
    package var chart: ChartSubscription?

    package init() {}

    /// A subscription to a git repository.
    package init(name: String = "", git: GitSubscription) {
        self.name = name
        self.git = git
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "name", &name)
        try visitor.field(2, "git", &git)
        try visitor.field(3, "image", &image)
        try visitor.field(4, "chart", &chart)
    }

    /// The URL of the repository that is watched.
    package var repoURL: String { git?.repoURL ?? image?.repoURL ?? chart?.repoURL ?? "" }
}

/// A git repository to watch (Kargo's `git` subscription; same fields, same defaults).
package struct GitSubscription: Message, Hashable {
    package var repoURL = ""
    package var strategy = CommitSelectionStrategy.newestFromBranch
    /// nil for the repository's default branch.
    package var branch: String?
    package var semverConstraint: String?
    package var strictSemvers = true
    package var allowTagsRegexes: [String] = []
    package var ignoreTagsRegexes: [String] = []
    package var expressionFilter: String?
    package var includePaths: [String] = []
    package var excludePaths: [String] = []
    package var discoveryLimit: Int64 = 20
    /// Nothing older than this, milliseconds since 1970.
    package var sinceMs: Int64?
    package var insecureSkipTLSVerify = false

    package init() {}

    /// A subscription to the newest commit of a branch.
    package init(repoURL: String, branch: String? = nil) {
        self.repoURL = repoURL
        self.branch = branch
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "repoURL", &repoURL)
        try visitor.field(2, "strategy", &strategy)
        try visitor.field(3, "branch", &branch)
        try visitor.field(4, "semverConstraint", &semverConstraint)
        try visitor.field(5, "strictSemvers", &strictSemvers)
        try visitor.field(6, "allowTagsRegexes", &allowTagsRegexes)
        try visitor.field(7, "ignoreTagsRegexes", &ignoreTagsRegexes)
        try visitor.field(8, "expressionFilter", &expressionFilter)
        try visitor.field(9, "includePaths", &includePaths)
        try visitor.field(10, "excludePaths", &excludePaths)
        try visitor.field(11, "discoveryLimit", &discoveryLimit)
        try visitor.field(12, "sinceMs", &sinceMs)
        try visitor.field(13, "insecureSkipTLSVerify", &insecureSkipTLSVerify)
    }
}

/// Which commit of a repository is the candidate (Kargo's commitSelectionStrategy).
package enum CommitSelectionStrategy: UInt32, WireEnum {
    case newestFromBranch = 1
    case semVer = 2
    case lexical = 3
    case newestTag = 4
}

/// An image repository to watch (Kargo's `image` subscription).
package struct ImageSubscription: Message, Hashable {
    package var repoURL = ""
    package var strategy = ImageSelectionStrategy.semVer
    package var constraint: String?
    package var strictSemvers = true
    package var allowTagsRegexes: [String] = []
    package var ignoreTagsRegexes: [String] = []
    /// `os/arch`.
    package var platform: String?
    package var discoveryLimit: Int64 = 20
    package var insecureSkipTLSVerify = false

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "repoURL", &repoURL)
        try visitor.field(2, "strategy", &strategy)
        try visitor.field(3, "constraint", &constraint)
        try visitor.field(4, "strictSemvers", &strictSemvers)
        try visitor.field(5, "allowTagsRegexes", &allowTagsRegexes)
        try visitor.field(6, "ignoreTagsRegexes", &ignoreTagsRegexes)
        try visitor.field(7, "platform", &platform)
        try visitor.field(8, "discoveryLimit", &discoveryLimit)
        try visitor.field(9, "insecureSkipTLSVerify", &insecureSkipTLSVerify)
    }
}

/// Which image of a repository is the candidate (Kargo's imageSelectionStrategy).
package enum ImageSelectionStrategy: UInt32, WireEnum {
    case semVer = 1
    case lexical = 2
    case newestBuild = 3
    case digest = 4
}

/// A chart repository to watch (Kargo's `chart` subscription).
package struct ChartSubscription: Message, Hashable {
    package var repoURL = ""
    /// Required for http(s) repositories, empty for oci.
    package var chartName = ""
    package var semverConstraint: String?
    package var discoveryLimit: Int64 = 20

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "repoURL", &repoURL)
        try visitor.field(2, "chartName", &chartName)
        try visitor.field(3, "semverConstraint", &semverConstraint)
        try visitor.field(4, "discoveryLimit", &discoveryLimit)
    }
}
