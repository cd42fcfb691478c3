import EventLog
import Ledger
import PromotionModel

/// Freight, newest first; or what a search found: freight, a version, a commit, a position.
struct FreightListPage {
    private static let pageCount = 50

    let context: PageContext
    let project: ProjectName

    init(_ context: PageContext, _ project: ProjectName) throws(LedgerError) {
        self.context = context
        self.project = project
    }

    private var before: Position {
        Position(rawValue: context.path[.before].flatMap { UInt64($0) } ?? .max)
    }

    func content() throws(LedgerError) -> PageContent {
        var nothing: String?
        let page: Page<FreightID>
        if let text = context.path[.find] {
            (page, nothing) = try found(text)
        } else {
            let origin = context.path[.origin].flatMap(Origin.init(rawValue:))
            page = try context.view.freight(
                of: origin,
                in: project,
                before: before,
                limit: Self.pageCount
            )
        }
        var rows: [Fill] = []
        for id in page.items { rows.append(try row(id)) }
        let fill: Fill = [
            "rows": rows, "find": context.path[.find], "nothing": rows.isEmpty ? true : nil,
            "sentence": nothing ?? "There is no freight yet.",
            "next": page.next.map { context.path.with(.before, String($0.rawValue)).text },
            "action": PagePath(.freightList(project)).text, "places": try places(),
            "at": context.isPast ? String(context.view.moment.position.rawValue) : nil,
        ]
        return PageContent(
            title: "Freight",
            template: "freight-list",
            fill: fill,
            chrome: PageChrome(context)
        )
    }

    private func found(_ text: String) throws(LedgerError) -> (Page<FreightID>, String?) {
        do throws(LedgerError) {
            let page = try context.view.trace(
                text,
                in: project,
                before: before,
                limit: Self.pageCount
            )
            return (
                Page(items: page.items.map(\.freight.id), next: page.next), nil
            )
        } catch {
            guard case .notFound(let sentence) = error else { throw error }
            return (Page(items: []), sentence)
        }
    }

    /// Stages, junctions and the position that a search may mean too.
    private func places() throws(LedgerError) -> [Fill] {
        guard let text = context.path[.find] else { return [] }
        var spans: [[Span]] = []
        let needle = text.hasPrefix("#") ? String(text.dropFirst()) : text
        if let number = UInt64(needle), number >= 1, number <= context.view.moment.position.rawValue
        {
            spans.append([.text("Event "), .event(Position(rawValue: number))])
        }
        let names = try context.view.ask { facts throws(FactsFailure) in
            (
                try facts.stages(in: project).filter { $0.rawValue.contains(text) }.prefix(8),
                try facts.junctions(in: project).filter { $0.rawValue.contains(text) }.prefix(4)
            )
        }
        for name in names.0 {
            spans.append([
                .text("Stage "), .link(name.rawValue, context.link(.stage(name, in: project))),
            ])
        }
        for name in names.1 {
            spans.append([
                .text("Junction "),
                .link(name.rawValue, context.link(.junction(name, in: project))),
            ])
        }
        return spans.map { ["what": context.fill($0)] }
    }

    private func row(_ id: FreightID) throws(LedgerError) -> Fill {
        let found = try context.view.ask { facts throws(FactsFailure) in
            (try facts.freight(id, in: project), try facts.freightStatus(id, in: project))
        }
        guard let freight = found.0, let chip = try context.chip(id, in: project) else {
            return [:]
        }
        let status = found.1
        return [
            "freight": context.fill(chip), "origin": freight.origin.name,
            "lane": String(try context.colour(of: freight.origin, in: project)),
            "version": freight.isBundle
                ? counted(freight.constituents.count, "component") : chip.version,
            "message": freight.artifacts.first?.commit?.message,
            "making": freight.making.word, "created": context.when(freight.createdAt),
            "position": context.fill(freight.created), "state": status.word?.fill,
            "where": status.current.map(\.stage.rawValue).prefix(6).joined(separator: ", "),
        ]
    }
}

extension FreightStatus {
    /// Whether it may go anywhere, and where it proved well; nil where neither is known.
    var word: StateWord? {
        if quarantine != nil { return StateWord(.fail, "ban", "quarantined") }
        guard !verified.isEmpty else { return nil }
        let stages = verified.map(\.stage.rawValue).prefix(3).joined(separator: ", ")
        let more = verified.count > 3 ? " and \(verified.count - 3) more" : ""
        return StateWord(.ok, "proof", "verified in \(stages)\(more)")
    }
}
