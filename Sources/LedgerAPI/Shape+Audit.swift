import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// A named position.
    package static func bookmark(
        _ bookmark: Bookmark,
        in project: ProjectName
    ) -> Value {
        object([
            ("kind", "Bookmark"), ("name", .string(bookmark.name)),
            ("project", .string(project.rawValue)), ("position", number(bookmark.position)),
            ("at", time(bookmark.at)), ("target", number(bookmark.target)),
            ("targetAt", bookmark.target == .origin ? .null : time(bookmark.targetAt)),
            ("actor", .string(bookmark.actor)), ("reason", text(bookmark.reason)),
        ])
    }

    /// What somebody wrote down.
    package static func note(_ note: Note) -> Value {
        object([
            ("position", number(note.position)), ("at", time(note.at)),
            ("actor", .string(note.actor)), ("text", .string(note.text)),
        ])
    }
}
