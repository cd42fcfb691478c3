import EventLog
import Ledger
import PromotionModel

extension StagePage {
    /// Terms and values about how the stage stands.
    func facts() throws(LedgerError) -> [Fill] {
        var rows: [(String, [Span])] = []
        if let since = state.healthSince {
            let message = state.healthMessage.map { ": \($0)" } ?? ""
            rows.append(
                ("Health", [.text("\(state.health) since \(TimeText.short(since))\(message)")])
            )
        }
        rows.append(("Verified", try verified()))
        for hold in state.holds {
            rows.append(
                (
                    "Held",
                    [
                        .state(StateWord(.hold, "hold", hold.origin.name)),
                        .text(" by \(hold.actor), \(TimeText.short(hold.since))"),
                    ]
                )
            )
        }
        for uncertain in state.uncertain {
            rows.append(
                (
                    "Uncertain",
                    [
                        .state(StateWord(.fail, "warn", uncertain.origin.name)), .text(" since "),
                        .link(
                            "a promotion that did not succeed",
                            context.link(.promotion(uncertain.promotion, in: project))
                        ),
                    ]
                )
            )
        }
        for request in spec.requestedFreight.prefix(10) {
            rows.append(("Takes", takes(request)))
        }
        rows.append(("Queue", try queue()))
        rows.append(("Steps", [.text(spec.isControlFlow ? "none" : "\(spec.steps.count)")]))
        return rows.map { ["term": $0.0, "value": context.fill($0.1)] }
    }

    private func takes(_ request: RequestedFreight) -> [Span] {
        var spans: [Span] = [.strong(request.origin.name)]
        if request.direct { spans.append(.text(" directly")) }
        for (index, name) in request.stages.enumerated() {
            spans.append(.text(index == 0 ? (request.direct ? " or from " : " from ") : ", "))
            spans.append(.link(name.rawValue, context.link(.stage(name, in: project))))
        }
        if request.requiredSoakMs > 0 {
            spans.append(.text(", soaked \(TimeText.length(request.requiredSoakMs))"))
        }
        return spans
    }

    private func verified() throws(LedgerError) -> [Span] {
        if let open = state.verification {
            return [
                .state(StateWord(.run, "run", "being verified")),
                .text(" since \(TimeText.short(open.since))"),
            ]
        }
        guard let name = state.currentPromotion else { return [.quiet("nothing runs")] }
        let record = try context.view.ask { facts throws(FactsFailure) in
            try facts.promotionState(name, in: project).verification
        }
        guard let record else { return [.quiet("not yet")] }
        if record.stands {
            let how =
                record.implicit
                ? " by running" : record.assumed ? " by assumption" : " by \(record.actor)"
            var spans: [Span] = [
                .state(StateWord(.ok, "ok", "verified")),
                .text("\(how), \(TimeText.short(record.at))"),
            ]
            if let evidence = record.evidence {
                spans += [.text(" "), .outside("evidence", url: evidence)]
            }
            return spans
        }
        return [
            .state(StateWord(.fail, "fail", record.result.word)),
            .text(record.message.map { " \($0)" } ?? ""),
        ]
    }

    private func queue() throws(LedgerError) -> [Span] {
        guard !state.pending.isEmpty else {
            return [.text(state.running == nil ? "empty" : "1 running, none waits")]
        }
        var spans: [Span] = []
        for (index, queued) in state.pending.prefix(5).enumerated() {
            if index > 0 { spans.append(.text(", ")) }
            spans.append(
                .link(
                    "\(index + 1). \(queued.kind.word)",
                    context.link(.promotion(queued.name, in: project))
                )
            )
        }
        if state.pending.count > 5 { spans.append(.text(" and \(state.pending.count - 5) more")) }
        return spans
    }

    /// Why nothing, or something, is about to happen; origin by origin.
    func explanation() throws(LedgerError) -> Fill {
        let answer = try context.view.explain(stage, in: project)
        return [
            "reasons": answer.reasons.map(context.reason),
            "origins": answer.origins.prefix(40).map { origin in
                [
                    "name": origin.origin.name,
                    "reasons": origin.reasons.map(context.reason),
                ] as Fill
            },
        ]
    }
}

extension PageContext {
    /// A reason with the commands that would change it.
    func reason(_ reason: Reason) -> Fill {
        [
            "text": TimeText.readable(
                reason.text.prefix(1).uppercased() + reason.text.dropFirst() + "."
            ),
            "changes": reason.changes,
            "at": reason.at.map { when($0) },
        ]
    }
}
