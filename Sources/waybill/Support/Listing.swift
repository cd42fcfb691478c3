import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// What `get` found: as values for programs, and as a table for people.
struct ListingResult {
    var values: [Value] = []
    var table: TextTable
    var next: Position?
    /// The word before the slash in `-o name`.
    let kind: String

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
    let options: LedgerOptions
    let before: Position
    let limit: Int
    let stage: String?
    let origin: String?

    /// All of `kind`, or the one called `name`.
    func list(_ kind: ListedKind, name: String?) throws -> ListingResult {
        switch kind {
        case .projects: return try projects(name)
        case .events: return try events(name)
        case .warehouses, .stages, .junctions, .freight, .promotions: break
        }
        let project = try options.projectName(view.facts)
        switch kind {
        case .warehouses: return try warehouses(project, name)
        case .stages: return try stages(project, name)
        case .junctions: return try junctions(project, name)
        case .freight: return try freight(project, name)
        case .promotions: return try promotions(project, name)
        case .projects, .events: preconditionFailure("listed above")
        }
    }

    private func projects(_ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "WAREHOUSES", "STAGES", "JUNCTIONS"]),
            kind: "project"
        )
        let names = try view.ask { facts throws(FactsFailure) in try facts.projects() }
        for project in names where name == nil || project.rawValue == name {
            let value = try Shape.project(project, view)
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
        let names = try view.ask { facts throws(FactsFailure) in
            try facts.warehouses(in: project)
        }
        for warehouse in names where name == nil || warehouse.rawValue == name {
            let value = try Shape.warehouse(warehouse, in: project, view)
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
        let names = try view.ask { facts throws(FactsFailure) in try facts.stages(in: project) }
        for stage in names where name == nil || stage.rawValue == name {
            result.values.append(try Shape.stage(stage, in: project, view))
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
        guard let record else { return "-" }
        return record.implicit ? "implicit" : record.assumed ? "assumed" : record.result.word
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
        let names = try view.ask { facts throws(FactsFailure) in try facts.junctions(in: project) }
        for junction in names where name == nil || junction.rawValue == name {
            let value = try Shape.junction(junction, in: project, view)
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

    private func freight(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["ALIAS", "ID", "ORIGIN", "VERSION", "AGE", "IN", "MARKS"]),
            kind: "freight"
        )
        let page = try freightPage(project, name)
        result.next = page.next
        for id in page.items {
            let value = try Shape.freight(id, in: project, view)
            result.values.append(value)
            result.table.add(try row(id, value, Display(view: view, project: project)))
        }
        return result
    }

    private func row(_ id: FreightID, _ value: Value, _ display: Display) throws -> [String] {
        let kind = value["origin"]?["kind"]?.stringValue ?? ""
        let name = value["origin"]?["name"]?.stringValue ?? ""
        let stages = (value["current"]?.arrayValue ?? []).compactMap { $0["stage"]?.stringValue }
        let made = value["at"]?.stringValue.flatMap { Timestamp(text: $0) }
        return [
            value["alias"]?.stringValue ?? "", id.short, "\(kind)/\(name)",
            kind == "Junction"
                ? "\(value["constituents"]?.arrayValue?.count ?? 0) parts"
                : try display.version(id),
            display.age(made), stages.isEmpty ? "-" : stages.joined(separator: ","),
            Self.marks(value),
        ]
    }

    /// What somebody said of freight, in a few words.
    private static func marks(_ value: Value) -> String {
        var words: [String] = []
        if value["quarantine"] != nil { words.append("quarantined") }
        let parts = (value["constituents"]?.arrayValue ?? []).filter { $0["quarantine"] != nil }
        words += parts.compactMap { $0["alias"]?.stringValue }.map { "holds quarantined \($0)" }
        let approved = (value["approved"]?.arrayValue ?? []).compactMap { $0["for"]?.stringValue }
        if !approved.isEmpty { words.append("approved for \(approved.joined(separator: ", "))") }
        if let making = value["making"]?.stringValue, ["assembled", "derived"].contains(making) {
            words.append(making)
        }
        return words.isEmpty ? "-" : words.joined(separator: "; ")
    }

    private func freightPage(_ project: ProjectName, _ name: String?) throws -> Page<FreightID> {
        if let name {
            let result = try view.ask { facts throws(FactsFailure) in
                try FreightReference.resolve(name, in: project, facts: facts)
            }
            switch result {
            case .success(let id): return Page(items: [id])
            case .failure(let refusal): throw CommandFailure(refusal)
            }
        }
        guard let origin else {
            return try view.freight(in: project, before: before, limit: limit)
        }
        guard let origin = Origin(rawValue: origin) else {
            throw CommandFailure.usage(
                "\(origin.quotedForDisplay) is no origin; write Warehouse/NAME or Junction/NAME"
            )
        }
        return try view.freight(of: origin, in: project, before: before, limit: limit)
    }

    private func promotions(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "STAGE", "KIND", "PHASE", "FREIGHT", "BY", "AGE"]),
            kind: "promotion"
        )
        let page: Page<PromotionName>
        if let name {
            page = Page(items: [PromotionName(unchecked: name)])
        } else {
            let stages = try stage.map { [try Names.stage($0, in: project, view)] }
            page = try view.promotions(of: stages, in: project, before: before, limit: limit)
        }
        result.next = page.next
        let display = Display(view: view, project: project)
        for promotion in page.items {
            let value = try Shape.promotion(promotion, in: project, view)
            if value.isNull { continue }
            result.values.append(value)
            let freight = try (value["freight"]?.arrayValue ?? []).compactMap(\.stringValue)
                .map { try display.name(FreightID(unchecked: $0)) }
            result.table.add([
                promotion.rawValue, value["stage"]?.stringValue ?? "",
                value["promotionKind"]?.stringValue ?? "", value["phase"]?.stringValue ?? "",
                freight.isEmpty ? "-" : freight.joined(separator: ","),
                value["actor"]?.stringValue ?? "",
                display.age(value["at"]?.stringValue.flatMap { Timestamp(text: $0) }),
            ])
        }
        return result
    }

    private func events(_ name: String?) throws -> ListingResult {
        if let name {
            guard case .position(let position) = MomentReference(parsing: name) else {
                throw CommandFailure.usage(
                    "\(name.quotedForDisplay) is no position; write #1234"
                )
            }
            guard position > .origin, position <= view.moment.position else {
                throw CommandFailure.notFound(
                    "there is no event \(position) at \(view.moment.position)"
                )
            }
            return EventTable.result([try view.event(at: position)], next: nil)
        }
        let page = try view.events(AuditFilter(), before: before, limit: limit)
        return EventTable.result(page.items, next: page.next)
    }
}

/// Events as rows.
enum EventTable {
    /// A listing of these events.
    static func result(_ events: [LedgerEvent], next: Position?) -> ListingResult {
        var result = ListingResult(
            table: TextTable(["POSITION", "AT", "TYPE", "SUBJECT", "ACTOR"]),
            kind: "event"
        )
        result.next = next
        for event in events {
            result.values.append(Shape.event(event))
            result.table.add([
                "\(event.header.position)", event.header.recorded.text, event.type.name,
                event.header.subject, event.header.actor.name,
            ])
        }
        return result
    }
}
