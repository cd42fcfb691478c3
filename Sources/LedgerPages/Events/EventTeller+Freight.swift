import EventLog
import Ledger
import PromotionModel

extension EventTeller {
    /// Discovery, and what was said of freight.
    func freight(_ event: Event) throws(LedgerError) -> EventPhrase {
        switch event {
        case .artifactsDiscovered(let event): return told(event)
        case .discoveryFailed(let event): return told(event)
        case .discoveryRecovered(let event): return told(event)
        case .freightCreated(let event): return try made(event)
        case .freightAliased(let event):
            return EventPhrase(
                "note",
                "c-2",
                [
                    .text("\(event.before.isEmpty ? "freight" : event.before) is called "),
                    try context.span(event.freight, in: project),
                ],
                why: event.reason
            )
        case .freightMetadataSet(let event):
            return EventPhrase(
                "note",
                "c-2",
                [
                    .code(event.key), .text(" noted on "),
                    try context.span(event.freight, in: project),
                ],
                why: event.reason
            ).machinery
        case .freightApproved(let event):
            return try said(event.freight, " approved for ", event.consumer, event.reason)
        case .approvalRevoked(let event):
            return try said(event.freight, " no longer approved for ", event.consumer, event.reason)
        case .freightQuarantined(let event):
            return EventPhrase(
                "ban",
                "c-fail",
                try object(event.freight) + [.text(" quarantined")],
                why: event.reason
            )
        case .quarantineLifted(let event):
            return EventPhrase(
                "ok",
                "c-ok",
                try object(event.freight) + [.text(" no longer quarantined")],
                why: event.reason
            )
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .resourceRemoved, .projectModeSet,
            .freightCollected, .slotEmptied, .freightRepackaged, .promotionRequested,
            .promotionStarted, .promotionSucceeded, .promotionFailed, .promotionErrored,
            .promotionAborted, .promotionSuperseded, .promotionTakenOver, .stepStarted,
            .stepFinished, .inputRequested, .inputGiven, .verificationStarted,
            .verificationFinished, .healthReported, .autoPromotionHeld, .autoPromotionResumed,
            .restoreRequested, .restoreFinished, .bookmarkSet, .noteRecorded, .payloadRedacted,
            .ledgerRestored, .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            preconditionFailure("\(event.type.name) is told elsewhere")
        }
    }

    private func told(_ event: DiscoveryRecovered) -> EventPhrase {
        EventPhrase(
            "ok",
            "c-ok",
            [link(.warehouse(event.warehouse)), .text(" can be looked at again")]
        )
    }

    private func told(_ event: ArtifactsDiscovered) -> EventPhrase {
        let count = event.subscriptions.reduce(0) { $0 + $1.found.count }
        return EventPhrase(
            "search",
            "c-2",
            [link(.warehouse(event.warehouse)), .text(" found \(counted(count, "artifact"))")],
            why: event.noFreightBecause
        ).machinery
    }

    private func told(_ event: DiscoveryFailed) -> EventPhrase {
        EventPhrase(
            "warn",
            "c-fail",
            [link(.warehouse(event.warehouse)), .text(" cannot be looked at")],
            why: event.message
        )
    }

    private func said(
        _ freight: FreightID,
        _ verb: String,
        _ consumer: Subject,
        _ reason: String?
    ) throws(LedgerError) -> EventPhrase {
        EventPhrase(
            verb.contains("no longer") ? "minus" : "ok",
            verb.contains("no longer") ? "c-hold" : "c-ok",
            try object(freight) + [.text(verb), link(consumer)],
            why: reason
        )
    }

    private func made(_ event: FreightCreated) throws(LedgerError) -> EventPhrase {
        let how =
            switch event.making {
            case .discovered, .repackaged: ""
            case .assembled: ", put together by hand"
            case .derived: ", derived by hand"
            case .imported: ", imported"
            }
        var spans: [Span] = [.text("new freight "), try context.span(event.freight, in: project)]
        if let chip = try context.chip(event.freight, in: project), chip.origin.kind == .warehouse {
            spans += [.text(": \(chip.origin.name) "), .version(chip.version)]
        }
        let isHand = event.making == .derived || event.making == .assembled
        return EventPhrase(
            isHand ? "bolt" : event.origin.kind == .junction ? "bundle" : "freight",
            isHand ? "c-run" : "c-2",
            how.isEmpty ? spans : spans + [.text(how)],
            why: event.reason
        )
    }

    /// `checkout 3.9.1 deft-finch`, or a bundle.
    func object(_ freight: FreightID) throws(LedgerError) -> [Span] {
        guard let chip = try context.chip(freight, in: project) else {
            return [.code(String(freight.rawValue.prefix(7)))]
        }
        guard chip.origin.kind == .warehouse else { return [.freight(chip)] }
        return [.text("\(chip.origin.name) "), .version(chip.version), .text(" "), .freight(chip)]
    }
}
