package import Ledger
package import PromotionModel

extension CommandFailure {
    /// That there is nothing of this kind (`stage`) with this name, at the moment of a view.
    package static func unknown(
        _ kind: String,
        _ name: String,
        in project: ProjectName,
        _ view: View
    ) -> CommandFailure {
        let refusal: Refusal? =
            switch kind {
            case "project": ProjectName(rawValue: name).map { .unknownProject($0) }
            case "warehouse":
                WarehouseName(rawValue: name).map { .unknownWarehouse($0, in: project) }
            case "stage": StageName(rawValue: name).map { .unknownStage($0, in: project) }
            case "junction":
                JunctionName(rawValue: name).map { .unknownJunction($0, in: project) }
            case "promotion":
                PromotionName(rawValue: name).map { .unknownPromotion($0, in: project) }
            default: nil
            }
        if let refusal { return CommandFailure(refusal) }
        let list = ListedKind.allCases.first { $0.singular == kind }
        let command = list.map { "waybill get \($0.rawValue)" } ?? "waybill describe --help"
        return .notFound(
            "there is no \(kind) \(name.quotedForDisplay) at \(view.moment.position); "
                + "see \(command)"
        )
    }
}
