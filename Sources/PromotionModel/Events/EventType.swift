import Wire

/// The number of a kind of event in headers.
///
/// A number is never used again for another kind.
package enum EventType: UInt32, WireEnum {
    case projectConfigured = 1
    case clusterConfigured = 2
    case warehouseConfigured = 3
    case junctionConfigured = 4
    case stageConfigured = 5
    case promotionTaskConfigured = 6
    case resourceRemoved = 7
    case projectModeSet = 8
    case artifactsDiscovered = 10
    case discoveryFailed = 11
    case discoveryRecovered = 12
    case freightCreated = 20
    case freightAliased = 21
    case freightMetadataSet = 22
    case freightApproved = 23
    case approvalRevoked = 24
    case freightQuarantined = 25
    case quarantineLifted = 26
    case freightCollected = 30
    case slotEmptied = 31
    case freightRepackaged = 32
    case promotionRequested = 40
    case promotionStarted = 41
    case promotionTakenOver = 42
    case stepStarted = 43
    case stepFinished = 44
    case inputRequested = 45
    case inputGiven = 46
    case promotionSucceeded = 47
    case promotionFailed = 48
    case promotionErrored = 49
    case promotionAborted = 50
    case promotionSuperseded = 51
    case verificationStarted = 60
    case verificationFinished = 61
    case healthReported = 62
    case autoPromotionHeld = 70
    case autoPromotionResumed = 71
    case restoreRequested = 80
    case restoreFinished = 81
    case tokenIssued = 90
    case tokenRevoked = 91
    case roleGranted = 92
    case roleRevoked = 93
    case bookmarkSet = 100
    case noteRecorded = 101
    case payloadRedacted = 102
    case ledgerRestored = 110

    /// The kind's name as it is published: `PromotionStarted`.
    package var name: String {
        switch self {
        case .projectConfigured: "ProjectConfigured"
        case .clusterConfigured: "ClusterConfigured"
        case .warehouseConfigured: "WarehouseConfigured"
        case .junctionConfigured: "JunctionConfigured"
        case .stageConfigured: "StageConfigured"
        case .promotionTaskConfigured: "PromotionTaskConfigured"
        case .resourceRemoved: "ResourceRemoved"
        case .projectModeSet: "ProjectModeSet"
        case .artifactsDiscovered: "ArtifactsDiscovered"
        case .discoveryFailed: "DiscoveryFailed"
        case .discoveryRecovered: "DiscoveryRecovered"
        case .freightCreated: "FreightCreated"
        case .freightAliased: "FreightAliased"
        case .freightMetadataSet: "FreightMetadataSet"
        case .freightApproved: "FreightApproved"
        case .approvalRevoked: "ApprovalRevoked"
        case .freightQuarantined: "FreightQuarantined"
        case .quarantineLifted: "QuarantineLifted"
        case .freightCollected: "FreightCollected"
        case .slotEmptied: "SlotEmptied"
        case .freightRepackaged: "FreightRepackaged"
        case .promotionRequested: "PromotionRequested"
        case .promotionStarted: "PromotionStarted"
        case .promotionTakenOver: "PromotionTakenOver"
        case .stepStarted: "StepStarted"
        case .stepFinished: "StepFinished"
        case .inputRequested: "InputRequested"
        case .inputGiven: "InputGiven"
        case .promotionSucceeded: "PromotionSucceeded"
        case .promotionFailed: "PromotionFailed"
        case .promotionErrored: "PromotionErrored"
        case .promotionAborted: "PromotionAborted"
        case .promotionSuperseded: "PromotionSuperseded"
        case .verificationStarted: "VerificationStarted"
        case .verificationFinished: "VerificationFinished"
        case .healthReported: "HealthReported"
        case .autoPromotionHeld: "AutoPromotionHeld"
        case .autoPromotionResumed: "AutoPromotionResumed"
        case .restoreRequested: "RestoreRequested"
        case .restoreFinished: "RestoreFinished"
        case .tokenIssued: "TokenIssued"
        case .tokenRevoked: "TokenRevoked"
        case .roleGranted: "RoleGranted"
        case .roleRevoked: "RoleRevoked"
        case .bookmarkSet: "BookmarkSet"
        case .noteRecorded: "NoteRecorded"
        case .payloadRedacted: "PayloadRedacted"
        case .ledgerRestored: "LedgerRestored"
        }
    }

    /// The kind of that name.
    package init?(name: String) {
        guard let type = EventType.allCases.first(where: { $0.name == name }) else { return nil }
        self = type
    }
}
