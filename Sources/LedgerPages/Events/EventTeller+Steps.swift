import EventLog
import Ledger
import PromotionModel

extension EventTeller {
    /// What happens inside a promotion.
    func step(_ event: Event) throws(LedgerError) -> EventPhrase {
        switch event {
        case .promotionTakenOver(let event):
            return EventPhrase(
                "run",
                "c-hold",
                [link(event.stage), .text(": another runner took over, attempt \(event.attempt)")]
            )
        case .stepStarted(let event):
            return EventPhrase(
                "run",
                "c-2",
                [link(event.stage), .text(": step "), .code(event.alias), .text(" started")]
            ).machinery
        case .stepFinished(let event):
            let isBad = event.status == .failed || event.status == .errored
            let phrase = EventPhrase(
                isBad ? "fail" : event.status == .skipped ? "skip" : "ok",
                isBad ? "c-fail" : "c-2",
                [
                    link(event.stage), .text(": step "), .code(event.alias),
                    .text(" \(event.status)"),
                ],
                why: event.message
            )
            return isBad ? phrase : phrase.machinery
        case .inputRequested(let event):
            var spans: [Span] = [link(event.stage), .text(" waits: "), .text(event.message)]
            if let url = event.url { spans += [.text(" "), .outside("open", url: url)] }
            return EventPhrase("wait", "c-hold", spans)
        case .inputGiven(let event):
            return EventPhrase(
                "ok",
                "c-2",
                [link(event.stage), .text(" was answered")],
                why: event.reason
            )
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .resourceRemoved, .projectModeSet,
            .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightAliased, .freightMetadataSet, .freightApproved, .approvalRevoked,
            .freightQuarantined, .quarantineLifted, .freightCollected, .slotEmptied,
            .freightRepackaged, .promotionRequested, .promotionStarted, .promotionSucceeded,
            .promotionFailed, .promotionErrored, .promotionAborted, .promotionSuperseded,
            .verificationStarted, .verificationFinished, .healthReported, .autoPromotionHeld,
            .autoPromotionResumed, .restoreRequested, .restoreFinished, .bookmarkSet,
            .noteRecorded, .payloadRedacted, .ledgerRestored,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            preconditionFailure("\(event.type.name) is told elsewhere")
        }
    }

    /// How what runs was judged.
    func verification(_ event: Event) throws(LedgerError) -> EventPhrase {
        switch event {
        case .verificationStarted(let event):
            return EventPhrase(
                "run",
                "c-run",
                [link(event.stage), .text(" is being verified")]
            ).machinery
        case .verificationFinished(let event):
            let isGood = event.result == .successful
            let phrase = EventPhrase(
                isGood ? "proof" : event.result == .aborted ? "skip" : "fail",
                isGood ? "c-ok" : event.result == .aborted ? "c-2" : "c-fail",
                [
                    link(event.stage),
                    .text(isGood ? " verified" : ": verification \(event.result)"),
                ],
                why: event.reason ?? event.message
            )
            return event.implicit || event.result == .aborted ? phrase.machinery : phrase
        case .healthReported(let event):
            return EventPhrase(
                "health",
                event.health == .healthy ? "c-ok" : event.health == .unhealthy ? "c-fail" : "c-2",
                [link(event.stage), .text(" is \(event.health)")],
                why: event.message
            )
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .resourceRemoved, .projectModeSet,
            .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightAliased, .freightMetadataSet, .freightApproved, .approvalRevoked,
            .freightQuarantined, .quarantineLifted, .freightCollected, .slotEmptied,
            .freightRepackaged, .promotionRequested, .promotionStarted, .promotionSucceeded,
            .promotionFailed, .promotionErrored, .promotionAborted, .promotionSuperseded,
            .promotionTakenOver, .stepStarted, .stepFinished, .inputRequested, .inputGiven,
            .autoPromotionHeld, .autoPromotionResumed, .restoreRequested, .restoreFinished,
            .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            preconditionFailure("\(event.type.name) is told elsewhere")
        }
    }
}
