import EventLog
import Expressions
import Ledger
import PromotionModel

/// A promotion: how far it is and what it waits for, what changes, who asked and why; abort.
struct PromotionPage {
    private static let stepCountMax = 200
    private static let outputLengthMax = 4000

    let context: PageContext
    let project: ProjectName
    let core: Promotion
    let state: PromotionState

    init(
        _ context: PageContext,
        _ name: PromotionName,
        _ project: ProjectName
    ) throws(LedgerError) {
        self.context = context
        self.project = project
        let found = try context.view.ask { facts throws(FactsFailure) in
            (try facts.promotion(name, in: project), try facts.promotionState(name, in: project))
        }
        guard let core = found.0 else { throw .unknown(.unknownPromotion(name, in: project)) }
        self.core = core
        state = found.1
    }

    func content() throws(LedgerError) -> PageContent {
        let object = try context.object(of: core, state, in: project)
        let steps = try steps()
        let answer = try context.view.explain(core.name, in: project)
        var fill: Fill = [
            "what": context.fill(object), "stage": core.stage.rawValue,
            "stageHref": context.link(.stage(core.stage, in: project)).text,
            "project": project.rawValue, "pipeline": context.link(.pipeline(project)).text,
            "state": state.phase.word.fill, "kind": core.kind.word, "steps": steps,
            "summary": summary, "message": state.message,
            "bar": StepBar.segments(
                current: Int(clamping: state.currentStep),
                count: state.plan.count,
                failed: state.phase.isTerminal && state.phase != .succeeded
            ),
            "set": try ChangeSet(context, project).fill(state.changes),
            "facts": try facts(), "reasons": answer.reasons.map(context.reason),
            "nothing": steps.isEmpty ? true : nil,
            "command": command, "log": try log(),
        ]
        if !context.isPast, !state.phase.isTerminal { try addForms(&fill) }
        if !context.isPast, state.phase == .succeeded { fill["report"] = try report() }
        if !context.isPast, state.phase.isTerminal, state.phase != .succeeded,
            let freight = core.freight.first
        {
            fill["again"] =
                PagePath(.stage(core.stage, in: project)).with(.form, "choose")
                .with(.freight, freight.rawValue).text + "#ways"
        }
        return PageContent(
            title: "\(object.plain) to \(core.stage)",
            template: "promotion",
            fill: fill,
            chrome: PageChrome(context)
        )
    }

    private var command: String {
        switch core.kind {
        case .rollback:
            let target = core.restored.map { "#\($0.rawValue)" } ?? "previous"
            return "waybill rollback stage/\(core.stage) --to '\(target)' --reason …"
        case .restore: return "waybill rollback project --to … --reason …"
        case .manual, .automatic:
            let names = core.freight.map { "--freight " + $0.rawValue.prefix(12) }
            return "waybill promote --stage \(core.stage) " + names.joined(separator: " ")
        }
    }

    private func addForms(_ fill: inout Fill) throws(LedgerError) {
        let hidden = [("promotion", core.name.rawValue)]
        fill["abort"] = context.form("abort", in: project, hidden, needs: [need])
        let keeps = try context.view.ask { facts throws(FactsFailure) in
            try facts.stageState(core.stage, in: project).current
        }
        fill["keeps"] = context.fill(
            try keeps?.carrierSpans(context, project) ?? [.text("nothing")]
        )
        let changed = state.changes.filter { $0.kind.countsAsChanged }.map(\.origin.name)
        if state.phase == .running, !changed.isEmpty {
            fill["uncertain"] = changed.joined(separator: ", ")
        }
        guard let awaited = state.awaited, awaited.value == nil else { return }
        fill["answer"] = context.form(
            "answer",
            in: project,
            hidden + [("step", String(awaited.step))]
        )
        fill["awaited"] = context.fill(
            [.text(awaited.message)]
                + (awaited.url.map { [.text(" "), .outside("open", url: $0)] } ?? [])
        )
    }

    /// What it takes to end it or to say how it went.
    private var need: Need { Need(.promote, in: project, for: .stage(core.stage)) }

    /// A form to say how what it brought was verified; unfolded while that is waited for.
    private func report() throws(LedgerError) -> Fill {
        let isAwaited = try context.view.ask { facts throws(FactsFailure) in
            try facts.stageState(core.stage, in: project).verification?.promotion == core.name
        }
        let form = context.form(
            "report",
            in: project,
            [("promotion", core.name.rawValue)],
            needs: [need]
        )
        let chosen = context.refusal?.values["result"]?.first
        return [
            "form": form, "open": isAwaited || form["refusal"] != nil ? true : nil,
            "awaited": isAwaited ? true : nil, "resultID": context.uniqueID("result"),
            "evidenceID": context.uniqueID("evidence"), "messageID": context.uniqueID("message"),
            "results": ReportedResult.allCases.map { result in
                [
                    "value": result.rawValue, "text": result.sentence,
                    "selected": result.rawValue == chosen ? true : nil,
                ] as Fill
            },
            "command": "waybill report --promotion \(core.name) --result …",
        ]
    }

    private var summary: String {
        let count = state.plan.count
        let current = Int(clamping: state.currentStep)
        switch state.phase {
        case .pending: return "waits for its turn"
        case .running: return "step \(min(current + 1, count)) of \(count)"
        case .succeeded: return "\(counted(count, "step")), all done"
        case .failed, .errored, .aborted, .superseded: return "\(current) of \(count) done"
        }
    }

    private func steps() throws(LedgerError) -> [Fill] {
        var rows: [Fill] = []
        for (index, planned) in state.plan.prefix(Self.stepCountMax).enumerated() {
            let record = try context.view.ask { facts throws(FactsFailure) in
                try facts.step(UInt64(index), of: core.name, in: project)
            }
            rows.append(row(planned, index, record))
        }
        return rows
    }

    private func row(_ planned: PlannedStep, _ index: Int, _ record: StepRecord?) -> Fill {
        let isNow = state.phase == .running && index == Int(clamping: state.currentStep)
        let word = record?.status.word ?? StateWord(.none, "todo", "to come")
        var length: String?
        if let start = record?.startedAt {
            let end = record?.finishedAt ?? context.now
            length = TimeText.precise(end.milliseconds(since: start))
        }
        var fill: Fill = [
            "name": planned.alias, "uses": planned.uses, "component": planned.component?.name,
            "icon": word.icon, "tone": "c-\(word.tone == .none ? "3" : word.tone.rawValue)",
            "word": word.word, "length": length, "message": record?.message,
            "now": isNow ? true : nil, "todo": record == nil ? true : nil,
            "attempt": (record?.attempt ?? 1) > 1 ? "attempt \(record?.attempt ?? 1)" : nil,
        ]
        if isNow, let awaited = state.awaited, awaited.value == nil {
            var spans: [Span] = [.strong("waits for "), .text(awaited.message)]
            if let url = awaited.url { spans += [.text(" "), .outside("open", url: url)] }
            fill["waits"] = context.fill(spans)
        }
        if let outputs = record?.outputs.value, outputs != .null, outputs != .object([:]) {
            if let said = outputs.inLine {
                fill["said"] = said
            } else {
                fill["outputs"] = String(outputs.json.prefix(Self.outputLengthMax))
            }
        }
        return fill
    }

    /// What was recorded about it, as it came, with the time of day; the newest, if it is much.
    private func log() throws(LedgerError) -> Fill {
        let subject = Subject.promotion(core.name)
        var filter = AuditFilter()
        filter.narrow(to: subject, in: project)
        let page = try context.view.events(filter, limit: Self.logLineCountMax)
        let rows = try page.items.reversed().map { (event) throws(LedgerError) in
            var row = context.row(event, try context.phrase(event))
            row["time"] = [
                "text": TimeText.clock(event.header.recorded),
                "title": TimeText.whole(event.header.recorded),
                "machine": TimeText.machine(event.header.recorded),
            ]
            return row
        }
        let count = counted(rows.count, "event")
        let audit = PagePath(.audit(project)).text
        let evidence = "\(audit)/evidence?promotion=\(core.name)"
        return [
            "evidence": context.session.actor == nil || state.startedAt == nil ? nil : evidence,
            "rows": rows, "count": page.next == nil ? count : "the last \(count)",
            "all": PagePath(.audit(project)).with(.about, subject.rawValue).text,
        ]
    }

    private static let logLineCountMax = 100

    private func facts() throws(LedgerError) -> [Fill] {
        var rows: [(String, [Span])] = []
        if let reason = core.reason { rows.append(("Why", [.text(reason)])) }
        for id in core.freight.prefix(8) {
            var spans = [try context.span(id, in: project)]
            if let chip = try context.chip(id, in: project), chip.making == .derived {
                spans.append(.text(" derived by hand"))
            }
            rows.append(("Freight", spans))
            let status = try context.view.ask { facts throws(FactsFailure) in
                try facts.freightStatus(id, in: project)
            }
            for approval in status.approved where approval.consumer == .stage(core.stage) {
                rows.append(
                    (
                        "Approved",
                        [
                            .state(StateWord(.ok, "ok", approval.actor)),
                            .text(" \(TimeText.short(approval.at)) "), .event(approval.position),
                        ]
                    )
                )
            }
        }
        rows.append(
            (
                "Requested",
                [
                    .text("\(core.actor), \(TimeText.short(core.requestedAt)) "),
                    .event(core.requested),
                ]
            )
        )
        if let started = state.startedAt {
            rows.append(("Started", [.text(TimeText.whole(started))]))
        }
        if let finished = state.finishedAt {
            rows.append(("Ended", [.text(TimeText.whole(finished))]))
        }
        if let restored = core.restored { rows.append(("Back to", [.event(restored)])) }
        if let record = state.verification {
            rows.append(
                (
                    "Verified",
                    [
                        .state(
                            StateWord(
                                record.stands ? .ok : .fail,
                                record.stands ? "ok" : "fail",
                                record.result.word
                            )
                        )
                    ]
                )
            )
        }
        rows.append(("Name", [.code(core.name.rawValue)]))
        return rows.map { ["term": $0.0, "value": context.fill($0.1)] }
    }
}

extension Value {
    /// What a step put out, where it is little enough to stand in its row; nil where it is more.
    fileprivate var inLine: [Fill]? {
        guard case .object(let members) = self, members.count <= 4 else { return nil }
        var parts: [Fill] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let text: String
            switch value {
            case .string(let string): text = string
            case .bool(let bool): text = "\(bool)"
            case .int(let number): text = "\(number)"
            case .double(let number): text = "\(number)"
            case .null, .array, .object: return nil
            }
            guard text.utf8.count <= 120, !text.contains(where: \.isNewline) else { return nil }
            parts.append(["name": name, "value": text])
        }
        return parts
    }
}

extension ReportedResult {
    /// As a form offers it.
    fileprivate var sentence: String {
        switch self {
        case .passed: "passed: it works"
        case .failed: "failed: it does not, and goes no further"
        case .errored: "errored: it could not be found out"
        case .inconclusive: "inconclusive: nobody can tell"
        }
    }
}

extension PromotionPhase {
    var word: StateWord {
        switch self {
        case .pending: StateWord(.none, "wait", "waits")
        case .running: StateWord(.run, "run", "running")
        case .succeeded: StateWord(.ok, "ok", "succeeded")
        case .failed: StateWord(.fail, "fail", "failed")
        case .errored: StateWord(.fail, "fail", "broke")
        case .aborted: StateWord(.hold, "ban", "aborted")
        case .superseded: StateWord(.none, "skip", "superseded")
        }
    }
}

extension StepStatus {
    var word: StateWord {
        switch self {
        case .succeeded: StateWord(.ok, "ok", "done")
        case .skipped: StateWord(.none, "skip", "skipped")
        case .running: StateWord(.run, "run", "running")
        case .aborted: StateWord(.hold, "ban", "aborted")
        case .failed: StateWord(.fail, "fail", "failed")
        case .errored: StateWord(.fail, "fail", "broke")
        }
    }
}
