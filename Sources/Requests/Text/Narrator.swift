import EventLog
package import Ledger
import LedgerAPI
import PromotionModel

/// Says in a line what an event means to somebody who watches.
package enum Narrator {
    /// The lines of these events.
    package static func text(_ events: [LedgerEvent]) -> String {
        events.compactMap { line($0) }.map { $0 + "\n" }.joined()
    }

    /// The line of an event with position, time, type and actor, as `watch` writes it.
    package static func logLine(_ event: LedgerEvent) -> String {
        let header = event.header
        let told = line(event) ?? header.subject
        return TextTable.cleaned(
            "\(header.position) \(header.recorded.text) \(event.type.name) "
                + "by \(header.actor.name): \(told)"
        )
    }

    /// The line of an event; nil for events that only matter with others.
    package static func line(_ event: LedgerEvent) -> String? {
        guard let payload = event.event else { return nil }
        switch payload {
        case .projectConfigured, .warehouseConfigured, .junctionConfigured, .stageConfigured,
            .clusterConfigured, .promotionTaskConfigured:
            return "\(event.header.subject) configured"
        case .artifactsDiscovered(let event):
            let count = event.subscriptions.reduce(0) { $0 + $1.found.count }
            return "warehouse/\(event.warehouse) found \(count) artifact\(count == 1 ? "" : "s")"
        case .discoveryFailed(let event):
            return "warehouse/\(event.warehouse) failed: \(event.message)"
        case .discoveryRecovered(let event):
            return "warehouse/\(event.warehouse) recovered"
        case .freightCreated(let event):
            return made(event)
        case .freightCollected(let event):
            return "junction/\(event.junction) collected \(event.freight.short) of \(event.origin)"
                + (event.held ? ", and holds it" : "")
        case .slotEmptied(let event):
            return "junction/\(event.junction) lost \(event.origin): \(event.reason)"
        case .freightRepackaged(let event):
            return "junction/\(event.junction) repackaged \(event.alias)"
        case .autoPromotionHeld(let event):
            return "\(event.holder) holds automation for \(event.origin)"
        case .autoPromotionResumed(let event):
            return "\(event.holder) resumed automation for \(event.origin)"
        case .stepStarted, .stepFinished, .freightMetadataSet:
            return nil
        case .inputRequested, .inputGiven, .promotionRequested, .promotionStarted,
            .promotionTakenOver, .promotionSucceeded, .promotionFailed, .promotionErrored,
            .promotionAborted, .promotionSuperseded:
            return promotionLine(payload)
        case .verificationStarted(let event):
            return event.steps.isEmpty
                ? "\(event.promotion) waits to be verified"
                : "\(event.promotion) is being verified"
        case .verificationFinished(let event):
            return event.line
        case .healthReported(let event):
            let message = event.message.map { ": \($0)" } ?? ""
            return "stage/\(event.stage) is \(event.health.word)\(message)"
        case .resourceRemoved, .projectModeSet, .freightAliased, .freightApproved,
            .approvalRevoked, .freightQuarantined, .quarantineLifted, .restoreRequested,
            .restoreFinished, .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            return changeLine(payload)
        }
    }

    private static func made(_ event: FreightCreated) -> String {
        let what =
            event.constituents.isEmpty
            ? event.artifacts.map(\.shortVersion).joined(separator: ", ")
            : "\(event.constituents.count) parts"
        let how =
            switch event.making {
            case .discovered, .repackaged, .imported: "created from \(event.origin)"
            case .assembled: "assembled of \(event.origin)"
            case .derived: "of \(event.origin) derived from \(event.derivedFrom?.short ?? "")"
            }
        return "freight \(event.alias) \(how) (\(what))"
    }

    private static func requestLine(_ event: PromotionRequested) -> String {
        let from = event.from.map { ", from \($0)" } ?? ""
        let now = event.request.now ? ", now" : ""
        let without = event.dropped.map(\.description).joined(separator: "; ")
        return "\(event.request.name) requested (\(event.request.kind)\(from)\(now))"
            + (without.isEmpty ? "" : " without \(without)")
    }

    private static func promotionLine(_ payload: Event) -> String? {
        switch payload {
        case .inputRequested(let event):
            return "\(event.promotion) waits: \(event.message)"
        case .inputGiven(let event):
            return "\(event.promotion) goes on"
        case .promotionRequested(let event):
            return requestLine(event)
        case .promotionStarted(let event):
            return "\(event.promotion) started (\(Display.summary(event.changes)))"
        case .promotionTakenOver(let event):
            return "\(event.promotion) taken over, attempt \(event.attempt)"
        case .promotionSucceeded(let event):
            return "\(event.promotion) succeeded"
        case .promotionFailed(let event):
            return "\(event.promotion) failed: \(event.message)"
        case .promotionErrored(let event):
            return "\(event.promotion) errored: \(event.message)"
        case .promotionAborted(let event):
            return "\(event.promotion) aborted"
        case .promotionSuperseded(let event):
            let because = event.because.map { " (\($0))" } ?? ""
            return "\(event.promotion) superseded by \(event.by)\(because)"
        case .projectConfigured, .warehouseConfigured, .junctionConfigured, .stageConfigured,
            .clusterConfigured, .promotionTaskConfigured,
            .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightCollected, .slotEmptied, .freightRepackaged, .autoPromotionHeld,
            .autoPromotionResumed, .stepStarted, .stepFinished, .freightMetadataSet,
            .verificationFinished, .resourceRemoved, .projectModeSet, .freightAliased,
            .freightApproved, .approvalRevoked, .freightQuarantined, .quarantineLifted,
            .verificationStarted, .healthReported, .restoreRequested, .restoreFinished,
            .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            return nil
        }
    }

    private static func changeLine(_ payload: Event) -> String? {
        switch payload {
        case .resourceRemoved(let event):
            return "\(event.resource) deleted"
        case .projectModeSet(let event):
            return event.mode == .drive ? "the project is driven" : "the project is observed"
        case .freightAliased(let event):
            return "freight \(event.before) is called \(event.alias)"
        case .freightApproved(let event):
            return "freight \(event.freight.short) approved for \(event.consumer)"
        case .approvalRevoked(let event):
            return "freight \(event.freight.short) no longer approved for \(event.consumer)"
        case .freightQuarantined(let event):
            return "freight \(event.freight.short) quarantined: \(event.reason ?? "")"
        case .quarantineLifted(let event):
            return "freight \(event.freight.short) no longer quarantined"
        case .restoreRequested(let event):
            return "restore to \(event.position) requested (\(event.items.count) stages)"
        case .restoreFinished(let event):
            return "restore finished (\(event.reached.count) reached, "
                + "\(event.failed.count) failed, \(event.skipped.count) skipped)"
        case .bookmarkSet(let event):
            return "bookmark \(event.name) set at \(event.position)"
        case .noteRecorded(let event):
            return "note about \(event.subject)"
        case .payloadRedacted(let event):
            return "event \(event.position) redacted: \(event.erased.joined(separator: ", "))"
        case .ledgerRestored(let event):
            return "restored from ledger \(event.ledger) at \(event.size)"
        case .tokenIssued(let event):
            let until = event.expires.map { ", until \($0)" } ?? ""
            return "token \(event.token) issued\(until)"
        case .tokenRevoked(let event):
            return "token \(event.token) revoked"
        case .roleGranted(let event):
            let stages = event.stages.isEmpty ? "" : " for \(event.stages.joined(separator: ", "))"
            return "\(event.principal) is \(event.role.name)\(stages)"
        case .roleRevoked(let event):
            return "\(event.principal) is no longer \(event.role.name)"
        case .projectConfigured, .warehouseConfigured, .junctionConfigured, .stageConfigured,
            .clusterConfigured, .promotionTaskConfigured,
            .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightCollected, .slotEmptied, .freightRepackaged, .autoPromotionHeld,
            .autoPromotionResumed, .stepStarted, .stepFinished, .freightMetadataSet,
            .verificationStarted, .verificationFinished, .healthReported, .inputRequested,
            .inputGiven, .promotionRequested, .promotionStarted, .promotionTakenOver,
            .promotionSucceeded, .promotionFailed,
            .promotionErrored, .promotionAborted, .promotionSuperseded:
            return nil
        }
    }
}
