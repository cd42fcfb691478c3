import EventLog
import Ledger
import PromotionModel

/// A junction: why it waits, what the next bundle would change, its slots, its bundles so far.
struct JunctionPage {
    private static let historyCount = 20

    let context: PageContext
    let junction: JunctionName
    let project: ProjectName
    let standing: JunctionStanding

    init(
        _ context: PageContext,
        _ junction: JunctionName,
        _ project: ProjectName
    ) throws(LedgerError) {
        self.context = context
        self.junction = junction
        self.project = project
        let found = try context.view.ask { facts throws(FactsFailure) in
            (
                row: try facts.junction(junction, in: project),
                state: try facts.junctionState(junction, in: project)
            )
        }
        guard let row = found.row else {
            throw .unknown(.unknownJunction(junction, in: project))
        }
        standing = try JunctionStanding(junction, row.spec, found.state, in: project, context.view)
    }

    private var path: PagePath { context.link(.junction(junction, in: project)) }

    func content() throws(LedgerError) -> PageContent {
        let explanation = try context.view.explain(junction, in: project)
        var fill: Fill = [
            "name": junction.rawValue, "state": standing.word.fill, "summary": standing.summary,
            "pipeline": context.link(.pipeline(project)).text, "project": project.rawValue,
            "reasons": explanation.reasons.map(context.reason),
            "wakeAt": explanation.wakeAt.map { context.when($0) },
            "slots": try slots(explanation), "next": try next(), "history": try history(),
            "facts": try rules(), "crumbs": try crumbs(),
            "notes": try context.notes(about: .junction(junction), in: project),
        ]
        var chrome = PageChrome(context)
        if context.isPast {
            let target = String(context.view.moment.position.rawValue)
            let path = PagePath(.junction(junction, in: project)).with(.form, "rollback")
                .with(.target, target)
            chrome.back = ("Refill \(junction) as it was…", path)
        } else {
            fill["repackage"] = try repackage()
            let hidden = [("junction", junction.rawValue)]
            fill["collect"] =
                [
                    "all": context.form("collect", in: project, hidden),
                    // Why it is disabled is said once.
                    "one": context.form("collect", in: project, hidden).without("barred"),
                ] as Fill
            let isHeld = standing.slots.contains(where: \.isHeld)
            fill["resume"] =
                isHeld
                ? context.form("resume", in: project, [("for", "junction/\(junction)")]) : nil
            fill["rollback"] = try rollback()
        }
        return PageContent(
            title: junction.rawValue,
            template: "junction",
            fill: fill,
            chrome: chrome
        )
    }

    /// Where freight comes from, and where bundles go.
    private func crumbs() throws(LedgerError) -> [Fill] {
        var spans: [Span] = [
            .link(project.rawValue, context.link(.pipeline(project))), .quiet(" / junction"),
        ]
        let from = Set(standing.spec.requestedFreight.flatMap(\.stages)).sorted()
        for (index, name) in from.enumerated() {
            spans.append(.quiet(index == 0 ? " · from " : ", "))
            spans.append(.link(name.rawValue, context.link(.stage(name, in: project))))
        }
        for (index, name) in try takers().enumerated() {
            spans.append(.quiet(index == 0 ? " · to " : ", "))
            spans.append(.link(name.rawValue, context.link(.stage(name, in: project))))
        }
        return context.fill(spans)
    }

    /// The stages that take its bundles directly.
    private func takers() throws(LedgerError) -> [StageName] {
        try context.view.ask { facts throws(FactsFailure) in
            try facts.consumers(of: .junction(junction), in: project).compactMap {
                guard case .stage(let name)? = Consumer($0) else { return nil }
                return name
            }
        }
    }

    private func rules() throws(LedgerError) -> [Fill] {
        let spec = standing.spec
        let from = Set(spec.requestedFreight.flatMap(\.stages)).sorted()
        var rows: [(String, [Span])] = []
        var spans: [Span] = []
        for (index, name) in from.enumerated() {
            if index > 0 { spans.append(.text(", ")) }
            spans.append(.link(name.rawValue, context.link(.stage(name, in: project))))
        }
        let soak = spec.requestedFreight.map(\.requiredSoakMs).max() ?? 0
        if soak > 0 { spans.append(.text(", soaked up to \(TimeText.length(soak))")) }
        rows.append(("Takes from", spans))
        let how =
            switch spec.selection {
            case .newestFreight: "newest freight"
            case .newestVerified: "newest verified"
            case .matchUpstream: "what upstream runs"
            }
        let isAutomatic = spec.collectionPolicy == .automatic
        rows.append(("Collects", [.text("\(isAutomatic ? "by itself" : "by hand"), \(how)")]))
        rows.append(
            (
                "Repackages",
                [.text(spec.repackagingPolicy == .automatic ? "by itself" : "by hand")]
            )
        )
        if spec.debounceMs > 0 {
            rows.append(("Waits for calm", [.text(TimeText.length(spec.debounceMs))]))
        }
        var given: [Span] = []
        for (index, name) in try takers().prefix(8).enumerated() {
            if index > 0 { given.append(.text(", ")) }
            given.append(.link(name.rawValue, context.link(.stage(name, in: project))))
        }
        rows.append(("Gives to", given.isEmpty ? [.quiet("no stage yet")] : given))
        if let criteria = spec.criteria { rows.append(("Criteria", [.code(criteria)])) }
        return rows.map { ["term": $0.0, "value": context.fill($0.1)] }
    }

    private func slots(_ explanation: JunctionExplanation) throws(LedgerError) -> [Fill] {
        var rows: [Fill] = []
        for slot in standing.slots {
            let told = explanation.slots.first { $0.origin == slot.request.origin }
            let chip = try slot.freight.flatMap { id throws(LedgerError) in
                try context.chip(id, in: project)
            }
            let candidate = try slot.candidate.flatMap { id throws(LedgerError) in
                try context.chip(id, in: project)
            }
            rows.append([
                "component": try context.component(slot.request.origin, in: project),
                "holds": chip?.label ?? "empty", "freight": chip.map { context.fill($0) },
                "state": slot.word.fill, "since": slot.since.map { context.when($0) },
                "how": slot.freight == nil
                    ? nil
                    : slot.isHeld ? "by hand, held" : slot.isAutomatic ? "by itself" : "by hand",
                "candidate": candidate.map { context.fill($0) },
                "reasons": (told?.reasons ?? []).filter { $0.kind != .current }.map(context.reason),
                "wakeAt": slot.wakeAt.map { context.when($0) },
            ])
        }
        return rows
    }

    /// The next bundle against the stages that would take it.
    private func next() throws(LedgerError) -> Fill {
        let preview = try context.view.preview(of: junction, in: project)
        var consumers: [Fill] = []
        for consumer in preview.consumers.prefix(6) {
            consumers.append([
                "name": consumer.stage.rawValue,
                "href": context.link(.stage(consumer.stage, in: project)).text,
                "set": try ChangeSet(context, project).fill(consumer.changes),
                "regression": try consumer.regression.map { regression throws(LedgerError) in
                    "would take \(regression.component.name) back from "
                        + (try context.label(regression.runs, in: project)) + " to "
                        + (try context.label(regression.would, in: project))
                },
            ])
        }
        let stages = preview.verifiedTogether.map(\.rawValue).joined(separator: ", ")
        return [
            "consumers": consumers, "isCurrent": preview.isCurrent ? true : nil,
            "together": stages.isEmpty ? nil : "verified together in \(stages)",
            "missing": preview.missing.isEmpty
                ? nil : preview.missing.map(\.name).joined(separator: ", "),
        ]
    }

    private func repackage() throws(LedgerError) -> Fill {
        let command = Repackage(project: project, junction: junction)
        let preview = try FormPreview(.repackage(command), context, project)
        return [
            "refusal": preview.refusal,
            "quiet": preview.isQuiet ? "The slots hold the same as the last bundle." : nil,
            "form": context.form(
                "repackage",
                in: project,
                [("junction", junction.rawValue)],
                preview: preview
            ),
            "isPossible": preview.refusal == nil && !preview.isQuiet ? true : nil,
            "count": counted(standing.slots.count { $0.freight != nil }, "slot"),
            "command": "waybill repackage \(junction)",
        ]
    }

    private func rollback() throws(LedgerError) -> Fill? {
        guard context.path[.form] == "rollback" else { return nil }
        let target = context.path[.target] ?? "previous"
        var refusal: String?
        var preview: FormPreview?
        do throws(LedgerError) {
            let decided = try FormPreview(
                .rollBackJunction(
                    RollBackJunction(
                        project: project,
                        junction: junction,
                        target: try self.target(target)
                    )
                ),
                context,
                project
            )
            preview = decided
            refusal =
                decided.refusal
                ?? (decided.isQuiet ? "\(junction) holds that already." : nil)
        } catch {
            refusal = "\(error)"
        }
        return [
            "target": target, "refusal": refusal, "isPossible": refusal == nil ? true : nil,
            "form": context.form(
                "roll-back-junction",
                in: project,
                [("junction", junction.rawValue), ("to", target)],
                preview: preview
            ),
            "cancel": path.text,
            "command": "waybill rollback junction/\(junction) --to '\(target)' --reason …",
        ]
    }

    private func target(_ text: String) throws(LedgerError) -> JunctionTarget {
        if text == "previous" { return .previous }
        guard let reference = MomentReference(parsing: text)?.of(project) else {
            return .bundle(text)
        }
        return .position(try context.view.position(of: reference, now: context.session.now))
    }

    private func history() throws(LedgerError) -> Fill {
        let before = Position(rawValue: context.path[.before].flatMap { UInt64($0) } ?? .max)
        let page = try context.view.history(
            of: junction,
            in: project,
            before: before,
            limit: Self.historyCount
        )
        var rows: [Fill] = []
        for line in page.items {
            guard case .bundle(let entry) = line else { continue }
            let past = try context.view.past(of: entry.bundle, in: project)
            let stages = Set(past.stays.filter { $0.left == nil }.map(\.stage.rawValue)).sorted()
            let earlier = Set(past.stays.map(\.stage.rawValue)).subtracting(stages).sorted()
            let changed = entry.changes.count { $0.kind.countsAsChanged }
            rows.append([
                "freight": try context.chip(entry.bundle, in: project).map { context.fill($0) },
                "why": entry.reason, "date": context.date(entry.at),
                "position": context.fill(entry.position), "by": entry.actor,
                "count": "\(changed) of \(entry.changes.count)",
                "changed": context.fill(try ChangeSet(context, project).line(entry.changes)),
                "together": entry.verifiedTogether.isEmpty
                    ? StateWord(.none, "minus", "not together").fill
                    : StateWord(
                        .ok,
                        "proof",
                        "in " + entry.verifiedTogether.map(\.rawValue).joined(separator: ", ")
                    ).fill,
                "now": stages.isEmpty ? nil : stages.joined(separator: ", "),
                "was": earlier.isEmpty ? nil : earlier.joined(separator: ", "),
                "again": entry.isNew ? nil : true,
            ])
        }
        return [
            "rows": rows, "nothing": rows.isEmpty ? true : nil,
            "next": page.next.map { context.path.with(.before, String($0.rawValue)).text },
        ]
    }
}
