import Ledger
import PromotionModel

extension PageContext {
    /// How many notes a page shows; the others are in the audit.
    private static let noteCountMax = 5

    /// What was written down about a thing, newest first, and a form to write more.
    ///
    /// Nil where there is neither.
    func notes(about subject: Subject, in project: ProjectName) throws(LedgerError) -> Fill? {
        let page = try view.notes(about: subject, in: project, limit: Self.noteCountMax)
        let items = page.items.map { note in
            [
                "text": note.text, "by": note.actor, "time": when(note.at),
                "position": fill(note.position),
            ] as Fill
        }
        guard !isPast || !items.isEmpty else { return nil }
        return [
            "items": items, "nothing": items.isEmpty ? true : nil,
            "noteID": uniqueID("note"),
            "form": isPast ? nil : form("note", in: project, [("about", subject.rawValue)]),
        ]
    }
}
