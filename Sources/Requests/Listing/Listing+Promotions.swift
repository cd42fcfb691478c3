import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// What narrows a listing; each of it belongs to some kinds only.
struct ListingFilter {
    /// Promotions of this stage, or freight that runs there.
    var stage: String?
    /// Freight of this origin.
    var origin: String?
    /// Freight that this stage or junction may have.
    var availableTo: String?
    /// Promotions in one of these phases.
    var phases: Set<PromotionPhase> = []
    /// Promotions of one of these kinds.
    var kinds: Set<PromotionKind> = []
}

extension Listing {
    /// Promotions, newest first, or the one called `name`.
    func promotions(_ project: ProjectName, _ name: String?) throws -> ListingResult {
        var result = ListingResult(
            table: TextTable(["NAME", "STAGE", "KIND", "PHASE", "FREIGHT", "BY", "AGE"]),
            kind: "promotion"
        )
        let page = try promotionPage(project, name)
        result.next = page.cursor
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

    private func promotionPage(
        _ project: ProjectName,
        _ name: String?
    ) throws -> Page<PromotionName> {
        if let name { return Page(items: [PromotionName(rawValue: name)].compactMap { $0 }) }
        var asked = PromotionFilter()
        asked.stage = try filter.stage.map { try Names.knownStage($0, in: project, view) }
        asked.phases = filter.phases
        asked.kinds = filter.kinds
        return try paging.page {
            try view.promotions(asked, in: project, before: $0, limit: $1)
        }
    }
}
