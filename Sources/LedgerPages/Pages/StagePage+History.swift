import EventLog
import Ledger
import PromotionModel

extension StagePage {
    /// What `show` may say.
    enum Kinds: String, CaseIterable {
        case all, releases, hotfixes, rollbacks
    }

    private var before: Position {
        Position(rawValue: context.path[.before].flatMap { UInt64($0) } ?? .max)
    }

    /// Every combination that the stage ran, a page of them.
    func history() throws(LedgerError) -> Fill {
        let page = try context.view.history(
            of: stage,
            in: project,
            before: before,
            limit: Self.historyCount
        )
        let bookmarks = try bookmarks()
        var rows: [Fill] = []
        for (index, entry) in page.items.enumerated() {
            rows.append(try row(entry, index, bookmarks[entry.position] ?? []))
        }
        return [
            "rows": rows, "nothing": rows.isEmpty ? true : nil,
            "next": page.next.map { context.path.with(.before, String($0.rawValue)).text },
            "newest": context.path[.before] == nil
                ? nil : context.path.with(.before, nil).text,
            "action": PagePath(.stage(stage, in: project)).text + "#diff",
            "at": context.isPast ? String(context.view.moment.position.rawValue) : nil,
            "count": page.next == nil && context.path[.before] == nil
                ? counted(rows.count, "combination")
                : "\(rows.count) of them on this page",
        ]
    }

    /// Bookmarks by the change of the stage that they are behind, as far as they are few.
    private func bookmarks() throws(LedgerError) -> [Position: [String]] {
        let found = try context.view.ask { facts throws(FactsFailure) in
            var found: [(String, Position)] = []
            for name in try facts.bookmarks(in: project).prefix(100) {
                if let target = try facts.bookmark(name, in: project) {
                    found.append((name, target))
                }
            }
            return found
        }
        var named: [Position: [String]] = [:]
        for (name, target) in found {
            let change = try context.view.previousChange(
                of: stage,
                in: project,
                before: target.next
            )
            if let change, target.rawValue - change.rawValue < 8 {
                named[change, default: []].append(name)
            }
        }
        return named
    }

    private func row(
        _ entry: HistoryEntry,
        _ index: Int,
        _ bookmarks: [String]
    ) throws(LedgerError) -> Fill {
        let isNow = state.currentPosition == entry.position
        let position = String(entry.position.rawValue)
        let stayed = (entry.until ?? context.now).milliseconds(since: entry.at)
        let chosenLeft = context.path[.left].map { $0 == position } ?? (index == 1)
        let chosenRight = context.path[.right].map { $0 == position } ?? (index == 0)
        return [
            "position": context.fill(entry.position), "value": position,
            "moment": PagePath(.pipeline(project)).with(.at, position).text,
            "date": context.date(entry.at),
            "combination": context.fill(try entry.collection.carrierSpans(context, project)),
            "now": isNow ? true : nil, "kind": try kind(entry),
            "bookmarks": bookmarks.map { "@\($0)" },
            "changed": context.fill(try ChangeSet(context, project).line(entry.changes)),
            "first": entry.changes.allSatisfy { $0.kind == .added }
                ? "\(entry.changes.count) added" : nil,
            "by": entry.promotion.actor, "why": entry.promotion.reason,
            "stayed": TimeText.length(stayed),
            "back": isNow || context.isPast
                ? nil
                : context.path.with(.form, "rollback").with(.target, position).text + "#rollback",
            "left": chosenLeft ? true : nil, "right": chosenRight ? true : nil,
            "promotion": context.link(.promotion(entry.promotion.name, in: project)).text,
        ]
    }

    private func kind(_ entry: HistoryEntry) throws(LedgerError) -> Fill {
        switch entry.promotion.kind {
        case .rollback, .restore: return StateWord(.hold, "back", entry.promotion.kind.word).fill
        case .automatic: return StateWord(.none, "robot", "automatic").fill
        case .manual:
            for id in entry.promotion.freight.prefix(3) {
                guard let chip = try context.chip(id, in: project) else { continue }
                if chip.origin.kind == .junction, chip.making == .repackaged {
                    return StateWord(.none, "bundle", "release").fill
                }
                if chip.making == .derived || chip.making == .assembled {
                    return StateWord(.run, "bolt", "hotfix").fill
                }
            }
            return StateWord(.none, "user", "by hand").fill
        }
    }

    /// The difference of two combinations that were chosen, or of the last two.
    func difference() throws(LedgerError) -> Fill? {
        let newest = try context.view.history(of: stage, in: project, limit: 2).items
        guard let current = newest.first else { return nil }
        let left = try entry(context.path[.left]) ?? (newest.count > 1 ? newest[1] : current)
        let right = try entry(context.path[.right]) ?? current
        let changes = left.collection.changes(to: right.collection)
        return [
            "left": try side(left), "right": try side(right),
            "set": try ChangeSet(context, project).fill(changes),
            "command":
                "waybill diff stage/\(stage)@#\(left.position.rawValue) "
                + "stage/\(stage)@#\(right.position.rawValue)",
        ]
    }

    private func entry(_ text: String?) throws(LedgerError) -> HistoryEntry? {
        guard let text, let number = UInt64(text), number < .max else { return nil }
        let page = try context.view.history(
            of: stage,
            in: project,
            before: Position(rawValue: number + 1),
            limit: 1
        )
        return page.items.first
    }

    private func side(_ entry: HistoryEntry) throws(LedgerError) -> Fill {
        [
            "what": context.fill(try entry.collection.carrierSpans(context, project)),
            "why": entry.promotion.reason, "date": context.date(entry.at),
            "by": entry.promotion.actor, "position": context.fill(entry.position),
        ]
    }
}
