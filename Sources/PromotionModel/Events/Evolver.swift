package import EventLog

/// Says which rows an event changes, from what was so before it.
///
/// Pure, and never refuses: what is in the log has happened.
package struct Evolver<F: Facts> {
    let facts: F
    let header: Header
    let project: ProjectName

    /// An evolver of the event with this header.
    package init(facts: F, header: Header) {
        self.facts = facts
        self.header = header
        project = ProjectName(unchecked: header.project)
    }

    /// The rows after the event, in the order in which they are written.
    package func changes(of event: Event) throws(FactsFailure) -> [RowChange] {
        var changes = try rows(after: event)
        for index in changes.indices { stamp(&changes[index]) }
        return changes
    }

    /// Puts the event's position into a row that says which event changed it last.
    private func stamp(_ change: inout RowChange) {
        if case .stageState(let project, let stage, var state) = change {
            state.changed = header.position
            change = .stageState(project, stage, state)
        } else if case .junctionState(let project, let junction, var state) = change {
            state.changed = header.position
            change = .junctionState(project, junction, state)
        }
    }

    private func rows(after event: Event) throws(FactsFailure) -> [RowChange] {
        switch event {
        case .projectConfigured(let event): try changes(of: event)
        case .clusterConfigured(let event): try changes(of: event)
        case .warehouseConfigured(let event): try changes(of: event)
        case .junctionConfigured(let event): try changes(of: event)
        case .stageConfigured(let event): try changes(of: event)
        case .promotionTaskConfigured(let event): try changes(of: event)
        case .resourceRemoved(let event): try changes(of: event)
        case .projectModeSet(let event): try changes(of: event)
        case .artifactsDiscovered(let event): try changes(of: event)
        case .discoveryFailed(let event): try changes(of: event)
        case .discoveryRecovered(let event): try changes(of: event)
        case .freightCreated(let event): try changes(of: event)
        case .freightAliased(let event): try changes(of: event)
        case .freightMetadataSet(let event): try changes(of: event)
        case .freightApproved(let event): try changes(of: event)
        case .approvalRevoked(let event): try changes(of: event)
        case .freightQuarantined(let event): try changes(of: event)
        case .quarantineLifted(let event): try changes(of: event)
        case .freightCollected(let event): try changes(of: event)
        case .slotEmptied(let event): try changes(of: event)
        case .freightRepackaged(let event): try changes(of: event)
        case .promotionRequested(let event): try changes(of: event)
        case .promotionStarted(let event): try changes(of: event)
        case .promotionTakenOver(let event): try changes(of: event)
        case .stepStarted(let event): try changes(of: event)
        case .stepFinished(let event): try changes(of: event)
        case .inputRequested(let event): try changes(of: event)
        case .inputGiven(let event): try changes(of: event)
        case .promotionSucceeded(let event): try changes(of: event)
        case .promotionFailed(let event):
            try unsuccessful(event.promotion, event.stage, .failed, event.message)
        case .promotionErrored(let event):
            try unsuccessful(event.promotion, event.stage, .errored, event.message)
        case .promotionAborted(let event):
            try unsuccessful(event.promotion, event.stage, .aborted, event.reason)
        case .promotionSuperseded(let event): try changes(of: event)
        case .verificationStarted(let event): try changes(of: event)
        case .verificationFinished(let event): try changes(of: event)
        case .healthReported(let event): try changes(of: event)
        case .autoPromotionHeld(let event): try changes(of: event)
        case .autoPromotionResumed(let event): try changes(of: event)
        case .restoreRequested(let event): try changes(of: event)
        case .restoreFinished(let event): try changes(of: event)
        case .tokenIssued(let event): changes(of: event)
        case .tokenRevoked(let event): try changes(of: event)
        case .roleGranted(let event): try changes(of: event)
        case .roleRevoked(let event): try changes(of: event)
        case .bookmarkSet(let event): [.bookmark(project, name: event.name, event.position)]
        // A note is found under its subject, and changes nothing.
        case .noteRecorded: []
        // What was redacted had its rows written anew with the redaction.
        case .payloadRedacted, .ledgerRestored: []
        }
    }
}
