import EventLog
import Ledger
import PromotionModel

/// Versions by stage: which ran where and when, over all history; only stages that deal with it.
struct GridPage {
    private static let pageCount = 25
    private static let stageCountMax = 16
    private static let barRowHeight = 32.0

    let context: PageContext
    let project: ProjectName
    /// The artifacts that are watched: a repository and its warehouse.
    private let artifacts: [(repository: String, warehouse: WarehouseName)]
    private let chosen: (repository: String, warehouse: WarehouseName)?

    init(_ context: PageContext, _ project: ProjectName) throws(LedgerError) {
        self.context = context
        self.project = project
        artifacts = try context.view.ask { facts throws(FactsFailure) in
            var found: [(repository: String, warehouse: WarehouseName)] = []
            for name in try facts.warehouses(in: project) {
                for item in try facts.warehouse(name, in: project)?.spec.subscriptions ?? [] {
                    found.append((item.repoURL, name))
                }
            }
            return found
        }
        let wanted = context.path[.artifact]
        chosen = artifacts.first { $0.repository == wanted } ?? artifacts.first
    }

    private typealias Version = (chip: FreightChip, past: FreightPast)

    func content() throws(LedgerError) -> PageContent {
        guard let chosen else {
            return PageContent(
                title: "Versions by stage",
                template: "grid",
                fill: ["nothing": true],
                chrome: PageChrome(context)
            )
        }
        let origin = Origin.warehouse(chosen.warehouse)
        let before = Position(rawValue: context.path[.before].flatMap { UInt64($0) } ?? .max)
        let page = try context.view.freight(
            of: origin,
            in: project,
            before: before,
            limit: Self.pageCount
        )
        var versions: [Version] = []
        for id in page.items {
            guard let chip = try context.chip(id, in: project) else { continue }
            versions.append((chip, try context.view.past(of: id, in: project)))
        }
        let stages = try stages(origin, versions)
        return PageContent(
            title: "Versions by stage",
            template: "grid",
            fill: [
                "options": artifacts.prefix(200).map { item in
                    [
                        "value": item.repository,
                        "selected": item.repository == chosen.repository ? true : nil,
                    ] as Fill
                },
                "action": PagePath(.grid(project)).text, "artifact": chosen.repository,
                "at": context.isPast ? String(context.view.moment.position.rawValue) : nil,
                "summary": "\(counted(versions.count, "version")) on this page, "
                    + "\(counted(stages.count, "stage")) that deal with it",
                "stages": stages.map { stage in
                    [
                        "name": stage.rawValue,
                        "href": context.link(.stage(stage, in: project)).text,
                    ] as Fill
                },
                "rows": versions.map { row($0, stages) },
                "bars": versions.isEmpty ? nil : bars(versions, stages),
                "next": page.next.map { context.path.with(.before, String($0.rawValue)).text },
                "none": versions.isEmpty ? true : nil,
            ],
            chrome: PageChrome(context)
        )
    }

    /// Stages that ask for the origin, upstream first, and others where it ran.
    private func stages(_ origin: Origin, _ versions: [Version]) throws(LedgerError) -> [StageName]
    {
        let model = try PipelineModel(project, context.view, focus: nil)
        let folding = PlaceFolding(model)
        let takers = model.stages.filter {
            !$0.spec.isControlFlow && model.leaves(of: $0.spec.requestedFreight).contains(origin)
        }.map(\.name)
        let ran = Set(versions.flatMap { $0.past.stays.map(\.stage) })
        let all = Set(takers).union(ran)
        return Array(
            all.sorted {
                (folding.depth[$0] ?? .max, $0) < (folding.depth[$1] ?? .max, $1)
            }.prefix(Self.stageCountMax)
        )
    }

    private func row(_ version: Version, _ stages: [StageName]) -> Fill {
        let cells = stages.map { stage -> Fill in
            let stays = version.past.stays.filter { $0.stage == stage }
            guard let last = stays.first else { return ["never": true, "label": stage.rawValue] }
            let total = stays.reduce(Int64(0)) { sum, stay in
                sum + (stay.leftAt ?? context.now).milliseconds(since: stay.enteredAt)
            }
            let isOn = last.left == nil
            let times = stays.count > 1 ? ", \(stays.count) times" : ""
            return [
                "label": stage.rawValue, "on": isOn ? true : nil,
                "text": TimeText.length(total),
                "detail": isOn
                    ? "since \(TimeText.short(last.enteredAt))\(times)"
                    : "until \(TimeText.short(last.leftAt ?? context.now))\(times)",
            ]
        }
        return [
            "freight": context.fill(version.chip), "version": version.chip.version,
            "bad": version.chip.isQuarantined ? StateWord(.fail, "ban", "quarantined").fill : nil,
            "created": context.date(version.chip.createdAt), "cells": cells,
        ]
    }

    // MARK: - Bars

    /// One bar for each stay, on an axis of time.
    private func bars(_ versions: [Version], _ stages: [StageName]) -> Fill {
        let stays = versions.flatMap { version in
            version.past.stays.map { (chip: version.chip, stay: $0) }
        }
        let first = stays.map(\.stay.enteredAt).min() ?? context.now
        let span = max(1, Double(context.now.milliseconds(since: first)))
        let left = 110.0
        let room = 1250.0
        func x(_ time: Timestamp) -> Double {
            left + room * Double(time.milliseconds(since: first)) / span
        }
        let rows = stages.enumerated().map { index, stage -> Fill in
            let y = 30 + Double(index) * Self.barRowHeight
            let bars = stays.filter { $0.stay.stage == stage }.map { item -> Fill in
                let start = x(item.stay.enteredAt)
                let width = max(3, x(item.stay.leftAt ?? context.now) - start)
                let isNamed = width > TextWidth.width(item.chip.version) + 14
                return [
                    "x": GraphPath.number(start), "y": GraphPath.number(y),
                    "width": GraphPath.number(width),
                    "hue": String(Identicon(of: item.chip.id).hue),
                    "textX": GraphPath.number(start + 9), "textY": GraphPath.number(y + 16),
                    "text": isNamed ? item.chip.version : nil,
                    "href": context.link(.freight(item.chip.id.rawValue, in: project)).text,
                    "title":
                        "\(item.chip.version) in \(stage): \(TimeText.short(item.stay.enteredAt))"
                        + (item.stay.leftAt.map { " to \(TimeText.short($0))" } ?? ", now"),
                ]
            }
            return ["name": stage.rawValue, "y": GraphPath.number(y + 16), "bars": bars]
        }
        let height = 30 + Double(stages.count) * Self.barRowHeight
        let days = max(1, TimeText.dayNumber(context.now) - TimeText.dayNumber(first))
        let stride = max(1, (days + 11) / 12)
        var lines: [Fill] = []
        for day in Swift.stride(
            from: TimeText.dayNumber(first) + 1,
            through: TimeText.dayNumber(context.now),
            by: Int(stride)
        ) {
            let time = Timestamp(rawValue: day * 86_400_000)
            lines.append([
                "x": GraphPath.number(x(time)), "bottom": GraphPath.number(height),
                "text": TimeText.shortDay(time),
            ])
        }
        return [
            "rows": rows, "days": lines, "height": GraphPath.number(height + 6),
            "now": GraphPath.number(x(context.now)), "bottom": GraphPath.number(height),
        ]
    }
}
