import EventLog
import Ledger
import PromotionModel

extension EventTeller {
    /// Holds, restores, bookmarks, notes, and what became of the ledger itself.
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
        case .restoreRequested(let event): return told(event)
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
        case .payloadRedacted(let event): return told(event)
        case .ledgerRestored(let event): return told(event)
        case .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked: return access(event)
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

    private func told(_ event: PayloadRedacted) -> EventPhrase {
        EventPhrase(
            "ban",
            "c-2",
            [
                .text("words of "), .event(event.position),
                .text(" erased: \(event.erased.joined(separator: ", "))"),
            ],
            why: event.reason
        )
    }

    private func told(_ event: LedgerRestored) -> EventPhrase {
        EventPhrase(
            "back",
            "c-2",
            [
                .text("the ledger goes on from "), .event(event.size),
                .text(" of ledger \(event.ledger)"),
            ],
            why: event.reason
        )
    }

    private func told(_ event: RestoreRequested) -> EventPhrase {
        EventPhrase(
            "back",
            "c-hold",
            [
                .text("the project back to "), .event(event.position),
                .text(": \(counted(event.items.count, "stage"))"),
            ],
            why: event.reason
        )
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
