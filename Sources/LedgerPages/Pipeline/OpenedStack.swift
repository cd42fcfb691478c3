import EventLog
import Ledger
import PromotionModel

/// A stack of stages, opened: a cell for each, what differs as a list, and pages of fifty.
struct OpenedStack {
    private static let pageCount = 50
    private static let cellCountMax = 1000
    private static let columnCount = 50

    let context: PageContext
    let stack: PlaceFolding.Stack
    let project: ProjectName

    init(_ context: PageContext, _ stack: PlaceFolding.Stack, _ project: ProjectName) {
        self.context = context
        self.stack = stack
        self.project = project
    }

    func fill() throws(LedgerError) -> Fill {
        let newest = stack.stages.max { $0.state.currentPosition < $1.state.currentPosition }?
            .state.current
        let standings = stack.stages.map { StackCount.standing($0, newest) }
        let cells = zip(stack.stages, standings).prefix(Self.cellCountMax).enumerated().map {
            cell($0.offset, $0.element.0, $0.element.1)
        }
        let after = context.path[.after]
        let listed = zip(stack.stages, standings).filter { stage, standing in
            if let after { return stage.name.rawValue > after }
            return standing != .newest || stack.stages.count <= Self.pageCount
        }
        let lines = (cells.count + Self.columnCount - 1) / Self.columnCount
        let last = listed.prefix(Self.pageCount).last?.0.name.rawValue
        let more = listed.count > Self.pageCount ? last : nil
        return [
            "name": stack.name, "count": counted(stack.stages.count, "stage"),
            "close": context.path.with(.open, nil).with(.after, nil).text,
            "list": context.path.with(.after, "0").text, "cells": cells,
            "height": String(lines * 16),
            "counts": StackCount(stack).counts.map { count in
                ["state": count.state.fill, "count": count.count.grouped] as Fill
            },
            "rows": listed.prefix(Self.pageCount).map { row($0.0, $0.1) },
            "next": more.map { context.path.with(.after, $0).text },
        ]
    }

    private func cell(
        _ index: Int,
        _ stage: PipelineModel.StageItem,
        _ standing: StackCount.Standing
    ) -> Fill {
        [
            "x": String(index % Self.columnCount * 14 + 1),
            "y": String(index / Self.columnCount * 16 + 1), "tone": standing.bar,
            "title": "\(stage.name): \(standing.word.word)",
            "href": context.link(.stage(stage.name, in: project)).text,
        ]
    }

    private func row(
        _ stage: PipelineModel.StageItem,
        _ standing: StackCount.Standing
    ) -> Fill {
        let why =
            stage.state.holds.first.map { "held by \($0.actor)" }
            ?? stage.state.uncertain.first.map { "\($0.origin.name) is uncertain" }
            ?? stage.state.healthMessage ?? ""
        return [
            "name": stage.name.rawValue,
            "href": context.link(.stage(stage.name, in: project)).text,
            "state": standing.word.fill, "why": why,
            "since": stage.state.current == nil ? nil : context.when(stage.state.currentSince),
        ]
    }
}
