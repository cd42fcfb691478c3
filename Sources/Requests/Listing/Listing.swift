import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// What `get` found: as values for programs, and as a table for people.
struct ListingResult {
    var values: [Value] = []
    var table: TextTable
    /// The cursor of the page behind.
    var next: String?
    /// The word before the slash in `-o name`.
    let kind: String

    init(table: TextTable, kind: String) {
        self.table = table
        self.kind = kind
    }

    /// `stage/prod`: what other commands take.
    func reference(_ value: Value) -> String {
        if kind == "event" { return "#\(value["position"]?.intValue ?? 0)" }
        let name = value["alias"]?.stringValue ?? value["name"]?.stringValue ?? ""
        return "\(kind)/\(name)"
    }
}

/// Lists things of one kind.
struct Listing {
    let view: View
    let choice: ProjectChoice
    let paging: Paging
    let filter: ListingFilter

    /// All of `kind`, or the one called `name`.
    func list(_ kind: ListedKind, name: String?) throws -> ListingResult {
        switch kind {
        case .projects: return try projects(name)
        case .clustertasks: return try tasks(.cluster, name)
        case .clusterconfigs: return try clusterConfigs(name)
        case .events: return try events(name)
        case .warehouses, .stages, .junctions, .freight, .promotions, .bookmarks, .tasks,
            .projectconfigs:
            break
        }
        let project = try choice.name(view.facts)
        switch kind {
        case .warehouses: return try warehouses(project, name)
        case .stages: return try stages(project, name)
        case .junctions: return try junctions(project, name)
        case .freight: return try freight(project, name)
        case .promotions: return try promotions(project, name)
        case .tasks: return try tasks(project, name)
        case .projectconfigs: return try projectConfigs(project, name)
        case .bookmarks: return try bookmarks(project, name)
        case .projects, .events, .clustertasks, .clusterconfigs: preconditionFailure("listed above")
        }
    }

    /// The names to show: the one that was asked for, or a page of all.
    func names<Name: RawRepresentable<String> & Sendable>(
        _ name: String?,
        _ page: (StoreFacts) throws(FactsFailure) -> NamePage<Name>
    ) throws -> NamePage<Name> {
        if let name { return NamePage(names: [Name(rawValue: name)].compactMap { $0 }) }
        return try view.ask(page)
    }

    private func projects(_ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "WAREHOUSES", "STAGES", "JUNCTIONS"]),
            kind: "project"
        )
        let page = try names(name) { facts throws(FactsFailure) in
            try facts.projects(after: paging.after, limit: paging.limit)
        }
        result.next = page.next
        for project in page.names where choice.sees(project) {
            let value = try Shape.project(project, view)
            if value.isNull { continue }
            result.values.append(value)
            let counts = ["warehouses", "stages", "junctions"].map {
                "\(value[$0]?.intValue ?? 0)"
            }
            result.table.add([project.rawValue] + counts)
        }
        return result
    }

    private func warehouses(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "FREIGHT", "VERSION", "SEEN", "STATE"]),
            kind: "warehouse"
        )
        let display = Display(view: view, project: project)
        let page = try names(name) { facts throws(FactsFailure) in
            try facts.warehouses(in: project, after: paging.after, limit: paging.limit)
        }
        result.next = page.next
        for warehouse in page.names {
            let value = try Shape.warehouse(warehouse, in: project, view)
            if value.isNull { continue }
            result.values.append(value)
            let newest = value["freight"]?.stringValue.map { FreightID(unchecked: $0) }
            let seen = value["at"]?.stringValue.flatMap { Timestamp(text: $0) }
            result.table.add([
                warehouse.rawValue, try display.name(newest), try display.version(newest),
                display.age(seen), value["failure"]?.stringValue ?? "ok",
            ])
        }
        return result
    }

    private func stages(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "RUNS", "SINCE", "PROMOTION", "VERIFIED", "STATE"]),
            kind: "stage"
        )
        let display = Display(view: view, project: project)
        let page = try names(name) { facts throws(FactsFailure) in
            try facts.stages(in: project, after: paging.after, limit: paging.limit)
        }
        result.next = page.next
        for stage in page.names {
            let value = try Shape.stage(stage, in: project, view)
            if value.isNull { continue }
            result.values.append(value)
            let state = try view.ask { facts throws(FactsFailure) in
                try facts.stageState(stage, in: project)
            }
            result.table.add([
                stage.rawValue, try runs(state, display),
                state.current == nil ? "-" : display.age(state.currentSince),
                state.currentPromotion?.rawValue ?? "-", try verified(state, project, display),
                Self.word(state),
            ])
        }
        return result
    }

    /// What a stage runs, in a few words: its bundle's name, or its components' versions.
    private func runs(_ state: StageState, _ display: Display) throws -> String {
        guard let current = state.current, !current.components.isEmpty else { return "-" }
        var words: [String] = []
        for bundle in Set(current.components.map(\.carrier)).sorted() {
            let parts = current.components.filter { $0.carrier == bundle }
            guard let first = parts.first else { continue }
            if first.requestedOrigin.kind == .junction {
                words.append(try display.name(bundle))
            } else {
                words.append("\(first.origin.name):\(try display.version(first.freight))")
            }
        }
        return words.sorted().joined(separator: " ")
    }

    /// How what a stage runs was judged; `implicit` and `assumed` where nobody looked.
    private func verified(
        _ state: StageState,
        _ project: ProjectName,
        _ display: Display
    ) throws -> String {
        if let open = state.verification { return "open \(display.age(open.since))" }
        guard let promotion = state.currentPromotion else { return "-" }
        let record = try view.ask { facts throws(FactsFailure) in
            try facts.promotionState(promotion, in: project).verification
        }
        return Display.judgement(record)
    }

    private static func word(_ state: StageState) -> String {
        var words: [String] = []
        switch state.health {
        case .unhealthy, .progressing: words.append(state.health.word.lowercased())
        case .healthy, .notApplicable, .unknown: break
        }
        if state.running != nil { words.append("promoting") }
        if !state.pending.isEmpty { words.append("\(state.pending.count) pending") }
        if !state.uncertain.isEmpty { words.append("\(state.uncertain.count) uncertain") }
        if !state.holds.isEmpty { words.append("\(state.holds.count) held") }
        return words.isEmpty ? "at rest" : words.joined(separator: ", ")
    }

    private func junctions(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "FILLED", "BUNDLE", "SINCE", "NEXT"]),
            kind: "junction"
        )
        let display = Display(view: view, project: project)
        let page = try names(name) { facts throws(FactsFailure) in
            try facts.junctions(in: project, after: paging.after, limit: paging.limit)
        }
        result.next = page.next
        for junction in page.names {
            let value = try Shape.junction(junction, in: project, view)
            if value.isNull { continue }
            result.values.append(value)
            let slots = value["slots"]?.arrayValue ?? []
            let filled = slots.count { $0["freight"] != nil }
            let preview = try view.preview(of: junction, in: project)
            let bundle = value["bundle"]?.stringValue.map { FreightID(unchecked: $0) }
            let since = value["bundleSince"]?.stringValue.flatMap { Timestamp(text: $0) }
            result.table.add([
                junction.rawValue, "\(filled)/\(slots.count)", try display.name(bundle),
                display.age(since),
                preview.isCurrent ? "same" : preview.missing.isEmpty ? "ready" : "waits",
            ])
        }
        return result
    }

    private func bookmarks(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "POSITION", "AT", "SET BY", "SET AT", "REASON"]),
            kind: "bookmark"
        )
        var page = NamePage(names: [name].compactMap { $0 })
        if name == nil {
            page = try view.ask { facts throws(FactsFailure) in
                try facts.bookmarks(in: project, after: paging.after, limit: paging.limit)
            }
        }
        result.next = page.next
        for name in page.names {
            guard let bookmark = try view.bookmark(name, in: project) else { continue }
            result.values.append(Shape.bookmark(bookmark, in: project))
            result.table.add([
                name, "\(bookmark.target)",
                bookmark.target == .origin ? "-" : bookmark.targetAt.text, bookmark.actor,
                bookmark.at.text, bookmark.reason ?? "",
            ])
        }
        return result
    }

    private func events(_ name: String?) throws -> ListingResult {
        if let name {
            return EventTable.result([try Names.event(name, choice, view)], next: nil)
        }
        var filter = AuditFilter()
        filter.seen = choice.seen
        let page = try paging.page { try view.events(filter, before: $0, limit: $1) }
        return EventTable.result(page.items, next: page.cursor)
    }
}
