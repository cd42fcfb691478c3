import EventLog
import Ledger
import PromotionModel

/// Says in a line what an event means to somebody who watches.
enum Narrator {
    /// Prints the lines of these events.
    static func tell(_ events: [LedgerEvent]) {
        for event in events { if let line = line(event) { Output.line(line) } }
    }

    /// The line of an event; nil for events that only matter with others.
    static func line(_ event: LedgerEvent) -> String? {
        guard let payload = event.event else { return nil }
        switch payload {
        case .projectConfigured, .warehouseConfigured, .junctionConfigured, .stageConfigured:
            return "\(event.header.subject) configured"
        case .artifactsDiscovered(let event):
            let count = event.subscriptions.reduce(0) { $0 + $1.found.count }
            return "warehouse/\(event.warehouse) found \(count) artifacts"
        case .discoveryFailed(let event):
            return "warehouse/\(event.warehouse) failed: \(event.message)"
        case .discoveryRecovered(let event):
            return "warehouse/\(event.warehouse) recovered"
        case .freightCreated(let event):
            let version = event.artifacts.first?.shortVersion ?? ""
            return "freight \(event.alias) created from \(event.origin) (\(version))"
        case .freightCollected(let event):
            return "junction/\(event.junction) collected \(event.freight.short) of \(event.origin)"
        case .slotEmptied(let event):
            return "junction/\(event.junction) lost \(event.origin): \(event.reason)"
        case .freightRepackaged(let event):
            return "junction/\(event.junction) repackaged \(event.alias)"
        case .promotionRequested(let event):
            return "\(event.request.name) requested (\(event.request.kind))"
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
            return "\(event.promotion) superseded by \(event.by)"
        case .autoPromotionHeld(let event):
            return "stage/\(event.stage) holds automation for \(event.origin)"
        case .autoPromotionResumed(let event):
            return "stage/\(event.stage) resumed automation for \(event.origin)"
        case .stepStarted, .stepFinished, .verificationFinished:
            return nil
        }
    }
}
