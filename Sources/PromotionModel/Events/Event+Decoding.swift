package import Wire

extension Event {
    /// Reads a stored payload of the current version of `type`.
    package init(_ type: EventType, decoding bytes: [UInt8]) throws(WireError) {
        self =
            switch type {
            case .projectConfigured: .projectConfigured(try ProjectConfigured(decoding: bytes))
            case .clusterConfigured: .clusterConfigured(try ClusterConfigured(decoding: bytes))
            case .warehouseConfigured:
                .warehouseConfigured(try WarehouseConfigured(decoding: bytes))
            case .junctionConfigured: .junctionConfigured(try JunctionConfigured(decoding: bytes))
            case .stageConfigured: .stageConfigured(try StageConfigured(decoding: bytes))
            case .promotionTaskConfigured:
                .promotionTaskConfigured(try PromotionTaskConfigured(decoding: bytes))
            case .resourceRemoved: .resourceRemoved(try ResourceRemoved(decoding: bytes))
            case .projectModeSet: .projectModeSet(try ProjectModeSet(decoding: bytes))
            case .artifactsDiscovered:
                .artifactsDiscovered(try ArtifactsDiscovered(decoding: bytes))
            case .discoveryFailed: .discoveryFailed(try DiscoveryFailed(decoding: bytes))
            case .discoveryRecovered: .discoveryRecovered(try DiscoveryRecovered(decoding: bytes))
            case .freightCreated: .freightCreated(try FreightCreated(decoding: bytes))
            case .freightAliased: .freightAliased(try FreightAliased(decoding: bytes))
            case .freightMetadataSet: .freightMetadataSet(try FreightMetadataSet(decoding: bytes))
            case .freightApproved: .freightApproved(try FreightApproved(decoding: bytes))
            case .approvalRevoked: .approvalRevoked(try ApprovalRevoked(decoding: bytes))
            case .freightQuarantined: .freightQuarantined(try FreightQuarantined(decoding: bytes))
            case .quarantineLifted: .quarantineLifted(try QuarantineLifted(decoding: bytes))
            case .freightCollected: .freightCollected(try FreightCollected(decoding: bytes))
            case .slotEmptied: .slotEmptied(try SlotEmptied(decoding: bytes))
            case .freightRepackaged: .freightRepackaged(try FreightRepackaged(decoding: bytes))
            case .promotionRequested: .promotionRequested(try PromotionRequested(decoding: bytes))
            case .promotionStarted: .promotionStarted(try PromotionStarted(decoding: bytes))
            case .promotionTakenOver: .promotionTakenOver(try PromotionTakenOver(decoding: bytes))
            case .stepStarted: .stepStarted(try StepStarted(decoding: bytes))
            case .stepFinished: .stepFinished(try StepFinished(decoding: bytes))
            case .inputRequested: .inputRequested(try InputRequested(decoding: bytes))
            case .inputGiven: .inputGiven(try InputGiven(decoding: bytes))
            case .promotionSucceeded: .promotionSucceeded(try PromotionSucceeded(decoding: bytes))
            case .promotionFailed: .promotionFailed(try PromotionFailed(decoding: bytes))
            case .promotionErrored: .promotionErrored(try PromotionErrored(decoding: bytes))
            case .promotionAborted: .promotionAborted(try PromotionAborted(decoding: bytes))
            case .promotionSuperseded:
                .promotionSuperseded(try PromotionSuperseded(decoding: bytes))
            case .verificationStarted:
                .verificationStarted(try VerificationStarted(decoding: bytes))
            case .verificationFinished:
                .verificationFinished(try VerificationFinished(decoding: bytes))
            case .healthReported: .healthReported(try HealthReported(decoding: bytes))
            case .autoPromotionHeld: .autoPromotionHeld(try AutoPromotionHeld(decoding: bytes))
            case .autoPromotionResumed:
                .autoPromotionResumed(try AutoPromotionResumed(decoding: bytes))
            case .restoreRequested: .restoreRequested(try RestoreRequested(decoding: bytes))
            case .restoreFinished: .restoreFinished(try RestoreFinished(decoding: bytes))
            case .tokenIssued: .tokenIssued(try TokenIssued(decoding: bytes))
            case .tokenRevoked: .tokenRevoked(try TokenRevoked(decoding: bytes))
            case .roleGranted: .roleGranted(try RoleGranted(decoding: bytes))
            case .roleRevoked: .roleRevoked(try RoleRevoked(decoding: bytes))
            case .bookmarkSet: .bookmarkSet(try BookmarkSet(decoding: bytes))
            case .noteRecorded: .noteRecorded(try NoteRecorded(decoding: bytes))
            case .payloadRedacted: .payloadRedacted(try PayloadRedacted(decoding: bytes))
            case .ledgerRestored: .ledgerRestored(try LedgerRestored(decoding: bytes))
            }
    }

    /// A record of each kind in which nothing is set: what the published schema is drawn from.
    package static let blanks: [(type: EventType, payload: any Message)] = [
        (.projectConfigured, ProjectConfigured()),
        (.clusterConfigured, ClusterConfigured()),
        (.warehouseConfigured, WarehouseConfigured()),
        (.junctionConfigured, JunctionConfigured()),
        (.stageConfigured, StageConfigured()),
        (.promotionTaskConfigured, PromotionTaskConfigured()),
        (.resourceRemoved, ResourceRemoved()),
        (.projectModeSet, ProjectModeSet()),
        (.artifactsDiscovered, ArtifactsDiscovered()),
        (.discoveryFailed, DiscoveryFailed()),
        (.discoveryRecovered, DiscoveryRecovered()),
        (.freightCreated, FreightCreated()),
        (.freightAliased, FreightAliased()),
        (.freightMetadataSet, FreightMetadataSet()),
        (.freightApproved, FreightApproved()),
        (.approvalRevoked, ApprovalRevoked()),
        (.freightQuarantined, FreightQuarantined()),
        (.quarantineLifted, QuarantineLifted()),
        (.freightCollected, FreightCollected()),
        (.slotEmptied, SlotEmptied()),
        (.freightRepackaged, FreightRepackaged()),
        (.promotionRequested, PromotionRequested()),
        (.promotionStarted, PromotionStarted()),
        (.promotionTakenOver, PromotionTakenOver()),
        (.stepStarted, StepStarted()),
        (.stepFinished, StepFinished()),
        (.inputRequested, InputRequested()),
        (.inputGiven, InputGiven()),
        (.promotionSucceeded, PromotionSucceeded()),
        (.promotionFailed, PromotionFailed()),
        (.promotionErrored, PromotionErrored()),
        (.promotionAborted, PromotionAborted()),
        (.promotionSuperseded, PromotionSuperseded()),
        (.verificationStarted, VerificationStarted()),
        (.verificationFinished, VerificationFinished()),
        (.healthReported, HealthReported()),
        (.autoPromotionHeld, AutoPromotionHeld()),
        (.autoPromotionResumed, AutoPromotionResumed()),
        (.restoreRequested, RestoreRequested()),
        (.restoreFinished, RestoreFinished()),
        (.tokenIssued, TokenIssued()),
        (.tokenRevoked, TokenRevoked()),
        (.roleGranted, RoleGranted()),
        (.roleRevoked, RoleRevoked()),
        (.bookmarkSet, BookmarkSet()),
        (.noteRecorded, NoteRecorded()),
        (.payloadRedacted, PayloadRedacted()),
        (.ledgerRestored, LedgerRestored()),
    ]
}
