package import EventLog

/// What git tells of a commit.
package struct CommitDetails: Hashable, Sendable {
    /// The full commit id, hexadecimal.
    package var id = ""
    package var committed = Timestamp.epoch
    /// `Name <address>`.
    package var author = ""
    /// `Name <address>`.
    package var committer = ""
    /// The first paragraph of the message, in one line.
    package var subject = ""

    package init() {}
}

/// What git tells of a tag and its commit.
package struct TagDetails: Hashable, Sendable {
    /// Without `refs/tags/`.
    package var name = ""
    package var commit = CommitDetails()
    /// When an annotated tag was made; of another one, when its commit was.
    package var created = Timestamp.epoch
    /// `Name <address>`; empty for a tag without annotation.
    package var tagger = ""
    /// The first paragraph of the annotation, in one line.
    package var annotation = ""

    package init() {}
}

/// A text in a few characters.
package enum ShortText {
    /// `text`, where it has more than `countMax` characters with three dots for the last ones.
    package static func cut(_ text: String, countMax: Int) -> String {
        guard countMax >= 3, text.count > countMax else { return text }
        return text.prefix(countMax - 3) + "..."
    }

    /// Text of strangers for one line of a table: control characters become blanks.
    static func presentable(_ text: String, countMax: Int) -> String {
        // Most texts have none; telling that is cheaper than making them anew.
        let hasControl = text.unicodeScalars.contains { isControl($0) }
        guard hasControl || text.utf8.count > countMax else { return text }
        let scalars = text.unicodeScalars.map { isControl($0) ? " " : Character($0) }
        return cut(String(scalars), countMax: countMax)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0)
    }
}
