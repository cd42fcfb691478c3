import EventLog
import Ledger
import PromotionModel

/// What can be done with a stage: send on, choose, go back, resume.
struct StageForms {
    private static let choiceCount = 6

    let page: StagePage

    init(_ page: StagePage) { self.page = page }

    private var context: PageContext { page.context }
    private var stage: StageName { page.stage }
    private var project: ProjectName { page.project }

    /// The buttons at the top.
    var actions: [Fill] {
        guard !page.spec.isControlFlow else { return [] }
        let onward: Fill = [
            "href": page.path.with(.form, "verified").text + "#ways", "class": "go",
            "icon": "arrow", "text": "Promote what is verified here",
        ]
        // Behind the last stage there is nowhere to send anything.
        return (page.takers.isEmpty ? [] : [onward]) + [
            [
                "href": page.path.with(.form, "choose").text + "#ways", "class": "pick",
                "icon": "more", "text": "Promote something…",
            ],
            [
                "href": page.path.with(.form, "rollback").text + "#rollback", "class": "",
                "icon": "back", "text": "Roll back…",
            ],
        ]
    }

    var resume: Fill? {
        guard !page.state.holds.isEmpty else { return nil }
        var form = context.form("resume", in: project, [("for", "stage/\(stage)")])
        form["commandLine"] = "waybill resume stage/\(stage)"
        return form
    }

    // MARK: - Two ways on

    func ways() throws(LedgerError) -> Fill? {
        guard !page.spec.isControlFlow else { return nil }
        return ["exact": try exact(), "choose": try choose()]
    }

    /// Nothing to choose: exactly what is verified here goes to all that takes from it.
    private func exact() throws(LedgerError) -> Fill {
        guard !page.takers.isEmpty else {
            return ["stage": stage.rawValue, "isLast": true]
        }
        let command = PromoteDownstream(project: project, stage: stage)
        let preview = try FormPreview(.promoteDownstream(command), context, project)
        var targets: [Fill] = []
        for (name, changes) in preview.changes {
            targets.append([
                "name": name.rawValue, "href": context.link(.stage(name, in: project)).text,
                "set": try ChangeSet(context, project).fill(changes),
            ])
        }
        let names = preview.changes.map(\.stage.rawValue)
        return [
            "what": context.fill(
                try page.state.current?.carrierSpans(context, project) ?? [.text("nothing")]
            ),
            "stage": stage.rawValue, "targets": targets, "refusal": preview.refusal,
            "quiet": preview.isQuiet ? "Everything downstream has it already." : nil,
            "follows": preview.follows.map { ["icon": $0.icon, "text": $0.text] as Fill },
            "button": names.isEmpty
                ? "Promote what is verified in \(stage)"
                : "Promote to \(names.prefix(3).joined(separator: ", "))"
                    + (names.count > 3 ? " and \(names.count - 3) more" : ""),
            "form": context.form(
                "promote-verified",
                in: project,
                [("stage", stage.rawValue)],
                preview: preview,
                needs: try context.needs(of: .promoteDownstream(command))
            ),
            "isPossible": preview.refusal == nil && !preview.isQuiet ? true : nil,
            "command": "waybill promote --from \(stage) --downstream",
        ]
    }

    /// You choose the freight: what is available to this stage is offered.
    private func choose() throws(LedgerError) -> Fill {
        let available = try context.view.freight(
            availableTo: .stage(stage),
            in: project,
            limit: Self.choiceCount
        )
        let chosen = context.path[.freight]
        var items: [Fill] = []
        for id in available.items {
            guard let chip = try context.chip(id, in: project) else { continue }
            let isHere = page.state.current?.includes(id) ?? false
            items.append([
                "freight": context.fill(chip, isLink: false), "value": chip.name,
                "detail": chip.origin.kind == .junction
                    ? "bundle of \(chip.origin.name)" : "\(chip.origin.name) \(chip.version)",
                "aside": isHere ? "runs here now" : "available",
                "checked": chosen == chip.name || chosen == id.rawValue ? true : nil,
            ])
        }
        var fill: Fill = [
            "stage": stage.rawValue, "items": items, "action": page.path.text + "#ways",
            "typed": items.contains { $0["checked"] != nil } ? nil : chosen,
            "nothing": items.isEmpty ? true : nil,
        ]
        if let chosen { fill["review"] = try review(chosen) }
        return fill
    }

    private func review(_ name: String) throws(LedgerError) -> Fill {
        let allows = context.path.all(.allow).contains("regression")
        let command = RequestPromotion(
            project: project,
            stage: stage,
            selection: .named([name]),
            allowRegression: allows
        )
        let preview = try FormPreview(.requestPromotion(command), context, project)
        var hidden = [("stage", stage.rawValue), ("freight", name)]
        if allows { hidden.append(("allow", "regression")) }
        return [
            "name": name, "stage": stage.rawValue, "refusal": preview.refusal,
            "quiet": preview.isQuiet ? "That is asked for already." : nil,
            "set": try preview.changes.first.map { first throws(LedgerError) in
                try ChangeSet(context, project).fill(first.changes)
            },
            "follows": preview.follows.map { ["icon": $0.icon, "text": $0.text] as Fill },
            "form": context.form("promote", in: project, hidden, preview: preview),
            "isPossible": preview.refusal == nil && !preview.isQuiet ? true : nil,
            "command": "waybill promote --stage \(stage) --freight \(name)"
                + (allows ? " --allow-regression" : ""),
            "regression": allows
                ? nil : page.path.with(.freight, name).with(.allow, "regression").text + "#ways",
        ]
    }

    // MARK: - Back

    /// The choice, and with one the exact change set, a reason and the button.
    func rollback() throws(LedgerError) -> Fill? {
        guard !page.spec.isControlFlow, page.state.current != nil else { return nil }
        let isOpen = context.path[.form] == "rollback"
        let history = try context.view.history(of: stage, in: project, limit: Self.choiceCount)
        let target = context.path[.target] ?? "previous"
        var items: [Fill] = []
        for entry in history.items where entry.position != page.state.currentPosition {
            let value = String(entry.position.rawValue)
            let changes = page.state.current?.changes(to: entry.collection) ?? []
            items.append([
                "value": value, "checked": target == value ? true : nil,
                "what": context.fill(try entry.collection.carrierSpans(context, project)),
                "why": entry.promotion.reason, "date": TimeText.short(entry.at),
                "count": "\(changes.count { $0.kind.countsAsChanged }) of \(changes.count) change",
            ])
        }
        let isListed = items.contains { $0["checked"] != nil }
        var fill: Fill = [
            "stage": stage.rawValue, "items": items,
            "action": PagePath(.stage(stage, in: project)).text + "#rollback",
            "other": isListed || target == "previous" ? nil : target,
            "previous": target == "previous" ? true : nil, "isOpen": isOpen ? true : nil,
        ]
        if isOpen { fill["review"] = try review(to: target) }
        return fill
    }

    private func review(to target: String) throws(LedgerError) -> Fill {
        let allows = Set(context.path.all(.allow))
        let preview: FormPreview?
        var sentence: String?
        do throws(LedgerError) {
            let command = RollBackStage(
                project: project,
                stage: stage,
                target: try self.target(target),
                partial: allows.contains("partial"),
                allowsQuarantined: allows.contains("quarantined")
            )
            preview = try FormPreview(.rollBackStage(command), context, project)
        } catch {
            preview = nil
            sentence = "\(error)"
        }
        let hidden =
            [("stage", stage.rawValue), ("to", target)] + allows.sorted().map { ("allow", $0) }
        let changes = preview?.changes.first?.changes ?? []
        let changed = changes.count { $0.kind.countsAsChanged }
        return [
            "refusal": preview?.refusal ?? sentence,
            "quiet": preview?.isQuiet == true ? "\(stage) runs that already." : nil,
            "set": try ChangeSet(context, project).fill(changes),
            "hasSet": changes.isEmpty ? nil : true,
            "follows": (preview?.follows ?? []).map { ["icon": $0.icon, "text": $0.text] as Fill },
            "form": context.form("roll-back-stage", in: project, hidden, preview: preview),
            "isPossible": preview != nil && preview?.refusal == nil && preview?.isQuiet == false
                ? true : nil,
            "button": "Roll \(stage) back: \(changed) of \(changes.count) change",
            "command": "waybill rollback stage/\(stage) --to '\(target)'"
                + allows.sorted().map { $0 == "partial" ? " --partial" : " --allow-quarantined" }
                .joined() + " --reason …",
            "cancel": page.path.text,
            "allow": allows.contains("quarantined")
                ? nil
                : context.path.with(.allow, Array(allows.union(["quarantined"])).sorted()).text
                    + "#rollback",
        ]
    }

    private func target(_ text: String) throws(LedgerError) -> RollbackTarget {
        if text == "previous" { return .previous }
        if text.hasPrefix("collection/") { return .collection(String(text.dropFirst(11))) }
        guard let reference = MomentReference(parsing: text)?.of(project) else {
            return .freight(text)
        }
        return .position(try context.view.position(of: reference, now: context.session.now))
    }
}
