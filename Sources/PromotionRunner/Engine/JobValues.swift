import Expressions
import PromotionModel

/// What is said of a promotion itself as values that expressions can take apart.
enum JobValues {
    /// `ctx`.
    static func context(_ job: PromotionJob, alias: String, _ pagesURL: String) -> Value {
        let target = targetFreight(job)
        let isRollback = job.promotion.kind == .rollback || job.promotion.kind == .restore
        return [
            "uiBaseUrl": .string(pagesURL),
            "project": .string(job.project.rawValue),
            "stage": .string(job.promotion.stage.rawValue),
            "promotion": .string(job.promotion.name.rawValue),
            "targetFreight": [
                "name": .string(target?.freight.id.rawValue ?? ""),
                "alias": .string(target?.alias ?? ""),
                "origin": ["name": .string(target?.freight.origin.name ?? "")],
            ],
            "meta": [
                "promotion": [
                    "actor": .string(job.promotion.actor), "rollback": .bool(isRollback),
                ],
                "step": ["alias": .string(alias)],
            ],
        ]
    }

    /// The one piece of freight that is promoted; nil where several are, or a whole combination
    /// that no single piece brought.
    private static func targetFreight(_ job: PromotionJob) -> JobFreight? {
        let ids =
            job.promotion.freight.isEmpty
            ? Set((job.state.collection?.components ?? []).map(\.carrier))
            : Set(job.promotion.freight)
        guard ids.count == 1, let id = ids.first else { return nil }
        let known = job.freight + job.components.compactMap(\.to)
        return known.first { $0.freight.id == id }
    }
}
