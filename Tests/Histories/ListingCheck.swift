import EventLog
import Ledger
import PromotionModel

/// What lists say page by page, against a look at all events from the first.
///
/// Pages are of random sizes, and each begins where the one before said that it does.
struct ListingCheck {
    /// An event as the reference model has it.
    typealias Entry = (header: Header, event: Event)

    let view: View
    /// The events up to the moment of the view.
    let entries: [Entry]
    /// What was so at the moment of the view.
    let facts: DictionaryFacts
    let project: ProjectName
    var random: SeededGenerator
    private var ownEntries: [Entry] = []

    init(
        view: View,
        entries: [Entry],
        facts: DictionaryFacts,
        project: ProjectName,
        random: SeededGenerator
    ) {
        self.view = view
        self.entries = entries
        self.facts = facts
        self.project = project
        self.random = random
        ownEntries = entries.filter { $0.header.project == project.rawValue }
    }

    /// The events of the project, oldest first.
    var own: [Entry] { ownEntries }

    /// The first list that is not what it should be; nil if all are.
    mutating func finding() throws(LedgerError) -> String? {
        if let found = try names() { return found }
        if let found = try freight() { return found }
        if let found = try availableFreight() { return found }
        if let found = try promotions() { return found }
        if let found = try histories() { return found }
        if let found = try audits() { return found }
        return try records()
    }

    // MARK: - Paging

    /// The items of all pages, one page after the other, as lines; the page that breaks the rules
    /// of pages is a line too.
    mutating func lines<Item>(
        _ line: (Item) -> String,
        _ page: (Position, Int) throws(LedgerError) -> Page<Item>
    ) throws(LedgerError) -> [String] {
        let most = [2, 7, 40, 300].randomElement(using: &random) ?? 7
        var lines: [String] = []
        var before = Position(rawValue: .max)
        while true {
            let limit = Int.random(in: 1...most, using: &random)
            let found = try page(before, limit)
            lines += found.items.map(line)
            if found.items.count > limit { return lines + ["\(found.items.count) of \(limit)"] }
            guard let next = found.next else { return lines }
            guard next < before else { return lines + ["\(next) follows \(before)"] }
            before = next
        }
    }

    /// A sentence about the first line that differs; nil if none does.
    func difference(_ what: String, _ lines: [String], from expected: [String]) -> String? {
        let what = "\(what) of \(project) at \(view.moment.position)"
        for (index, pair) in zip(lines, expected).enumerated() where pair.0 != pair.1 {
            return "\(what), item \(index): \(pair.0) is not \(pair.1)"
        }
        if lines.count == expected.count { return nil }
        return "\(what): \(lines.count) items, not \(expected.count)"
    }

    // MARK: - Names

    private mutating func names() throws(LedgerError) -> String? {
        let (facts, project) = (facts, project)
        let lists: [(String, [String], (StoreFacts, String?, Int) throws(FactsFailure) -> Names)] =
            [
                (
                    "stages", facts.stages(in: project).map(\.rawValue),
                    { stored, after, limit throws(FactsFailure) in
                        let page = try stored.stages(in: project, after: after, limit: limit)
                        return (page.names.map(\.rawValue), page.next)
                    }
                ),
                (
                    "junctions", facts.junctions(in: project).map(\.rawValue),
                    { stored, after, limit throws(FactsFailure) in
                        let page = try stored.junctions(in: project, after: after, limit: limit)
                        return (page.names.map(\.rawValue), page.next)
                    }
                ),
                (
                    "warehouses", facts.warehouses(in: project).map(\.rawValue),
                    { stored, after, limit throws(FactsFailure) in
                        let page = try stored.warehouses(in: project, after: after, limit: limit)
                        return (page.names.map(\.rawValue), page.next)
                    }
                ),
                (
                    "bookmarks", facts.bookmarks(in: project),
                    { stored, after, limit throws(FactsFailure) in
                        let page = try stored.bookmarks(in: project, after: after, limit: limit)
                        return (page.names, page.next)
                    }
                ),
            ]
        for (what, expected, page) in lists {
            let names = try names(page)
            if let found = difference(what, names, from: expected) { return found }
        }
        return nil
    }

    private typealias Names = (names: [String], next: String?)

    private mutating func names(
        _ page: (StoreFacts, String?, Int) throws(FactsFailure) -> Names
    ) throws(LedgerError) -> [String] {
        var names: [String] = []
        var after: String?
        while true {
            let limit = Int.random(in: 1...4, using: &random)
            let found = try view.ask { stored throws(FactsFailure) in
                try page(stored, after, limit)
            }
            names += found.names
            if found.names.count > limit { return names + ["\(found.names.count) of \(limit)"] }
            guard let next = found.next else { return names }
            guard next > after ?? "" else { return names + ["\(next) follows \(after ?? "")"] }
            after = next
        }
    }

    // MARK: - Freight and promotions

    /// All freight that was made, newest first.
    private func madeFreight() -> [(freight: FreightID, origin: Origin)] {
        own.reversed().compactMap { entry in
            if case .freightCreated(let event) = entry.event {
                return (event.freight, event.origin)
            }
            if case .freightRepackaged(let event) = entry.event, event.isNew {
                return (event.freight, .junction(event.junction))
            }
            return nil
        }
    }

    private mutating func freight() throws(LedgerError) -> String? {
        let (view, project) = (view, project)
        let made = madeFreight()
        for origin in [nil] + Set(made.map(\.origin)).sorted().map(Optional.some) {
            let lines = try lines({ (id: FreightID) in id.rawValue }) {
                (before, limit) throws(LedgerError) in
                try view.freight(of: origin, in: project, before: before, limit: limit)
            }
            let expected = made.filter { origin == nil || $0.origin == origin }
            let what = origin.map { "freight of \($0)" } ?? "freight"
            let ids = expected.map(\.freight.rawValue)
            if let found = difference(what, lines, from: ids) { return found }
        }
        for stage in facts.stages(in: project) {
            let lines = try lines({ (id: FreightID) in id.rawValue }) {
                (before, limit) throws(LedgerError) in
                try view.freight(runningIn: stage, in: project, before: before, limit: limit)
            }
            let running = facts.stageState(stage, in: project).current?.components ?? []
            let expected = made.map(\.freight).filter { id in
                running.contains { $0.freight == id || $0.carrier == id }
            }
            let ids = expected.map(\.rawValue)
            if let found = difference("freight in \(stage)", lines, from: ids) { return found }
        }
        return nil
    }

    /// Of one consumer, because every piece of freight is asked about.
    private mutating func availableFreight() throws(LedgerError) -> String? {
        let consumers =
            facts.stages(in: project).map { Consumer.stage($0) }
            + facts.junctions(in: project).map { .junction($0) }
        guard let consumer = consumers.randomElement(using: &random) else { return nil }
        let (view, project) = (view, project)
        let lines = try lines({ (id: FreightID) in id.rawValue }) {
            (before, limit) throws(LedgerError) in
            try view.freight(availableTo: consumer, in: project, before: before, limit: limit)
        }
        let rule = AvailabilityRule(facts: facts, project: project, now: view.moment.time)
        var expected: [String] = []
        do throws(FactsFailure) {
            for made in madeFreight() {
                guard let freight = facts.freight(made.freight, in: project) else { continue }
                let availability = try rule.availability(of: freight, to: consumer)
                if availability.isAvailable { expected.append(freight.id.rawValue) }
            }
        } catch {
            throw .facts(error)
        }
        return difference("freight for \(consumer.subject)", lines, from: expected)
    }

    private mutating func promotions() throws(LedgerError) -> String? {
        let (view, project) = (view, project)
        let requested = own.reversed().compactMap { entry in
            if case .promotionRequested(let event) = entry.event { event.request } else { nil }
        }
        let stages = Set(requested.map(\.stage)).sorted()
        let phases: [Set<PromotionPhase>] = [
            [], [.pending, .running], [.pending], [.failed, .errored], [.succeeded],
        ]
        for choice in phases {
            var filter = PromotionFilter()
            filter.phases = choice
            if Bool.random(using: &random) { filter.stage = stages.randomElement(using: &random) }
            if Bool.random(using: &random), let kind = requested.randomElement(using: &random) {
                filter.kinds = [kind.kind]
            }
            let lines = try lines({ (name: PromotionName) in name.rawValue }) {
                (before, limit) throws(LedgerError) in
                try view.promotions(filter, in: project, before: before, limit: limit)
            }
            let expected = requested.filter { request in
                (filter.stage ?? request.stage) == request.stage
                    && (filter.kinds.isEmpty || filter.kinds.contains(request.kind))
                    && (choice.isEmpty
                        || choice.contains(
                            facts.promotionState(request.name, in: project).phase
                        ))
            }
            let what = "promotions \(choice) \(filter.kinds) of \(filter.stage as Any)"
            let names = expected.map(\.name.rawValue)
            if let found = difference(what, lines, from: names) { return found }
        }
        return nil
    }
}
