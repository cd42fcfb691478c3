import Git

/// Reads what `git for-each-ref` writes in ``format``: one line for each tag.
struct TagListReader: Sendable {
    private static let fields = [
        "%(refname)", "%(objecttype)", "%(objectname)", "%(*objecttype)", "%(*objectname)",
        "%(creatordate:unix)",
        // Of the tag itself, or of the commit where nobody wrote an annotation.
        "%(taggername) %(taggeremail)", "%(contents:subject)",
        "%(*committerdate:unix)", "%(*authorname) %(*authoremail)",
        "%(*committername) %(*committeremail)", "%(*contents:subject)",
        "%(committerdate:unix)", "%(authorname) %(authoremail)",
        "%(committername) %(committeremail)",
    ]
    /// Fields stand between zero bytes; the last one is empty, so that none is cut off.
    static let format = fields.joined(separator: "%00")

    private let selection: CommitSelection
    /// Tags of commits whose names are looked at, in the order in which git lists them.
    private(set) var tags: [TagDetails] = []
    /// Tags of tags: their commits are not in the list.
    ///
    /// By their places in `tags`.
    private(set) var nested: [Int: String] = [:]
    private(set) var failure: SelectionError?

    init(_ selection: CommitSelection) { self.selection = selection }

    /// Takes the next line; whether more are wanted.
    mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
        let fields = line.split(separator: 0, omittingEmptySubsequences: false)
        guard fields.count == Self.fields.count, let name = Self.name(fields[0]) else {
            return true
        }
        do {
            guard try selection.admits(tag: name) else { return true }
        } catch {
            failure = error
            return false
        }
        func text(_ index: Int) -> String {
            let text = String(decoding: fields[index], as: UTF8.self)
            return text == " " ? "" : text
        }
        var tag = TagDetails()
        tag.name = name
        if let time = GitText.time(fields[5]) { tag.created = time }
        let isAnnotated = text(1) == "tag"
        if isAnnotated {
            tag.tagger = text(6)
            tag.annotation = text(7)
        }
        switch isAnnotated ? text(3) : text(1) {
        case "commit":
            let first = isAnnotated ? 8 : 12
            tag.commit.id = text(isAnnotated ? 4 : 2)
            if let time = GitText.time(fields[first]) { tag.commit.committed = time }
            tag.commit.author = text(first + 1)
            tag.commit.committer = text(first + 2)
            tag.commit.subject = text(isAnnotated ? 11 : 7)
        case "tag":
            nested[tags.count] = text(2)
        default:
            // Of a file or a folder: nothing that could be deployed.
            return true
        }
        tags.append(tag)
        return true
    }

    /// The name of a tag that a step could check out; nil for others.
    static func name(_ reference: ArraySlice<UInt8>) -> String? {
        let prefix = Array("refs/tags/".utf8)
        guard reference.starts(with: prefix) else { return nil }
        let name = String(decoding: reference.dropFirst(prefix.count), as: UTF8.self)
        return GitReference.isName(name) ? name : nil
    }
}
