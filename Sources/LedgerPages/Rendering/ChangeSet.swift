import EventLog
import Ledger
import PromotionModel

/// A change set: what changes and what does not, the changed first.
struct ChangeSet {
    let context: PageContext
    let project: ProjectName
    /// Whether what it says happened: what was uncertain before it is not any more.
    var isDone = false

    init(_ context: PageContext, _ project: ProjectName) {
        self.context = context
        self.project = project
    }

    /// The rows of a change set, with how many of them change.
    func fill(_ changes: [ComponentChange]) throws(LedgerError) -> Fill {
        var rows: [Fill] = []
        let ordered =
            changes.filter { $0.kind.countsAsChanged }
            + changes.filter { !$0.kind.countsAsChanged }
        for change in ordered { rows.append(try row(change)) }
        let changed = changes.count { $0.kind.countsAsChanged }
        return [
            "rows": rows, "changed": String(changed), "count": String(changes.count),
            "summary": changed == 0
                ? "nothing changes"
                : "\(changed) of \(counted(changes.count, "component")) "
                    + (changed == 1 ? "changes" : "change"),
            "nothing": rows.isEmpty ? true : nil,
        ]
    }

    private func row(_ change: ComponentChange) throws(LedgerError) -> Fill {
        let from = try context.label(change.from, in: project)
        let to = try context.label(change.to, in: project)
        let isSame = !change.kind.countsAsChanged
        return [
            "component": try context.component(change.origin, in: project),
            "same": isSame ? to : nil,
            "change": isSame ? nil : ["from": from, "to": to] as Fill,
            "mark": try mark(change), "quiet": isSame ? true : nil,
            "note": isSame ? "not redeployed" : nil,
            "freight": try isSame
                ? nil
                : change.to.flatMap { id throws(LedgerError) in
                    try context.chip(id, in: project).map { context.fill($0) }
                },
        ]
    }

    private func mark(_ change: ComponentChange) throws(LedgerError) -> Fill {
        let parts: (String, String, String)
        switch change.kind {
        case .unchanged: parts = ("same", "same", "unchanged")
        case .added: parts = ("add", "plus", "added")
        case .removed: parts = ("rem", "minus", "removed")
        case .uncertain:
            parts = isDone ? ("same", "warn", "was uncertain") : ("bad", "warn", "uncertain now")
        case .changed:
            let isUp = try created(change.to) >= created(change.from)
            parts = isUp ? ("up", "up", "newer") : ("down", "down", "older")
        }
        return ["tone": parts.0, "icon": parts.1, "word": parts.2]
    }

    private func created(_ id: FreightID?) throws(LedgerError) -> Position {
        guard let id else { return .origin }
        return try context.chip(id, in: project)?.created ?? .origin
    }

    /// What changed, in a line: `checkout 3.8.2 → 3.9.0, web 8.35.0 → 8.36.0`.
    func line(_ changes: [ComponentChange]) throws(LedgerError) -> [Span] {
        let changed = changes.filter { $0.kind.countsAsChanged }
        if changed.count > 1, changed.allSatisfy({ $0.kind == .added }) {
            return [.text("\(changed.count) added")]
        }
        if changed.count > 6 { return [.text("\(changed.count) of \(changes.count) components")] }
        var spans: [Span] = []
        for (index, change) in changed.enumerated() {
            if index > 0 { spans.append(.text(", ")) }
            spans.append(.text(change.origin.name + " "))
            spans.append(
                .change(
                    from: try context.label(change.from, in: project),
                    to: try context.label(change.to, in: project)
                )
            )
        }
        return spans
    }
}
