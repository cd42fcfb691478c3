import EventLog
import Ledger
import PromotionModel

extension EventTeller {
    /// Holds, restores, bookmarks and notes.
    func other(_ event: Event) throws(LedgerError) -> EventPhrase {
        switch event {
        case .autoPromotionHeld(let event):
            return EventPhrase(
                "hold",
                "c-hold",
                [holder(event.stage, event.junction), .text(" held for \(event.origin.name)")]
            ).machinery
        case .autoPromotionResumed(let event):
            return EventPhrase(
                "play",
                "c-2",
                [holder(event.stage, event.junction), .text(" resumed for \(event.origin.name)")],
                why: event.reason
            )
        case .restoreRequested(let event):
            return EventPhrase(
                "back",
                "c-hold",
                [
                    .text("the project back to "), .event(event.position),
                    .text(": \(counted(event.items.count, "stage"))"),
                ],
                why: event.reason
            )
        case .restoreFinished(let event): return told(event)
        case .bookmarkSet(let event):
            return EventPhrase(
                "flag",
                "c-acc",
                [
                    .text("bookmark "), .strong("@\(event.name)"), .text(" at "),
                    .event(event.position),
                ],
                why: event.reason
            )
        case .noteRecorded(let event):
            return EventPhrase(
                "note",
                "c-2",
                [.text("note on "), link(event.subject)],
                why: event.text
            )
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .resourceRemoved, .projectModeSet,
            .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightAliased, .freightMetadataSet, .freightApproved, .approvalRevoked,
            .freightQuarantined, .quarantineLifted, .freightCollected, .slotEmptied,
            .freightRepackaged, .promotionRequested, .promotionStarted, .promotionSucceeded,
            .promotionFailed, .promotionErrored, .promotionAborted, .promotionSuperseded,
            .promotionTakenOver, .stepStarted, .stepFinished, .inputRequested, .inputGiven,
            .verificationStarted, .verificationFinished, .healthReported:
            preconditionFailure("\(event.type.name) is told elsewhere")
        }
    }

    private func told(_ event: RestoreFinished) -> EventPhrase {
        EventPhrase(
            event.failed.isEmpty ? "ok" : "warn",
            event.failed.isEmpty ? "c-ok" : "c-fail",
            [
                .text(
                    "the restore ended: \(event.reached.count) reached, "
                        + "\(event.failed.count) failed, \(event.skipped.count) skipped"
                )
            ]
        )
    }

    private func holder(_ stage: StageName, _ junction: JunctionName?) -> Span {
        junction.map { link($0) } ?? link(stage)
    }
}
