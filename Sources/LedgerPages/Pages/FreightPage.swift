import EventLog
import Ledger
import PromotionModel

/// A piece of freight: what is in it, where it may go and why not, where it is and was; a hotfix
/// from it; its lineage.
struct FreightPage {
    private static let componentCountMax = 200

    let context: PageContext
    let project: ProjectName
    let freight: Freight
    let status: FreightStatus
    let chip: FreightChip

    init(_ context: PageContext, _ name: String, _ project: ProjectName) throws(LedgerError) {
        self.context = context
        self.project = project
        let result = try context.view.ask { facts throws(FactsFailure) in
            try FreightReference.resolve(name, in: project, facts: facts)
        }
        let id: FreightID
        switch result {
        case .success(let found): id = found
        case .failure(let refusal): throw .unknown(refusal)
        }
        let found = try context.view.ask { facts throws(FactsFailure) in
            (try facts.freight(id, in: project), try facts.freightStatus(id, in: project))
        }
        guard let freight = found.0, let chip = try context.chip(id, in: project) else {
            throw .unknown(.unknownFreight(name, in: project))
        }
        self.freight = freight
        status = found.1
        self.chip = chip
    }

    func content() throws(LedgerError) -> PageContent {
        let icon = Identicon(of: freight.id)
        var fill: Fill = [
            "name": chip.name, "short": String(freight.id.rawValue.prefix(12)),
            "hue": String(icon.hue), "cells": icon.cells, "crumbs": crumbs(),
            "made": context.when(freight.createdAt), "making": freight.making.word,
            "maker": try context.view.event(at: freight.created).header.actor.name,
            "position": context.fill(freight.created), "states": states(),
            "contents": try contents(), "available": try available(), "trail": try trail(),
            "lineage": try lineage(),
            "notes": try context.notes(about: .freight(freight.id), in: project),
        ]
        if !context.isPast {
            fill["hotfix"] = try FreightForms(self).hotfix()
            fill["actions"] =
                [
                    ["href": "#hotfix", "icon": "bolt", "text": "Hotfix from it…"],
                    ["href": "#mark", "icon": "ok", "text": "Approve…"],
                    ["href": "#mark", "icon": "ban", "text": "Quarantine…"],
                ] as [Fill]
            fill["marks"] = FreightForms(self).marks()
        }
        return PageContent(
            title: chip.name,
            template: "freight-page",
            fill: fill,
            chrome: PageChrome(context)
        )
    }

    private func crumbs() -> [Fill] {
        let origin: Span =
            freight.origin.junction.map {
                .link($0.rawValue, context.link(.junction($0, in: project)))
            } ?? freight.origin.warehouse.map {
                .link($0.rawValue, context.link(.warehouse($0, in: project)))
            } ?? .text(freight.origin.name)
        return context.fill([
            .link(project.rawValue, context.link(.pipeline(project))), .quiet(" / "),
            .link("freight", context.link(.freightList(project))),
            .quiet(freight.isBundle ? " · bundle of " : " · of "), origin,
        ])
    }

    private func states() -> [Fill] {
        var words: [StateWord] = []
        if status.quarantine != nil { words.append(StateWord(.fail, "ban", "quarantined")) }
        for mark in status.current.prefix(4) {
            words.append(StateWord(.ok, "ok", "in \(mark.stage)"))
        }
        return words.map(\.fill)
    }

    private func contents() throws(LedgerError) -> Fill {
        var rows: [Fill] = []
        for leaf in freight.leaves.prefix(Self.componentCountMax) {
            let found = try context.view.ask { facts throws(FactsFailure) in
                (
                    try facts.freight(leaf.freight, in: project),
                    try facts.freightStatus(leaf.freight, in: project)
                )
            }
            guard let core = found.0 else { continue }
            for artifact in core.artifacts.prefix(Self.componentCountMax) {
                rows.append(try row(leaf, artifact, found.1))
            }
        }
        let leaves = counted(freight.leaves.count, "constituent")
        return [
            "rows": rows,
            "summary": freight.isBundle
                ? "\(counted(rows.count, "artifact")) from \(leaves)"
                : counted(freight.artifacts.count, "artifact"),
            "isBundle": freight.isBundle ? true : nil,
        ]
    }

    private func row(
        _ leaf: Constituent,
        _ artifact: Artifact,
        _ status: FreightStatus
    ) throws(LedgerError) -> Fill {
        let verified = status.verified.map(\.stage.rawValue)
        let state =
            status.quarantine != nil
            ? StateWord(.fail, "ban", "quarantined")
            : verified.isEmpty
                ? StateWord(.none, "todo", "not verified")
                : StateWord(.ok, "proof", "in " + verified.prefix(3).joined(separator: ", "))
        return [
            "component": try context.component(leaf.origin, in: project),
            "repository": artifact.repoURL, "version": artifact.shortVersion,
            "exact": artifact.commit?.id ?? artifact.image?.digest ?? artifact.chart?.name,
            "exactShort": String(
                (artifact.commit?.id ?? artifact.image?.digest ?? "").prefix(12)
            ),
            "message": artifact.commit?.message, "state": state.fill,
            "freight": freight.isBundle
                ? try context.chip(leaf.freight, in: project).map { context.fill($0, isDim: true) }
                : nil,
            "grid": context.link(.grid(project), [.artifact: artifact.repoURL]).text,
        ]
    }

    private func available() throws(LedgerError) -> Fill {
        let answer = try context.view.explain(
            freight.id,
            in: project,
            after: context.path[.after],
            limit: 20
        )
        return [
            "items": answer.consumers.map { item in
                let state =
                    item.isThere
                    ? StateWord(.ok, "ok", "is there")
                    : item.availableSince != nil
                        ? StateWord(.ok, "ok", "yes") : StateWord(.fail, "ban", "no")
                return [
                    "link": context.fill([
                        EventTeller(context: context, project: project, subject: item.consumer)
                            .link(item.consumer)
                    ]),
                    "state": state.fill, "reasons": item.reasons.prefix(4).map(context.reason),
                    "wakeAt": item.wakeAt.map { context.when($0) },
                ] as Fill
            },
            "nothing": answer.consumers.isEmpty ? true : nil,
            "next": answer.next.map { context.path.with(.after, $0).text },
        ]
    }

    private func trail() throws(LedgerError) -> Fill {
        let past = try context.view.past(of: freight.id, in: project)
        let rows = past.stays.prefix(40).map { stay -> Fill in
            let end = stay.leftAt ?? context.now
            return [
                "icon": stay.left == nil ? "ok" : "skip",
                "tone": stay.left == nil ? "c-ok" : "c-3",
                "stage": stay.stage.rawValue,
                "href": context.link(.stage(stay.stage, in: project)).text,
                "word": stay.left == nil
                    ? "now" : "for \(TimeText.length(end.milliseconds(since: stay.enteredAt)))",
                "from": context.date(stay.enteredAt), "until": stay.leftAt.map { context.date($0) },
                "position": context.fill(stay.entered),
                "verified": stay.verifiedAt.map { context.date($0) },
                "withdrawn": stay.withdrawnAt.map { context.date($0) },
            ]
        }
        return [
            "rows": Array(rows), "nothing": rows.isEmpty ? true : nil,
            "cut": past.isCut ? true : nil,
        ]
    }

    private func lineage() throws(LedgerError) -> [Fill] {
        var rows: [(String, [Span])] = []
        if let parent = freight.derivedFrom {
            rows.append(("Made from", [try context.span(parent, in: project)]))
        }
        let before = try context.view.ask { facts throws(FactsFailure) in
            try facts.freight(
                of: freight.origin,
                in: project,
                before: freight.created,
                limit: 1
            ).first?.freight
        }
        if let before {
            rows.append(("Before it", [try context.span(before, in: project)]))
        }
        let holders = try context.view.ask { facts throws(FactsFailure) in
            try facts.bundles(
                holding: freight.id,
                in: project,
                before: Position(rawValue: .max),
                limit: 10
            )
        }
        if !freight.isBundle {
            var spans: [Span] = []
            for (index, holder) in holders.enumerated() {
                if index > 0 { spans.append(.text(", ")) }
                spans.append(try context.span(holder.freight, in: project))
            }
            rows.append(("In bundles", spans.isEmpty ? [.quiet("none yet")] : spans))
        }
        for approval in status.approved {
            let why = approval.reason.map { ": \($0)" } ?? ""
            rows.append(
                (
                    "Approved",
                    [
                        .text("for \(approval.consumer) by \(approval.actor)\(why) "),
                        .event(approval.position),
                    ]
                )
            )
        }
        if let quarantine = status.quarantine {
            let why = quarantine.reason.map { ": \($0)" } ?? ""
            rows.append(
                (
                    "Quarantined",
                    [.text("by \(quarantine.actor)\(why) "), .event(quarantine.position)]
                )
            )
        }
        rows.append(("Id", [.code(freight.id.rawValue)]))
        if !freight.kargoName.isEmpty { rows.append(("Kargo's name", [.code(freight.kargoName)])) }
        for entry in status.metadata.prefix(20) {
            rows.append(("Noted", [.code(entry.key)]))
        }
        return rows.map { ["term": $0.0, "value": context.fill($0.1)] }
    }
}

extension FreightMaking {
    /// As it follows the name of the freight.
    var word: String {
        switch self {
        case .discovered: "discovered"
        case .assembled: "put together by hand"
        case .derived: "derived by hand"
        case .repackaged: "repackaged"
        case .imported: "imported"
        }
    }
}
