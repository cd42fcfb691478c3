package import Wire

/// Something that can be deployed or that says how: a commit, an image or a chart.
///
/// Exactly one of the three is set.
package struct Artifact: Message, Hashable {
    /// What it is; kept beside the artifact, because lists of them are copied with every row that
    /// has them.
    private indirect enum Content: Hashable, Sendable {
        case nothing
        case commit(CommitArtifact)
        case image(ImageArtifact)
        case chart(ChartArtifact)
        /// What no command records, but a record may say: it is kept as it was read.
        case several(CommitArtifact?, ImageArtifact?, ChartArtifact?)

        init(_ commit: CommitArtifact?, _ image: ImageArtifact?, _ chart: ChartArtifact?) {
            self =
                switch (commit, image, chart) {
                case (nil, nil, nil): .nothing
                case (let commit?, nil, nil): .commit(commit)
                case (nil, let image?, nil): .image(image)
                case (nil, nil, let chart?): .chart(chart)
                default: .several(commit, image, chart)
                }
        }
    }

    private var content = Content.nothing

    package init() {}
    /// The artifact that is a commit.
    package init(commit: CommitArtifact) { content = .commit(commit) }
    /// The artifact that is an image.
    package init(image: ImageArtifact) { content = .image(image) }
    /// The artifact that is a chart.
    package init(chart: ChartArtifact) { content = .chart(chart) }

    /// The commit, if it is one.
    package var commit: CommitArtifact? {
        get {
            switch content {
            case .commit(let commit): commit
            case .several(let commit, _, _): commit
            case .nothing, .image, .chart: nil
            }
        }
        set { content = Content(newValue, image, chart) }
    }

    /// The image, if it is one.
    package var image: ImageArtifact? {
        get {
            switch content {
            case .image(let image): image
            case .several(_, let image, _): image
            case .nothing, .commit, .chart: nil
            }
        }
        set { content = Content(commit, newValue, chart) }
    }

    /// The chart, if it is one.
    package var chart: ChartArtifact? {
        get {
            switch content {
            case .chart(let chart): chart
            case .several(_, _, let chart): chart
            case .nothing, .commit, .image: nil
            }
        }
        set { content = Content(commit, image, newValue) }
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        var (commit, image, chart) = (commit, image, chart)
        try visitor.field(1, "commit", &commit)
        try visitor.field(2, "image", &image)
        try visitor.field(3, "chart", &chart)
        content = Content(commit, image, chart)
    }

    /// The subscription's name; empty if it has none.
    package var subscription: String {
        commit?.subscription ?? image?.subscription ?? chart?.subscription ?? ""
    }

    /// The repository, as the subscription spells it.
    package var repoURL: String { commit?.repoURL ?? image?.repoURL ?? chart?.repoURL ?? "" }

    /// What tells it from other artifacts of the same subscription.
    package var key: String {
        if let commit { return commit.tag.map { "\($0)@\(commit.id)" } ?? commit.id }
        if let image { return "\(image.tag)@\(image.digest)" }
        return chart?.version ?? ""
    }

    /// Whether `key` is its key; makes no text in the usual case.
    func hasKey(_ key: String) -> Bool {
        if case .commit(let commit) = content, commit.tag == nil { return commit.id == key }
        return self.key == key
    }

    /// The version in a few characters: a tag, a chart version, or seven digits of a commit.
    package var shortVersion: String {
        if let commit { return commit.tag ?? String(commit.id.prefix(7)) }
        if let image { return image.tag.isEmpty ? String(image.digest.prefix(14)) : image.tag }
        return chart?.version ?? ""
    }
}

/// A commit of a git repository.
package struct CommitArtifact: Message, Hashable {
    package var repoURL = ""
    /// The full commit id, hexadecimal.
    package var id = ""
    package var branch: String?
    package var tag: String?
    /// The first line of the message, at most 80 characters.
    package var message: String?
    /// `Name <address>`.
    package var author: String?
    /// `Name <address>`.
    package var committer: String?
    /// Milliseconds since 1970.
    package var committedAtMs: Int64?
    package var subscription = ""

    package init() {}

    /// The commit `id` of a repository.
    package init(repoURL: String, id: String, branch: String? = nil, tag: String? = nil) {
        self.repoURL = repoURL
        self.id = id
        self.branch = branch
        self.tag = tag
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "repoURL", &repoURL)
        try visitor.field(2, "id", &id)
        try visitor.field(3, "branch", &branch)
        try visitor.field(4, "tag", &tag)
        try visitor.field(5, "message", &message)
        try visitor.field(6, "author", &author)
        try visitor.field(7, "committer", &committer)
        try visitor.field(8, "committedAtMs", &committedAtMs)
        try visitor.field(9, "subscription", &subscription)
    }
}

/// A container image.
package struct ImageArtifact: Message, Hashable {
    package var repoURL = ""
    package var tag = ""
    /// `sha256:…`.
    package var digest = ""
    package var annotations: [Variable] = []
    /// Milliseconds since 1970.
    package var createdAtMs: Int64?
    package var subscription = ""

    package init() {}

    /// The image `repoURL:tag@digest`.
    package init(repoURL: String, tag: String, digest: String) {
        self.repoURL = repoURL
        self.tag = tag
        self.digest = digest
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "repoURL", &repoURL)
        try visitor.field(2, "tag", &tag)
        try visitor.field(3, "digest", &digest)
        try visitor.field(4, "annotations", &annotations)
        try visitor.field(5, "createdAtMs", &createdAtMs)
        try visitor.field(6, "subscription", &subscription)
    }
}

/// A Helm chart.
package struct ChartArtifact: Message, Hashable {
    package var repoURL = ""
    /// Empty for a chart in an OCI repository.
    package var name = ""
    package var version = ""
    package var subscription = ""

    package init() {}

    /// The chart `name` of a repository.
    package init(repoURL: String, name: String, version: String) {
        self.repoURL = repoURL
        self.name = name
        self.version = version
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "repoURL", &repoURL)
        try visitor.field(2, "name", &name)
        try visitor.field(3, "version", &version)
        try visitor.field(4, "subscription", &subscription)
    }
}
