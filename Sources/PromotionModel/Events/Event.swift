package import Wire

/// Everything that can have happened, in the past tense.
///
/// No switch over it has a `default`: a new event breaks the build wherever it must be handled.
package enum Event: Hashable, Sendable {
    case projectConfigured(ProjectConfigured)
    case clusterConfigured(ClusterConfigured)
    case warehouseConfigured(WarehouseConfigured)
    case junctionConfigured(JunctionConfigured)
    case stageConfigured(StageConfigured)
    case promotionTaskConfigured(PromotionTaskConfigured)
    case resourceRemoved(ResourceRemoved)
    case projectModeSet(ProjectModeSet)
    case artifactsDiscovered(ArtifactsDiscovered)
    case discoveryFailed(DiscoveryFailed)
    case discoveryRecovered(DiscoveryRecovered)
    case freightCreated(FreightCreated)
    case freightAliased(FreightAliased)
    case freightMetadataSet(FreightMetadataSet)
    case freightApproved(FreightApproved)
    case approvalRevoked(ApprovalRevoked)
    case freightQuarantined(FreightQuarantined)
    case quarantineLifted(QuarantineLifted)
    case freightCollected(FreightCollected)
    case slotEmptied(SlotEmptied)
    case freightRepackaged(FreightRepackaged)
    case promotionRequested(PromotionRequested)
    case promotionStarted(PromotionStarted)
    case promotionTakenOver(PromotionTakenOver)
    case stepStarted(StepStarted)
    case stepFinished(StepFinished)
    case inputRequested(InputRequested)
    case inputGiven(InputGiven)
    case promotionSucceeded(PromotionSucceeded)
    case promotionFailed(PromotionFailed)
    case promotionErrored(PromotionErrored)
    case promotionAborted(PromotionAborted)
    case promotionSuperseded(PromotionSuperseded)
    case verificationStarted(VerificationStarted)
    case verificationFinished(VerificationFinished)
    case healthReported(HealthReported)
    case autoPromotionHeld(AutoPromotionHeld)
    case autoPromotionResumed(AutoPromotionResumed)
    case restoreRequested(RestoreRequested)
    case restoreFinished(RestoreFinished)
    case tokenIssued(TokenIssued)
    case tokenRevoked(TokenRevoked)
    case roleGranted(RoleGranted)
    case roleRevoked(RoleRevoked)
    case bookmarkSet(BookmarkSet)
    case noteRecorded(NoteRecorded)
    case payloadRedacted(PayloadRedacted)
    case ledgerRestored(LedgerRestored)
}

extension Event {
    /// The kind of event.
    package var type: EventType {
        switch self {
        case .projectConfigured: .projectConfigured
        case .clusterConfigured: .clusterConfigured
        case .warehouseConfigured: .warehouseConfigured
        case .junctionConfigured: .junctionConfigured
        case .stageConfigured: .stageConfigured
        case .promotionTaskConfigured: .promotionTaskConfigured
        case .resourceRemoved: .resourceRemoved
        case .projectModeSet: .projectModeSet
        case .artifactsDiscovered: .artifactsDiscovered
        case .discoveryFailed: .discoveryFailed
        case .discoveryRecovered: .discoveryRecovered
        case .freightCreated: .freightCreated
        case .freightAliased: .freightAliased
        case .freightMetadataSet: .freightMetadataSet
        case .freightApproved: .freightApproved
        case .approvalRevoked: .approvalRevoked
        case .freightQuarantined: .freightQuarantined
        case .quarantineLifted: .quarantineLifted
        case .freightCollected: .freightCollected
        case .slotEmptied: .slotEmptied
        case .freightRepackaged: .freightRepackaged
        case .promotionRequested: .promotionRequested
        case .promotionStarted: .promotionStarted
        case .promotionTakenOver: .promotionTakenOver
        case .stepStarted: .stepStarted
        case .stepFinished: .stepFinished
        case .inputRequested: .inputRequested
        case .inputGiven: .inputGiven
        case .promotionSucceeded: .promotionSucceeded
        case .promotionFailed: .promotionFailed
        case .promotionErrored: .promotionErrored
        case .promotionAborted: .promotionAborted
        case .promotionSuperseded: .promotionSuperseded
        case .verificationStarted: .verificationStarted
        case .verificationFinished: .verificationFinished
        case .healthReported: .healthReported
        case .autoPromotionHeld: .autoPromotionHeld
        case .autoPromotionResumed: .autoPromotionResumed
        case .restoreRequested: .restoreRequested
        case .restoreFinished: .restoreFinished
        case .tokenIssued: .tokenIssued
        case .tokenRevoked: .tokenRevoked
        case .roleGranted: .roleGranted
        case .roleRevoked: .roleRevoked
        case .bookmarkSet: .bookmarkSet
        case .noteRecorded: .noteRecorded
        case .payloadRedacted: .payloadRedacted
        case .ledgerRestored: .ledgerRestored
        }
    }

    /// What happened, as the record that is stored.
    package var payload: any Message {
        switch self {
        case .projectConfigured(let payload): payload
        case .clusterConfigured(let payload): payload
        case .warehouseConfigured(let payload): payload
        case .junctionConfigured(let payload): payload
        case .stageConfigured(let payload): payload
        case .promotionTaskConfigured(let payload): payload
        case .resourceRemoved(let payload): payload
        case .projectModeSet(let payload): payload
        case .artifactsDiscovered(let payload): payload
        case .discoveryFailed(let payload): payload
        case .discoveryRecovered(let payload): payload
        case .freightCreated(let payload): payload
        case .freightAliased(let payload): payload
        case .freightMetadataSet(let payload): payload
        case .freightApproved(let payload): payload
        case .approvalRevoked(let payload): payload
        case .freightQuarantined(let payload): payload
        case .quarantineLifted(let payload): payload
        case .freightCollected(let payload): payload
        case .slotEmptied(let payload): payload
        case .freightRepackaged(let payload): payload
        case .promotionRequested(let payload): payload
        case .promotionStarted(let payload): payload
        case .promotionTakenOver(let payload): payload
        case .stepStarted(let payload): payload
        case .stepFinished(let payload): payload
        case .inputRequested(let payload): payload
        case .inputGiven(let payload): payload
        case .promotionSucceeded(let payload): payload
        case .promotionFailed(let payload): payload
        case .promotionErrored(let payload): payload
        case .promotionAborted(let payload): payload
        case .promotionSuperseded(let payload): payload
        case .verificationStarted(let payload): payload
        case .verificationFinished(let payload): payload
        case .healthReported(let payload): payload
        case .autoPromotionHeld(let payload): payload
        case .autoPromotionResumed(let payload): payload
        case .restoreRequested(let payload): payload
        case .restoreFinished(let payload): payload
        case .tokenIssued(let payload): payload
        case .tokenRevoked(let payload): payload
        case .roleGranted(let payload): payload
        case .roleRevoked(let payload): payload
        case .bookmarkSet(let payload): payload
        case .noteRecorded(let payload): payload
        case .payloadRedacted(let payload): payload
        case .ledgerRestored(let payload): payload
        }
    }
}
