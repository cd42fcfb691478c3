import EventLog
import Ledger
import PromotionModel

extension EventTeller {
    /// Slots and bundles.
    func junction(_ event: Event) throws(LedgerError) -> EventPhrase {
        switch event {
        case .freightCollected(let event):
            return EventPhrase(
                "collect",
                "c-2",
                [link(event.junction), .text(" collected ")] + (try object(event.freight)),
                why: event.reason
            )
        case .slotEmptied(let event):
            return EventPhrase(
                "minus",
                "c-hold",
                [link(event.junction), .text(": the slot of \(event.origin.name) is empty")],
                why: event.reason
            )
        case .freightRepackaged(let event):
            return EventPhrase(
                "bundle",
                "c-acc",
                [
                    link(event.junction),
                    .text(event.isNew ? " made bundle " : " has again bundle "),
                    try context.span(event.freight, in: project),
                ],
                why: event.reason
            )
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .resourceRemoved, .projectModeSet,
            .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightAliased, .freightMetadataSet, .freightApproved, .approvalRevoked,
            .freightQuarantined, .quarantineLifted, .promotionRequested, .promotionStarted,
            .promotionSucceeded, .promotionFailed, .promotionErrored, .promotionAborted,
            .promotionSuperseded, .promotionTakenOver, .stepStarted, .stepFinished,
            .inputRequested, .inputGiven, .verificationStarted, .verificationFinished,
            .healthReported, .autoPromotionHeld, .autoPromotionResumed, .restoreRequested,
            .restoreFinished, .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            preconditionFailure("\(event.type.name) is told elsewhere")
        }
    }
}
