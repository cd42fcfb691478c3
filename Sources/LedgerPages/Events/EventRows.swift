import EventLog
import Ledger
import PromotionModel

/// Rows of a list of events: sentences, and machinery folded into one line with its range.
struct EventRows {
    let context: PageContext
    private(set) var rows: [Fill] = []
    private var folded: [LedgerEvent] = []

    init(_ context: PageContext) { self.context = context }

    /// The rows of these events, in their order.
    static func rows(
        of events: [LedgerEvent],
        _ context: PageContext,
        folds: Bool = true
    ) throws(LedgerError) -> [Fill] {
        var rows = EventRows(context)
        for event in events { try rows.add(event, folds: folds) }
        rows.endFold()
        return rows.rows
    }

    /// The newest events that say something by themselves, before `before`.
    static func latest(
        _ count: Int,
        in project: ProjectName,
        _ context: PageContext
    ) throws(LedgerError) -> [Fill] {
        var rows: [Fill] = []
        var seen = 0
        try context.view.forEachEvent(reverse: true) { (event) throws(LedgerError) in
            seen += 1
            if event.header.project == project.rawValue {
                let phrase = try context.phrase(event)
                if !phrase.isMachinery { rows.append(context.row(event, phrase)) }
            }
            return rows.count < count && seen < lookCountMax
        }
        return rows
    }

    /// How many events one look goes through.
    private static let lookCountMax = 400

    mutating func add(_ event: LedgerEvent, folds: Bool) throws(LedgerError) {
        let phrase = try context.phrase(event)
        if phrase.isMachinery, folds {
            folded.append(event)
            return
        }
        endFold()
        rows.append(context.row(event, phrase))
    }

    /// Ends a run of folded events with its line.
    mutating func endFold() {
        guard let newest = folded.first?.header, let oldest = folded.last?.header else { return }
        let low = min(newest.position, oldest.position)
        let high = max(newest.position, oldest.position)
        let kinds = Set(folded.map { $0.type.words }).sorted().prefix(3).joined(separator: ", ")
        rows.append([
            "folded": [
                "text": "\(counted(folded.count, "event")) folded",
                "range": low == high ? low.grouped : "\(low.grouped) to \(high.grouped)",
                "kinds": kinds,
            ] as Fill
        ])
        folded = []
    }
}

extension EventType {
    /// Its name as words: "step finished".
    fileprivate var words: String {
        var words = ""
        for character in name {
            if character.isUppercase, !words.isEmpty { words += " " }
            words += character.lowercased()
        }
        return words
    }
}

extension PageContext {
    /// The row of one event.
    func row(_ event: LedgerEvent, _ phrase: EventPhrase) -> Fill {
        let header = event.header
        return [
            "position": fill(header.position),
            "number": String(header.position.rawValue),
            "icon": phrase.icon, "tone": phrase.tone, "what": fill(phrase.spans),
            "why": phrase.why, "by": by(header.actor.name, header.actor.assurance),
            "time": when(header.recorded), "clock": TimeText.clock(header.recorded),
        ]
    }
}
