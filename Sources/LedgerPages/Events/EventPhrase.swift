import EventLog
import Ledger
import PromotionModel

/// What an event says, as a sentence with an icon.
struct EventPhrase {
    let icon: String
    /// The colour class of the icon.
    let tone: String
    let spans: [Span]
    /// Why, in the words of who did it, or of what failed.
    var why: String?
    /// Whether it only matters with others: steps and the like, which lists fold.
    var isMachinery = false

    init(_ icon: String, _ tone: String, _ spans: [Span], why: String? = nil) {
        self.icon = icon
        self.tone = tone
        self.spans = spans
        self.why = why?.isEmpty == true ? nil : why
    }

    /// The same, folded in lists.
    var machinery: EventPhrase {
        var phrase = self
        phrase.isMachinery = true
        return phrase
    }
}

extension PageContext {
    /// The sentence of an event.
    func phrase(_ event: LedgerEvent) throws(LedgerError) -> EventPhrase {
        guard let payload = event.event else {
            return EventPhrase("ban", "c-2", [.text("\(event.type.name), redacted")])
        }
        let teller = EventTeller(
            context: self,
            project: ProjectName(unchecked: event.header.project),
            subject: Subject(unchecked: event.header.subject)
        )
        return try teller.phrase(payload)
    }
}

/// Tells events of one project.
struct EventTeller {
    let context: PageContext
    let project: ProjectName
    let subject: Subject

    func phrase(_ event: Event) throws(LedgerError) -> EventPhrase {
        switch event {
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .resourceRemoved, .projectModeSet:
            return configuration(event)
        case .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightAliased, .freightMetadataSet, .freightApproved, .approvalRevoked,
            .freightQuarantined, .quarantineLifted:
            return try freight(event)
        case .freightCollected, .slotEmptied, .freightRepackaged:
            return try junction(event)
        case .promotionRequested, .promotionStarted, .promotionSucceeded, .promotionFailed,
            .promotionErrored, .promotionAborted, .promotionSuperseded:
            return try promotion(event)
        case .promotionTakenOver, .stepStarted, .stepFinished, .inputRequested, .inputGiven:
            return try step(event)
        case .verificationStarted, .verificationFinished, .healthReported:
            return try verification(event)
        case .autoPromotionHeld, .autoPromotionResumed, .restoreRequested, .restoreFinished,
            .bookmarkSet, .noteRecorded, .payloadRedacted, .ledgerRestored, .tokenIssued,
            .tokenRevoked, .roleGranted, .roleRevoked:
            return try other(event)
        }
    }

    /// A link to a thing of the project.
    func link(_ subject: Subject) -> Span {
        switch subject.kind {
        case .stage: link(StageName(unchecked: subject.name))
        case .junction: link(JunctionName(unchecked: subject.name))
        case .warehouse:
            .link(
                subject.name,
                context.link(.warehouse(WarehouseName(unchecked: subject.name), in: project))
            )
        case .promotion:
            .link(
                "promotion",
                context.link(.promotion(PromotionName(unchecked: subject.name), in: project))
            )
        case .freight: .link("freight", context.link(.freight(subject.name, in: project)))
        case .project, .task, .clusterTask, .cluster, .token, .user, .group, nil:
            .text(subject.rawValue)
        }
    }

    func link(_ stage: StageName) -> Span {
        .link(stage.rawValue, context.link(.stage(stage, in: project)))
    }

    func link(_ junction: JunctionName) -> Span {
        .link(junction.rawValue, context.link(.junction(junction, in: project)))
    }

    private func configuration(_ event: Event) -> EventPhrase {
        let what: [Span]
        var why: String?
        switch event {
        case .projectConfigured(let event):
            (what, why) = ([.text("project configured")], event.reason)
        case .clusterConfigured(let event):
            (what, why) = ([.text("what holds for all projects configured")], event.reason)
        case .warehouseConfigured(let event):
            what = [.text("warehouse "), link(.warehouse(event.warehouse)), .text(" configured")]
            why = event.reason
        case .junctionConfigured(let event):
            what = [.text("junction "), link(event.junction), .text(" configured")]
            why = event.reason
        case .stageConfigured(let event):
            what = [.text("stage "), link(event.stage), .text(" configured")]
            why = event.reason
        case .promotionTaskConfigured(let event):
            (what, why) = ([.text("task \(event.task) configured")], event.reason)
        case .resourceRemoved(let event):
            (what, why) = ([.text("\(event.resource) deleted")], event.reason)
        case .projectModeSet(let event):
            what = [.text(event.mode == .drive ? "Waybill drives the project" : "only observed")]
            why = event.reason
        case .artifactsDiscovered, .discoveryFailed, .discoveryRecovered, .freightCreated,
            .freightAliased, .freightMetadataSet, .freightApproved, .approvalRevoked,
            .freightQuarantined, .quarantineLifted, .freightCollected, .slotEmptied,
            .freightRepackaged, .promotionRequested, .promotionStarted, .promotionTakenOver,
            .stepStarted, .stepFinished, .inputRequested, .inputGiven, .promotionSucceeded,
            .promotionFailed, .promotionErrored, .promotionAborted, .promotionSuperseded,
            .verificationStarted, .verificationFinished, .healthReported, .autoPromotionHeld,
            .autoPromotionResumed, .restoreRequested, .restoreFinished, .bookmarkSet,
            .noteRecorded, .payloadRedacted, .ledgerRestored,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked:
            preconditionFailure("\(event.type.name) configures nothing")
        }
        return EventPhrase("gear", "c-2", what, why: why)
    }
}
