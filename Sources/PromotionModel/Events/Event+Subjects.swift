extension Event {
    /// What the event concerns besides its subject: where somebody would look for it too.
    ///
    /// A promotion is looked for at its stage and its freight, a bundle at its junction and under
    /// its own name.
    package var relatedSubjects: [Subject] {
        switch self {
        case .projectConfigured, .warehouseConfigured, .junctionConfigured, .stageConfigured,
            .projectModeSet, .artifactsDiscovered, .discoveryFailed, .discoveryRecovered,
            .freightAliased, .freightMetadataSet, .freightQuarantined, .quarantineLifted,
            .healthReported, .autoPromotionHeld, .autoPromotionResumed, .restoreFinished,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked, .bookmarkSet, .noteRecorded,
            .payloadRedacted, .ledgerRestored, .resourceRemoved,
            .clusterConfigured, .promotionTaskConfigured:
            []
        case .freightApproved(let event): [event.consumer]
        case .approvalRevoked(let event): [event.consumer]
        case .inputRequested(let event): [.stage(event.stage)]
        case .inputGiven(let event): [.stage(event.stage)]
        case .verificationStarted(let event): [.promotion(event.promotion)]
        case .restoreRequested(let event): event.items.map { .stage($0.stage) }
        case .freightCreated(let event): Self.subjects(of: event.origin)
        case .freightCollected(let event): [.freight(event.freight)]
        case .slotEmptied(let event): [.freight(event.freight)]
        case .freightRepackaged(let event): [.freight(event.freight)]
        case .promotionRequested(let event):
            [.stage(event.request.stage)] + event.request.freight.map { .freight($0) }
        case .promotionStarted(let event): [.stage(event.stage)]
        case .promotionTakenOver(let event): [.stage(event.stage)]
        // A promotion has many steps; its stage is only told how it went.
        case .stepStarted, .stepFinished: []
        case .promotionSucceeded(let event): [.stage(event.stage)]
        case .promotionFailed(let event): [.stage(event.stage)]
        case .promotionErrored(let event): [.stage(event.stage)]
        case .promotionAborted(let event): [.stage(event.stage)]
        case .promotionSuperseded(let event): [.stage(event.stage)]
        case .verificationFinished(let event): [.promotion(event.promotion)]
        }
    }

    private static func subjects(of origin: Origin) -> [Subject] {
        let warehouse = origin.warehouse.map { [Subject.warehouse($0)] } ?? []
        return warehouse + (origin.junction.map { [.junction($0)] } ?? [])
    }
}
