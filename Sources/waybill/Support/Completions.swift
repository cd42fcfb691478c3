import ArgumentParser
import EventLog
import Ledger
import PromotionModel

/// What a shell may complete an argument to: names that the ledger has.
///
/// Asked between two keystrokes: it reads one page, and whatever goes wrong completes nothing.
enum Completions {
    static let stages = names { view, project in try stages(view, project) }
    static let junctions = names { view, project in try junctions(view, project) }
    static let warehouses = names { view, project in try warehouses(view, project) }
    static let freight = names { view, project in try freight(view, project) }
    static let promotions = names { view, project in
        try view.promotions(PromotionFilter(), in: project, limit: pageSize).items.map(\.rawValue)
    }
    static let origins = names { view, project in
        try warehouses(view, project).map { "Warehouse/\($0)" }
            + junctions(view, project).map { "Junction/\($0)" }
    }
    static let projects = CompletionKind.custom { arguments, _, _ in
        read(arguments) { view, _ in
            try view.ask { facts throws(FactsFailure) in try facts.projects() }.map(\.rawValue)
        }
    }
    /// `stage/prod`, `junction/release`.
    static let consumers = names(consumers)
    /// Whatever events can be about.
    static let subjects = names { view, project in
        try consumers(view, project) + warehouses(view, project).map { "warehouse/\($0)" }
            + tasks(view, project).map { "task/\($0)" }
            + freight(view, project).map { "freight/\($0)" }
    }
    /// Whatever can be explained.
    static let explainable = names { view, project in
        try consumers(view, project) + warehouses(view, project).map { "warehouse/\($0)" }
            + freight(view, project).map { "freight/\($0)" }
            + view.promotions(PromotionFilter(), in: project, limit: pageSize).items
            .map { "promotion/\($0)" }
    }
    /// What can be compared, or moved to: a stage, a junction or freight.
    static let things = names { view, project in
        try stages(view, project) + junctions(view, project) + freight(view, project)
    }
    /// A moment or freight to go back to.
    static let targets = names { view, project in try ["previous"] + freight(view, project) }

    /// How many pieces of freight, or promotions, are offered: the newest.
    private static let pageSize = 50

    private static func names(
        _ list: @escaping @Sendable (View, ProjectName) throws -> [String]
    ) -> CompletionKind {
        .custom { arguments, _, _ in
            read(arguments) { view, options in try list(view, options.projectName(view.facts)) }
        }
    }

    private static func read(
        _ arguments: [String],
        _ list: (View, LedgerOptions) throws -> [String]
    ) -> [String] {
        do {
            var options = try LedgerOptions.parse([])
            options.ledger = value(of: ["--ledger"], in: arguments)
            options.project = value(of: ["-p", "--project"], in: arguments)
            return try Session(reading: options).read { view, _ in try list(view, options) }
        } catch {
            return []
        }
    }

    /// What was typed for an option so far.
    private static func value(of names: [String], in arguments: [String]) -> String? {
        zip(arguments, arguments.dropFirst()).reversed().first { names.contains($0.0) }?.1
    }

    // MARK: - Names

    private static func consumers(_ view: View, _ project: ProjectName) throws -> [String] {
        try stages(view, project).map { "stage/\($0)" }
            + junctions(view, project).map { "junction/\($0)" }
    }

    private static func stages(_ view: View, _ project: ProjectName) throws -> [String] {
        try view.ask { facts throws(FactsFailure) in try facts.stages(in: project) }
            .map(\.rawValue)
    }

    private static func junctions(_ view: View, _ project: ProjectName) throws -> [String] {
        try view.ask { facts throws(FactsFailure) in try facts.junctions(in: project) }
            .map(\.rawValue)
    }

    private static func warehouses(_ view: View, _ project: ProjectName) throws -> [String] {
        try view.ask { facts throws(FactsFailure) in try facts.warehouses(in: project) }
            .map(\.rawValue)
    }

    private static func tasks(_ view: View, _ project: ProjectName) throws -> [String] {
        try view.ask { facts throws(FactsFailure) in try facts.tasks(in: project) }
            .map(\.rawValue)
    }

    private static func freight(_ view: View, _ project: ProjectName) throws -> [String] {
        let display = Display(view: view, project: project)
        return try view.freight(in: project, before: Position(rawValue: .max), limit: pageSize)
            .items.map(display.name)
    }
}
