import EventLog
import Ledger
import PromotionModel

/// Histories as tables.
struct HistoryTable {
    let display: Display

    /// What a stage ran.
    func text(_ items: [HistoryEntry]) throws -> String {
        var table = TextTable([
            "POSITION", "AT", "STAYED", "KIND", "BY", "COLLECTION", "RUNS", "VERIFIED", "CHANGED",
            "REASON",
        ])
        for entry in items {
            if let removal = entry.removal { table.add(line(removal, blanks: 4)) }
            let changed = entry.changes.filter { $0.kind.countsAsChanged }.map(\.origin.name)
            table.add([
                "\(entry.position)", entry.at.text, stayed(from: entry.at, until: entry.until),
                "\(entry.promotion.kind)", entry.promotion.actor, entry.collection.id.short,
                try carriers(entry.collection), Display.judgement(entry.verification),
                changed.joined(separator: ","), entry.promotion.reason ?? "",
            ])
        }
        return table.text
    }

    /// What a junction made, and how its slots changed.
    func text(_ lines: [JunctionHistoryLine]) throws -> String {
        var table = TextTable([
            "POSITION", "AT", "CURRENT", "WHAT", "BY", "FREIGHT", "CHANGED", "REASON",
        ])
        for line in lines {
            switch line {
            case .bundle(let entry):
                if let removal = entry.removal { table.add(self.line(removal, blanks: 2)) }
                table.add(row(entry))
            case .slot(let entry):
                table.add([
                    "\(entry.position)", entry.at.text, "",
                    entry.isEmptied ? "emptied" : entry.held ? "collected, held" : "collected",
                    entry.actor, try display.name(entry.freight), entry.origin.name,
                    entry.reason ?? entry.because ?? "",
                ])
            }
        }
        return table.text
    }

    private func row(_ entry: BundleEntry) -> [String] {
        let changed = entry.changes.filter { $0.kind.countsAsChanged }.map(\.origin.name)
        return [
            "\(entry.position)", entry.at.text, stayed(from: entry.at, until: entry.until),
            entry.isNew ? "repackaged" : "repackaged again", entry.actor, entry.alias,
            changed.joined(separator: ","), entry.reason ?? entry.because ?? "",
        ]
    }

    /// The line between a thing that was deleted and one of the same name that was made later.
    private func line(_ removal: Removal, blanks: Int) -> [String] {
        ["\(removal.position)", removal.at.text, "", "deleted", removal.actor]
            + [String](repeating: "", count: blanks) + [removal.reason ?? ""]
    }

    private func stayed(from start: Timestamp, until end: Timestamp?) -> String {
        let last = end ?? display.view.moment.time
        return Display.duration(last.milliseconds(since: start)) + (end == nil ? "+" : "")
    }

    /// The bundles in a combination, and how many parts came by themselves.
    private func carriers(_ collection: FreightCollection) throws -> String {
        var words: [String] = []
        for carrier in Set(collection.components.map(\.carrier)) {
            words.append(try display.name(carrier))
        }
        return words.count > 3 ? "\(words.count) parts" : words.sorted().joined(separator: " ")
    }
}
