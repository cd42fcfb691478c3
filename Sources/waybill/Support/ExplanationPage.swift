import EventLog
import Ledger
import PromotionModel

/// An explanation for people: reasons, and below each what would change it.
struct ExplanationPage {
    private var lines: [String] = []
    /// The cursor of the page behind it.
    private var next: String?

    /// Writes it, and below it that no process runs the automation, where that is so.
    func tell(_ attendance: Attendance?) {
        for line in lines + (attendance?.lines ?? []) { Output.line(line) }
        PageOptions.tellMore(next)
    }

    private mutating func add(_ reasons: [Reason]) {
        for reason in reasons {
            lines.append("  \(reason.text)")
            lines += reason.changes.map { "    \($0)" }
            if let at = reason.at { lines.append("    changes by itself at \(at.text)") }
        }
    }

    private mutating func add(_ wakeAt: Timestamp?) {
        if let wakeAt { lines.append("  this changes by itself at \(wakeAt.text)") }
    }
}

extension ExplanationPage {
    init(_ explanation: StageExplanation) {
        lines = [
            "stage/\(explanation.stage): automatic promotion is "
                + (explanation.autoPromotionEnabled ? "on" : "off")
        ]
        add(explanation.reasons)
        for part in explanation.origins {
            lines.append("\(part.origin):")
            add(part.reasons)
            add(part.wakeAt)
        }
    }

    init(_ explanation: JunctionExplanation) {
        lines = [
            "junction/\(explanation.junction): collection \(explanation.collectionPolicy), "
                + "repackaging \(explanation.repackagingPolicy), "
                + (explanation.bundle.map { "bundle \($0)" } ?? "no bundle yet")
        ]
        add(explanation.reasons)
        for slot in explanation.slots {
            lines.append("\(slot.origin)\(slot.isOptional ? " (optional)" : ""):")
            add(slot.reasons)
            add(slot.wakeAt)
        }
    }

    init(_ explanation: FreightExplanation) {
        lines = [
            "freight \(explanation.alias) (\(explanation.freight.id.short)) of "
                + "\(explanation.freight.origin)"
        ]
        if explanation.consumers.isEmpty { lines.append("  no stage and no junction requests it") }
        for part in explanation.consumers {
            let since = part.availableSince.map { "available since \($0.text)" }
            lines.append("\(part.consumer): \(since ?? "not available")")
            add(part.reasons)
        }
        next = explanation.next
    }

    init(_ explanation: PromotionExplanation) {
        let freight =
            explanation.freight.isEmpty
            ? "" : " of freight \(explanation.freight.joined(separator: ", "))"
        lines = [
            "promotion/\(explanation.promotion): \(explanation.phase), "
                + "\(explanation.kind)\(freight) to stage \(explanation.stage)"
        ]
        add(explanation.reasons)
    }

    init(_ explanation: WarehouseExplanation) {
        lines = [
            "warehouse/\(explanation.warehouse): freight creation "
                + "\(explanation.creationPolicy), "
                + (explanation.freight.map { "newest freight \($0)" } ?? "no freight yet")
        ]
        add(explanation.reasons)
        for subscription in explanation.subscriptions {
            lines.append("\(subscription.name):")
            lines.append("  takes \(subscription.selection)")
            let count = subscription.candidateCount
            lines.append(
                subscription.chosen.map {
                    "  found \(count) candidate\(count == 1 ? "" : "s"), of which \($0) is taken"
                } ?? "  found nothing"
            )
        }
    }
}
