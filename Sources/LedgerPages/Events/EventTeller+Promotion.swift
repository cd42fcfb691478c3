import EventLog
import Ledger
import PromotionModel

extension EventTeller {
    /// Promotions, from request to end.
    func promotion(_ event: Event) throws(LedgerError) -> EventPhrase {
        switch event {
        case .promotionRequested(let event): return try requested(event)
        case .promotionStarted(let event):
            let changed = event.changes.filter { $0.kind.countsAsChanged }
            var spans: [Span] = [link(event.stage), .text(": promoting ")]
            spans += try brought(event.promotion, changed)
            return EventPhrase("run", "c-run", spans)
        case .promotionSucceeded(let event): return try succeeded(event)
        case .promotionFailed(let event):
            return try ended(event.promotion, event.stage, " failed", why: event.message)
        case .promotionErrored(let event):
            return try ended(event.promotion, event.stage, " broke", why: event.message)
        case .promotionAborted(let event):
            return try ended(event.promotion, event.stage, " aborted", why: event.reason)
        case .promotionSuperseded(let event):
            return EventPhrase(
                "skip",
                "c-2",
                [
                    link(event.stage), .text(": "), page(event.promotion),
                    .text(" superseded by a newer one"),
                ],
                why: event.because
            )
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .resourceRemoved, .projectModeSet,
            .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightAliased, .freightMetadataSet, .freightApproved, .approvalRevoked,
            .freightQuarantined, .quarantineLifted, .freightCollected, .slotEmptied,
            .freightRepackaged, .promotionTakenOver, .stepStarted, .stepFinished, .inputRequested,
            .inputGiven, .verificationStarted, .verificationFinished, .healthReported,
            .autoPromotionHeld, .autoPromotionResumed, .restoreRequested, .restoreFinished,
            .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            preconditionFailure("\(event.type.name) is told elsewhere")
        }
    }

    private func page(_ promotion: PromotionName) -> Span {
        .link("promotion", context.link(.promotion(promotion, in: project)))
    }

    private func requested(_ event: PromotionRequested) throws(LedgerError) -> EventPhrase {
        let request = event.request
        let isBack = request.kind == .rollback || request.kind == .restore
        let object = try context.object(of: request, nil, in: project)
        let spans: [Span] = [
            link(request.stage), .text(isBack ? ": rollback to " : ": promotion of "),
        ]
        return EventPhrase(
            isBack ? "back" : "arrow",
            isBack ? "c-hold" : "c-2",
            spans + object + [.text(" requested")],
            why: event.reason ?? request.reason
        )
    }

    private func succeeded(_ event: PromotionSucceeded) throws(LedgerError) -> EventPhrase {
        let found = try context.view.ask { facts throws(FactsFailure) in
            (
                core: try facts.promotion(event.promotion, in: project),
                state: try facts.promotionState(event.promotion, in: project)
            )
        }
        let isBack = found.core?.kind == .rollback || found.core?.kind == .restore
        let changed = found.state.changes.filter { $0.kind.countsAsChanged }
        if isBack, let target = found.state.collection {
            return EventPhrase(
                "back",
                "c-hold",
                [link(event.stage), .text(" rolled back to ")]
                    + (try target.carrierSpans(context, project))
            )
        }
        return EventPhrase(
            "ok",
            "c-ok",
            [link(event.stage), .text(" promoted: ")] + (try brought(event.promotion, changed))
        )
    }

    private func ended(
        _ promotion: PromotionName,
        _ stage: StageName,
        _ word: String,
        why: String?
    ) throws(LedgerError) -> EventPhrase {
        let core = try context.view.ask { facts throws(FactsFailure) in
            try facts.promotion(promotion, in: project)
        }
        var object: [Span] = []
        if let core { object = try context.object(of: core, nil, in: project) }
        return EventPhrase(
            "fail",
            "c-fail",
            [link(stage), .text(": "), page(promotion), .text(" of ")] + object + [.text(word)],
            why: why
        )
    }

    /// What a promotion brought: the bundle, or each component that it changed.
    private func brought(
        _ name: PromotionName,
        _ changed: [ComponentChange]
    ) throws(LedgerError) -> [Span] {
        let core = try context.view.ask { facts throws(FactsFailure) in
            try facts.promotion(name, in: project)
        }
        if let core {
            let spans = try context.object(of: core, nil, in: project)
            if !spans.isEmpty { return spans }
        }
        return [.text(counted(changed.count, "component"))]
    }
}
