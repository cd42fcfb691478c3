import EventLog
import PromotionModel

/// What a card of the graph says.
struct PlaceCard {
    /// What it is of, in an address and in links.
    let key: String
    let kind: GraphSketch.Node.Kind
    let title: String
    let path: PagePath
    /// At the right of the title.
    var state: StateWord?
    /// Below the title: the bundle, or a text; and a text at the right.
    var chip: FreightChip?
    var subtitle = ""
    var aside = ""
    /// By lane.
    var rows: [Int: Row] = [:]
    var feet: [Foot] = []
    /// Of a stack: how many stages stand how.
    var counts: [Count] = []
    /// Whether it is there now, and was not yet at the moment that is shown.
    var isLater = false
    /// Its icon, where the kind does not say it.
    var icon: String?
    /// Whether a search leaves it out.
    var isDim = false

    /// What a card says of one origin.
    struct Row {
        var name: String
        var version: String
        /// What a running promotion replaces.
        var from: String?
        /// An icon that says how it compares.
        var mark: String?
        var tone = ""
        /// Of a junction's slot.
        var note: StateWord?
        /// What is there now, of a card of the past.
        var today: String?
        var isQuiet = false
        var isBold = false
    }

    /// A line at the bottom.
    struct Foot {
        var state: StateWord
        var aside = ""
        var isBold = false
        var chip: FreightChip?
        /// Of each step: `d` done, `r` running, `f` failed, `0` to come.
        var segments: [String] = []
        var detail = ""

        var height: Double { segments.isEmpty ? 30 : 60 }
    }

    /// Stages of a stack that stand alike.
    struct Count {
        let state: StateWord
        /// The class of its part of the bar.
        let bar: String
        let count: Int
    }

    /// What no other card of a graph has: places of different kinds may have the same name.
    var identity: String {
        switch kind {
        case .warehouse: key.isEmpty ? "rest" : "warehouse/\(key)"
        case .stage: "\(icon ?? "stage")/\(key)"
        case .junction: "junction/\(key)"
        case .stack: "stack/\(key)"
        }
    }

    /// The whole of it as a sentence.
    var label: String {
        var parts = [[kindWord, title].joined(separator: " ")]
        if let state { parts.append(state.word) }
        if let chip { parts.append(chip.name) }
        parts +=
            [subtitle, aside]
            + feet.map { foot in
                [foot.state.word, foot.aside, foot.detail].filter { !$0.isEmpty }.joined(
                    separator: ", "
                )
            }
        parts += counts.map { "\($0.count) \($0.state.word)" }
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private var kindWord: String {
        switch kind {
        case .warehouse: "Warehouse"
        case .stage: "Stage"
        case .junction: "Junction"
        case .stack: "Stack of stages"
        }
    }

    // MARK: - Size

    /// Above the first row's middle.
    var headHeight: Double {
        switch kind {
        case .warehouse: 13
        case .stage, .junction: rows.isEmpty ? 54 : 75
        case .stack: 54 + Double((counts.count + 1) / 2) * 19 + 10
        }
    }

    var footHeight: Double {
        kind == .warehouse ? -2 : feet.reduce(feet.isEmpty ? 6 : 10) { $0 + $1.height }
    }

    /// As wide as its widest line, within bounds.
    var width: Double {
        if kind == .warehouse {
            let row = rows.values.first
            let text = TextWidth.width(title, isBold: true)
            let version = TextWidth.width(row?.version ?? "", size: 12)
            return min(max(text + version + 44, 130), 220)
        }
        var width = TextWidth.width(title, size: 14, isBold: true) + 60
        if let state { width += TextWidth.width(state.word, size: 12) + 16 }
        let sub = chip?.name ?? subtitle
        width = max(width, TextWidth.width(sub, size: 12) + TextWidth.width(aside, size: 12) + 56)
        for row in rows.values { width = max(width, Self.width(of: row)) }
        for foot in feet {
            let text = TextWidth.width(foot.state.word, size: 12, isBold: foot.isBold)
            let aside = TextWidth.width(foot.aside, size: 12)
            width = max(width, text + aside + 54, TextWidth.width(foot.detail, size: 12) + 24)
        }
        if kind == .stack { width = max(width, 226) }
        return min(max(width, 150), kind == .junction ? 290 : 270)
    }

    private static func width(of row: Row) -> Double {
        var width = TextWidth.width(row.name) + TextWidth.width(row.version, isBold: true) + 46
        if let from = row.from { width += TextWidth.width(from) + 20 }
        if let today = row.today { width += TextWidth.width(today) + 24 }
        if let note = row.note { width += TextWidth.width(note.word, size: 12) + 34 }
        if row.mark != nil { width += 20 }
        return width
    }
}
