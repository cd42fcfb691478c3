import EventLog
import Ledger
import PromotionModel

/// What is on its way to the stage in focus: component by component, from there upstream.
struct OnItsWay {
    /// How many rows are shown; the others are counted.
    private static let rowCountMax = 50
    /// How many newer pieces of freight are counted.
    private static let newerCountMax = 100
    private static let placeCountMax = 4

    let context: PageContext
    let model: PipelineModel

    init(_ context: PageContext, _ model: PipelineModel) {
        self.context = context
        self.model = model
    }

    /// A place that freight passes before the focus.
    private enum Place {
        case junction(PipelineModel.JunctionItem)
        case stage(PipelineModel.StageItem)
    }

    func fill() throws(LedgerError) -> Fill? {
        guard let focus = model.focus else { return nil }
        let places = upstream(of: focus)
        var rows: [Fill] = []
        var newer = 0
        let origins = model.leaves(of: focus.spec.requestedFreight)
        for origin in origins {
            let row = try row(origin, focus, places)
            newer += row.newer
            if row.newer > 0 || origins.count <= 12 { rows.append(row.fill) }
        }
        let shown = rows.prefix(Self.rowCountMax)
        return [
            "focus": focus.name.rawValue, "rows": Array(shown),
            "places": places.map { place in
                switch place {
                case .junction(let item): "next \(item.name)"
                case .stage(let item): item.name.rawValue
                }
            },
            "summary": newer == 0
                ? "nothing newer than what runs there"
                : "\(counted(newer, "piece")) of freight newer than what runs there",
            "rest": origins.count > shown.count
                ? "\(origins.count - shown.count) more components have nothing newer" : nil,
        ]
    }

    /// The nearest places first.
    private func upstream(of focus: PipelineModel.StageItem) -> [Place] {
        var places: [Place] = []
        var seen: Set<String> = []
        var requests = focus.spec.requestedFreight
        while !requests.isEmpty, places.count < Self.placeCountMax {
            var next: [RequestedFreight] = []
            for request in requests {
                if let junction = request.origin.junction,
                    let item = model.junctions.first(where: { $0.name == junction }),
                    seen.insert("junction/\(junction)").inserted
                {
                    places.append(.junction(item))
                    next += item.spec.requestedFreight
                }
                for name in request.stages where seen.insert("stage/\(name)").inserted {
                    guard let item = model.stages.first(where: { $0.name == name }) else {
                        continue
                    }
                    if !item.spec.isControlFlow { places.append(.stage(item)) }
                    next += item.spec.requestedFreight
                }
            }
            requests = next
        }
        return Array(places.prefix(Self.placeCountMax))
    }

    private func row(
        _ origin: Origin,
        _ focus: PipelineModel.StageItem,
        _ places: [Place]
    ) throws(LedgerError) -> (fill: Fill, newer: Int) {
        let runs = focus.runs(origin)
        let base =
            try runs.flatMap { id throws(LedgerError) in
                try context.chip(id, in: model.project)?.created
            } ?? .origin
        let newer = try model.view.ask { facts throws(FactsFailure) in
            try facts.freight(
                of: origin,
                in: model.project,
                before: Position(rawValue: .max),
                limit: Self.newerCountMax
            ).filter { $0.position > base }
        }
        var cells: [Fill] = []
        for place in places { cells.append(try cell(origin, place, runs)) }
        let oldest = try newer.last.flatMap { entry throws(LedgerError) in
            try context.chip(entry.freight, in: model.project)?.createdAt
        }
        let many = newer.count == Self.newerCountMax
        let fill: Fill = [
            "component": try context.component(origin, in: model.project),
            "runs": try context.label(runs, in: model.project), "cells": cells,
            "state": try state(origin, newer.first?.freight, runs, places).fill,
            "newer": newer.isEmpty ? "–" : "\(newer.count)\(many ? "+" : "")",
            "oldest": oldest.map { context.when($0) },
        ]
        return (fill, newer.count)
    }

    private func cell(
        _ origin: Origin,
        _ place: Place,
        _ runs: FreightID?
    ) throws(LedgerError) -> Fill {
        let (freight, name) = try freight(origin, in: place)
        return [
            "text": try context.label(freight, in: model.project), "label": name,
            "strong": freight != runs && freight != nil ? true : nil,
        ]
    }

    private func freight(
        _ origin: Origin,
        in place: Place
    ) throws(LedgerError) -> (FreightID?, String) {
        switch place {
        case .stage(let item): return (item.runs(origin), item.name.rawValue)
        case .junction(let item):
            let leaf = try model.view.ask { facts throws(FactsFailure) -> FreightID? in
                for slot in item.state.slots {
                    let leaves = try facts.freight(slot.freight, in: model.project)?.leaves ?? []
                    if let leaf = leaves.first(where: { $0.origin == origin }) {
                        return leaf.freight
                    }
                }
                return nil
            }
            return (leaf, "next \(item.name)")
        }
    }

    /// How far the newest freight is.
    private func state(
        _ origin: Origin,
        _ newest: FreightID?,
        _ runs: FreightID?,
        _ places: [Place]
    ) throws(LedgerError) -> StateWord {
        guard let newest else { return StateWord(.none, "same", "nothing newer") }
        if try context.chip(newest, in: model.project)?.isQuarantined == true {
            return StateWord(.fail, "ban", "quarantined")
        }
        for place in places {
            let (freight, _) = try freight(origin, in: place)
            if case .stage(let item) = place, let name = item.running {
                let changes = try model.view.ask { facts throws(FactsFailure) in
                    try facts.promotionState(name, in: model.project).changes
                }
                let isComing = changes.contains {
                    $0.origin == origin && $0.to == newest && $0.kind.countsAsChanged
                }
                if isComing {
                    return StateWord(.run, "run", "promoting to \(item.name)")
                }
            }
            guard freight == newest else { continue }
            switch place {
            case .junction: return StateWord(.ok, "ok", "ready to bundle")
            case .stage(let item):
                return item.state.verification != nil
                    ? StateWord(.run, "run", "verifying in \(item.name)")
                    : StateWord(.ok, "ok", "in \(item.name)")
            }
        }
        return StateWord(.none, "freight", "new")
    }
}
