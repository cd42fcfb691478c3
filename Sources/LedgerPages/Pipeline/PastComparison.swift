import EventLog
import Ledger
import PromotionModel

/// What a pipeline ran at an earlier moment against what it runs now.
struct PastComparison {
    private static let rowCountMax = 60
    private static let columnCountMax = 12

    let context: PageContext
    let model: PipelineModel
    let today: PipelineModel

    init(_ context: PageContext, _ model: PipelineModel, _ today: PipelineModel) {
        self.context = context
        self.model = model
        self.today = today
    }

    func fill() throws(LedgerError) -> Fill {
        let origins = model.warehouses.map { Origin.warehouse($0) }.prefix(Self.columnCountMax)
        var rows: [Fill] = []
        var differing = 0
        for stage in model.stages where !stage.spec.isControlFlow {
            guard let now = today.stages.first(where: { $0.name == stage.name }) else { continue }
            var cells: [Fill] = []
            var count = 0
            for origin in origins {
                let (from, to) = (stage.runs(origin), now.runs(origin))
                if from != to { count += 1 }
                cells.append([
                    "label": origin.name,
                    "same": from == to ? try context.label(from, in: model.project) : nil,
                    "change": from == to
                        ? nil
                        : [
                            "from": try context.label(from, in: model.project),
                            "to": try context.label(to, in: model.project),
                        ] as Fill,
                ])
            }
            if count > 0 { differing += 1 }
            if count > 0 || model.stages.count <= Self.rowCountMax {
                rows.append([
                    "name": stage.name.rawValue,
                    "href": context.link(.stage(stage.name, in: model.project)).text,
                    "cells": cells, "count": String(count),
                    "back": back(stage.name).text,
                ])
            }
        }
        let events = context.head.rawValue - context.view.moment.position.rawValue
        var columns: [Fill] = []
        for origin in origins { columns.append(try context.component(origin, in: model.project)) }
        return [
            "nothing": rows.isEmpty ? true : nil, "columns": columns,
            "rows": Array(rows.prefix(Self.rowCountMax)),
            "summary": "\(counted(events, "event")); \(counted(differing, "stage")) differ",
            "read": PagePath(.audit(model.project))
                .with(.from, String(context.view.moment.position.rawValue + 1)).text,
            "project": PagePath(.restore(model.project))
                .with(.target, String(context.view.moment.position.rawValue)).text,
            "junctions": model.junctions.map { junction in
                [
                    "name": junction.name.rawValue,
                    "href": PagePath(.junction(junction.name, in: model.project))
                        .with(.form, "rollback")
                        .with(.target, String(context.view.moment.position.rawValue)).text,
                ] as Fill
            },
            "bookmark": bookmark,
            "nameID": context.uniqueID("name"),
        ]
    }

    /// A form that names the moment.
    private var bookmark: Fill {
        let hidden = [("at", String(context.view.moment.position.rawValue))]
        return context.form("bookmark", in: model.project, hidden)
    }

    private func back(_ stage: StageName) -> PagePath {
        PagePath(.stage(stage, in: model.project)).with(.form, "rollback")
            .with(.target, String(context.view.moment.position.rawValue))
    }
}
