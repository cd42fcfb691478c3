import EventLog
import Git
import PromotionModel

/// Where a branch stands.
package struct BranchHead: Hashable, Sendable {
    package let branch: String
    /// The full commit id.
    package let id: String
}

/// Where a repository stands, as far as one selection looks at it.
///
/// While it is the same, the selection chooses the same.
enum RemoteState: Hashable, Sendable {
    case branch(BranchHead)
    /// A digest of the names and objects of all tags that are looked at.
    case tags(String)

    /// The state as a line of text.
    var text: String {
        switch self {
        case .branch(let head): "branch \(head.branch) \(head.id)"
        case .tags(let digest): "tags \(digest)"
        }
    }
}

/// A reference of a remote repository and the object that it names.
package struct RemoteReference: Hashable, Sendable {
    /// In full: `HEAD`, `refs/heads/main`.
    package let name: String
    package let id: String

    /// The reference `name`.
    package init(name: String, id: String) {
        self.name = name
        self.id = id
    }
}

/// What `git ls-remote --symref` told, taken line by line.
package struct RemoteListing: Sendable {
    private let selection: CommitSelection
    /// nil where the default branch is wanted.
    private let branch: String?
    /// The name of the default branch, if the repository says one.
    private(set) var defaultBranch: String?
    /// Of the branch that is looked at; nil if there is none.
    package private(set) var headID: String?
    private var tags: [RemoteReference] = []
    private(set) var failure: SelectionError?

    /// A listing of nothing, for what `selection` looks at.
    package init(_ selection: CommitSelection, branch: String?) {
        self.selection = selection
        self.branch = branch
    }

    /// What git is to be asked for, so that it lists no more than is needed.
    var patterns: [String] {
        switch selection.strategy {
        case .newestFromBranch: [branch.map { "refs/heads/\($0)" } ?? "HEAD"]
        case .semVer, .lexical, .newestTag: ["refs/tags/*"]
        }
    }

    /// The tags that are looked at, by name.
    package var observedTags: [RemoteReference] {
        tags.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// More tags than this are not told apart: somebody should narrow what is looked at.
    package static let tagCountMax = 100_000

    var hasTooManyTags: Bool { tags.count > Self.tagCountMax }

    /// A digest of the tags that are looked at, whatever order they came in.
    var tagsDigest: String {
        var bytes: [UInt8] = []
        for tag in observedTags { bytes += Array("\(tag.id) \(tag.name)\n".utf8) }
        return Digest.sha256(bytes).hex
    }

    /// Takes the next line; whether more are wanted.
    mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
        let fields = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
        guard fields.count == 2 else { return true }
        let value = String(decoding: fields[0], as: UTF8.self)
        let name = String(decoding: fields[1], as: UTF8.self)
        if name == "HEAD", value.hasPrefix("ref: refs/heads/") {
            defaultBranch = String(value.dropFirst("ref: refs/heads/".count))
            return true
        }
        guard GitReference.isCommitID(value) else { return true }
        take(RemoteReference(name: name, id: value))
        return failure == nil && !hasTooManyTags
    }

    /// Takes a reference.
    package mutating func take(_ reference: RemoteReference) {
        switch selection.strategy {
        case .newestFromBranch:
            // A pattern also matches the ends of longer names; only the name itself counts.
            let isLookedAt = branch.map { reference.name == "refs/heads/\($0)" }
            if isLookedAt ?? (reference.name == "HEAD") { headID = reference.id }
        case .semVer, .lexical, .newestTag:
            // What an annotated tag stands for is told by the tag's own object too.
            guard !reference.name.hasSuffix("^{}"),
                let name = TagListReader.name(Array(reference.name.utf8)[...])
            else { return }
            do {
                guard try selection.admits(tag: name) else { return }
                tags.append(RemoteReference(name: name, id: reference.id))
            } catch {
                failure = failure ?? error
            }
        }
    }
}
