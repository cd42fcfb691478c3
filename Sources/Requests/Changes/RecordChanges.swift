import EventLog
import Ledger
package import PromotionModel

/// A name for a moment: `waybill bookmark`.
package struct BookmarkChange: Change {
    package var name = ""
    package var at: String?

    package init() {}

    package var place: RequestPlace { .ofProject("bookmark") }

    package static let fields: [RequestField<BookmarkChange>] = [
        .text(
            "name",
            \.name,
            "The bookmark's name: up to 63 lower-case letters, digits, - and '.'."
        ),
        .text("at", \.at, "The moment; now if not said."),
    ]

    private var bare: String { name.hasPrefix("@") ? String(name.dropFirst()) : name }

    package func command(_ desk: Desk) throws -> Command {
        var position: Position?
        if at != nil {
            position = try desk.read(at: try .said(at)) { view in view.moment.position }
        }
        return .setBookmark(
            SetBookmark(project: try desk.project(), name: bare, position: position)
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Bookmark \(bare.quotedForDisplay) is there already.")
    }
}

/// Words about something: `waybill note`.
package struct NoteChange: Change {
    package var subject = ""
    package var text = ""

    package init() {}

    package var place: RequestPlace { .ofProject("note") }

    package static let fields: [RequestField<NoteChange>] = [
        .text(
            "subject",
            \.subject,
            "The thing, such as stage/prod, freight/2026.47 or project/shop."
        ),
        .text("text", \.text, "What to write down, 1 to 16384 bytes."),
    ]

    package func command(_ desk: Desk) throws -> Command {
        let subject = try Names.subject(subject)
        return .recordNote(
            RecordNote(project: try desk.project(), subject: subject, text: text)
        )
    }

    package func quiet(_ desk: Desk, _ envelope: CommandEnvelope) throws -> Quiet {
        Quiet(sentence: "Nothing to write down.")
    }
}
