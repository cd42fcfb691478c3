import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// What a restore would come to.
    package static func restorePlan(
        _ plan: RestorePlan,
        in project: ProjectName,
        to moment: Moment,
        _ view: View
    ) throws(LedgerError) -> Value {
        var stages: [Value] = []
        for stage in plan.stages {
            let target = try view.ask { facts throws(FactsFailure) in
                try collection(stage.target, in: project, facts)
            }
            stages.append(
                object([
                    ("stage", .string(stage.name.rawValue)),
                    ("level", .int(Int64(clamping: stage.level))),
                    ("restored", number(stage.restored)), ("collection", target),
                    ("changes", try changes(stage.changes, in: project, view)),
                    ("superseded", names(stage.superseded)),
                    ("finishedFirst", text(stage.finishedFirst?.rawValue)),
                ])
            )
        }
        return object([
            ("position", number(moment.position)), ("at", time(moment.time)),
            ("stages", .array(stages)), ("unchanged", names(plan.unchanged)),
            ("left", names(plan.left)), ("lost", .array(plan.lost.map(lost))),
        ])
    }

    private static func lost(_ lost: RestorePlan.Lost) -> Value {
        object([
            ("stage", .string(lost.stage.rawValue)),
            ("origin", origin(lost.component.origin)),
            ("requestedOrigin", origin(lost.component.requestedOrigin)),
        ])
    }

    /// A restore that has not finished.
    static func openRestore(_ restore: OpenRestore) -> Value {
        let stages = restore.items.map { item in
            object([
                ("stage", .string(item.stage.rawValue)),
                ("promotion", .string(item.promotion.rawValue)),
                ("level", .int(Int64(clamping: item.level))),
            ])
        }
        return object([
            ("position", number(restore.position)), ("to", number(restore.to)),
            ("stages", .array(stages)),
        ])
    }
}
