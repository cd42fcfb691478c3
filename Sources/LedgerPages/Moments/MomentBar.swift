import EventLog
import Ledger
import PromotionModel

/// The time machine: a slider over the ledger's positions, with ticks for what happened to the
/// stage in focus.
struct MomentBar {
    /// Ticks are merged where there are more.
    static let tickCountMax = 60
    private static let lookCountMax = 400
    private static let dayCountMax = 24

    let context: PageContext
    let project: ProjectName
    let focus: StageName?
    let others: [StageName]
    /// Everything that is recorded, whichever moment is shown.
    private let present: View
    private let first: UInt64
    private let last: UInt64

    /// What `window` may say.
    enum Window: String, CaseIterable {
        case all
        case week = "7d"
        case day = "24h"

        var text: String {
            switch self {
            case .all: "whole ledger"
            case .week: "7 days"
            case .day: "24 h"
            }
        }

        var milliseconds: Int64? {
            switch self {
            case .all: nil
            case .week: 7 * 86_400_000
            case .day: 86_400_000
            }
        }
    }

    init(
        _ context: PageContext,
        _ project: ProjectName,
        focus: StageName?,
        others: [StageName]
    ) throws(LedgerError) {
        self.context = context
        self.project = project
        self.focus = focus
        self.others = others
        let present = context.view.latest(at: context.session.now)
        self.present = present
        let window = context.path[.window].flatMap(Window.init(rawValue:)) ?? .all
        last = max(1, present.moment.position.rawValue)
        if let length = window.milliseconds {
            let start = present.moment.time.adding(milliseconds: -length)
            let position = try present.position(atOrBefore: start).rawValue
            first = min(max(1, position), context.view.moment.position.rawValue)
        } else {
            first = 1
        }
    }

    /// Where a position stands, in hundredths of the slider's width.
    private func x(_ position: UInt64) -> Double {
        last == first ? 100 : Double(max(position, first) - first) / Double(last - first) * 100
    }

    private func percent(_ position: UInt64) -> String {
        let value = Int((x(position) * 100).rounded())
        let cents = value % 100
        return "\(value / 100).\(cents < 10 ? "0" : "")\(cents)"
    }

    func fill() throws(LedgerError) -> Fill {
        let current = context.view.moment.position.rawValue
        let time = context.view.moment.time
        let text =
            context.isPast
            ? "#\(current.grouped) · \(TimeText.whole(time))"
            : "now · #\(current.grouped) · \(TimeText.whole(time))"
        let ticks = try focusTicks() + bookmarks()
        return [
            "focus": focus?.rawValue ?? "the pipeline", "text": text,
            "action": PagePath(.pipeline(project)).text,
            "first": String(first), "last": String(last), "value": String(current),
            "done": percent(current),
            "since": context.isPast
                ? ["x": percent(current), "width": rest(current)] as Fill : nil,
            "steps": try steps(), "windows": windows, "days": try days(),
            "others": try otherMarks(), "ticks": ticks,
        ]
    }

    private func rest(_ position: UInt64) -> String {
        GraphPath.number(100 - x(position))
    }

    private var windows: [Fill] {
        let current = context.path[.window] ?? Window.all.rawValue
        return Window.allCases.map { window in
            [
                "href": context.path.with(.window, window.rawValue).text, "text": window.text,
                "current": window.rawValue == current ? true : nil,
            ]
        }
    }

    private func moment(_ position: Position?) -> String? {
        position.map { context.path.with(.at, String($0.rawValue)).with(.form, nil).text }
    }

    private func steps() throws(LedgerError) -> [Fill] {
        let current = context.view.moment.position
        var previous: Position?
        var next: Position?
        if let focus {
            let end = context.isPast ? current : current.next
            previous = try present.previousChange(of: focus, in: project, before: end)
            if context.isPast {
                next = try present.nextChange(of: focus, in: project, after: current)
            }
        }
        let name = focus?.rawValue ?? "the pipeline"
        let now = context.isPast ? context.path.with(.at, nil).with(.form, nil).text : nil
        return [
            [
                "href": moment(previous), "title": "Previous change of \(name), key [",
                "key": "[", "icon": "prev",
            ],
            [
                "href": moment(next), "title": "Next change of \(name), key ]", "key": "]",
                "icon": "next",
            ],
            ["href": now, "title": "Back to now, key Escape", "key": "Escape", "icon": "end"],
        ]
    }

    // MARK: - Marks

    private func focusTicks() throws(LedgerError) -> [Fill] {
        guard let focus else { return [] }
        let ticks = try present.ticks(
            of: focus,
            in: project,
            from: Position(rawValue: first - 1),
            limit: Self.lookCountMax
        )
        var merged: [(tick: StageTick, count: Int)] = []
        let room = 100 / Double(Self.tickCountMax)
        for tick in ticks.reversed() {
            if ticks.count > Self.tickCountMax, let before = merged.last,
                x(tick.position.rawValue) - x(before.tick.position.rawValue) < room
            {
                // The later one stands for both; going back and failing are never hidden.
                let keeps = before.tick.kind == .rollback || !before.tick.hasSucceeded
                merged[merged.count - 1] = (keeps ? before.tick : tick, before.count + 1)
            } else {
                merged.append((tick, 1))
            }
        }
        return try merged.suffix(Self.tickCountMax).map { entry throws(LedgerError) in
            try fill(entry.tick, focus, count: entry.count)
        }
    }

    private func fill(
        _ tick: StageTick,
        _ stage: StageName,
        count: Int
    ) throws(LedgerError) -> Fill {
        let time = try present.time(of: tick.position)
        let what = try tick.freight.flatMap { id throws(LedgerError) in
            try context.chip(id, in: project)?.name
        }
        let isBack = tick.kind == .rollback || tick.kind == .restore
        let verb =
            !tick.hasSucceeded
            ? "promotion failed in \(stage)"
            : isBack
                ? "\(stage) rolled back"
                : "\(stage) \(tick.isHotfix ? "hotfixed with" : "promoted to") \(what ?? "several")"
        let more = count > 1 ? " (\(count) changes here)" : ""
        let kind = !tick.hasSucceeded ? "fail" : isBack ? "back" : tick.isHotfix ? "fix" : "ok"
        var fill: Fill = [
            "href": moment(tick.position), "at": String(tick.position.rawValue),
            "title": "\(tick.position.grouped) \(TimeText.short(time)): \(verb)\(more)",
            "x": percent(tick.position.rawValue), "y": "33", "kind": kind,
            "count": count > 1 ? String(count) : nil,
        ]
        fill[kind] = true
        return fill
    }

    private func bookmarks() throws(LedgerError) -> [Fill] {
        let names = try present.ask { facts throws(FactsFailure) in
            try facts.bookmarks(in: project)
        }
        var marks: [(name: String, target: Position)] = []
        for name in names.prefix(200) {
            let target = try present.ask { facts throws(FactsFailure) in
                try facts.bookmark(name, in: project)
            }
            if let target, target.rawValue >= first { marks.append((name, target)) }
        }
        marks.sort { $0.target < $1.target }
        var lastX = -100.0
        return marks.suffix(20).map { mark in
            let x = x(mark.target.rawValue)
            // Names that would lie on each other are left to the titles.
            let isNamed = x - lastX > 7 && x < 93
            if isNamed { lastX = x }
            return [
                "href": moment(mark.target), "at": String(mark.target.rawValue), "flag": true,
                "title": "\(mark.target.grouped) bookmark \(mark.name)", "kind": "flag",
                "x": percent(mark.target.rawValue), "y": "21",
                "name": isNamed ? "@" + TextWidth.cut(mark.name, to: 90, size: 11) : nil,
            ]
        }
    }

    private func otherMarks() throws(LedgerError) -> [String] {
        var seen: Set<Int> = []
        var marks: [String] = []
        for stage in others.prefix(8) {
            let positions = try present.changePositions(
                of: stage,
                in: project,
                from: Position(rawValue: first - 1),
                limit: Self.lookCountMax / 2
            )
            for position in positions {
                let place = Int(x(position.rawValue) * 4)
                if seen.insert(place).inserted { marks.append(percent(position.rawValue)) }
            }
        }
        return marks
    }

    /// Lines where days begin; of a long time only some.
    private func days() throws(LedgerError) -> [Fill] {
        let begin = try present.time(of: Position(rawValue: first))
        let end = present.moment.time
        let firstDay = TimeText.dayNumber(begin)
        let count = TimeText.dayNumber(end) - firstDay
        guard count > 0 else {
            return [["x": "0.00", "text": TimeText.shortDay(begin), "class": "major"]]
        }
        let stride = max(1, (count + Int64(Self.dayCountMax) - 1) / Int64(Self.dayCountMax))
        var fills: [Fill] = []
        var lastX = -100.0
        var index = 0
        for day in Swift.stride(from: firstDay, through: firstDay + count, by: Int(stride)) {
            let start = Timestamp(rawValue: day * 86_400_000)
            let before = day == firstDay ? first : try present.position(atOrBefore: start).rawValue
            let x = x(before)
            // Days on which nothing happened have no room.
            let end = Timestamp(rawValue: (day + stride) * 86_400_000)
            let after = try present.position(atOrBefore: end).rawValue
            if x > 99 || before >= after { continue }
            let isNamed = x - lastX > 4.5
            if isNamed { lastX = x }
            let label = stride > 6 ? TimeText.day(start) : TimeText.shortDay(start)
            fills.append([
                "x": percent(before), "text": isNamed ? label : nil,
                "class": index.isMultiple(of: 3) ? "major" : "minor",
            ])
            if isNamed { index += 1 }
        }
        return fills
    }
}
