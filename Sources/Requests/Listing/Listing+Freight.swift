import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

extension Listing {
    /// Freight, newest first, or the piece that `name` names.
    func freight(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["ALIAS", "ID", "ORIGIN", "VERSION", "AGE", "IN", "MARKS"]),
            kind: "freight"
        )
        let page = try freightPage(project, name)
        result.next = page.cursor
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
        if let stage = try filter.stage.map({ try Names.stage($0, in: project, view) }) {
            return try paging.page {
                try view.freight(runningIn: stage, in: project, before: $0, limit: $1)
            }
        }
        if let consumer = try filter.availableTo.map({
            try Names.consumer($0, in: project, view)
        }) {
            return try paging.page {
                try view.freight(availableTo: consumer, in: project, before: $0, limit: $1)
            }
        }
        let origin = try filter.origin.map(Names.origin)
        return try paging.page {
            try view.freight(of: origin, in: project, before: $0, limit: $1)
        }
    }
}
