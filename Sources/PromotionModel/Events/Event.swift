package import Wire

/// Everything that can have happened, in the past tense.
///
/// No switch over it has a `default`: a new event breaks the build wherever it must be handled.
package enum Event: Hashable, Sendable {
    case projectConfigured(ProjectConfigured)
    case warehouseConfigured(WarehouseConfigured)
    case junctionConfigured(JunctionConfigured)
    case stageConfigured(StageConfigured)
    case artifactsDiscovered(ArtifactsDiscovered)
    case discoveryFailed(DiscoveryFailed)
    case discoveryRecovered(DiscoveryRecovered)
    case freightCreated(FreightCreated)
    case freightCollected(FreightCollected)
    case slotEmptied(SlotEmptied)
    case freightRepackaged(FreightRepackaged)
    case promotionRequested(PromotionRequested)
    case promotionStarted(PromotionStarted)
    case promotionTakenOver(PromotionTakenOver)
    case stepStarted(StepStarted)
    case stepFinished(StepFinished)
    case promotionSucceeded(PromotionSucceeded)
    case promotionFailed(PromotionFailed)
    case promotionErrored(PromotionErrored)
    case promotionAborted(PromotionAborted)
    case promotionSuperseded(PromotionSuperseded)
    case verificationFinished(VerificationFinished)
    case autoPromotionHeld(AutoPromotionHeld)
    case autoPromotionResumed(AutoPromotionResumed)
}

/// The number of a kind of event in headers.
///
/// A number is never used again for another kind.
package enum EventType: UInt32, WireEnum {
    case projectConfigured = 1
    case warehouseConfigured = 3
    case junctionConfigured = 4
    case stageConfigured = 5
    case artifactsDiscovered = 10
    case discoveryFailed = 11
    case discoveryRecovered = 12
    case freightCreated = 20
    case freightCollected = 30
    case slotEmptied = 31
    case freightRepackaged = 32
    case promotionRequested = 40
    case promotionStarted = 41
    case promotionTakenOver = 42
    case stepStarted = 43
    case stepFinished = 44
    case promotionSucceeded = 47
    case promotionFailed = 48
    case promotionErrored = 49
    case promotionAborted = 50
    case promotionSuperseded = 51
    case verificationFinished = 61
    case autoPromotionHeld = 70
    case autoPromotionResumed = 71

    /// The kind's name as it is published: `PromotionStarted`.
    package var name: String {
        switch self {
        case .projectConfigured: "ProjectConfigured"
        case .warehouseConfigured: "WarehouseConfigured"
        case .junctionConfigured: "JunctionConfigured"
        case .stageConfigured: "StageConfigured"
        case .artifactsDiscovered: "ArtifactsDiscovered"
        case .discoveryFailed: "DiscoveryFailed"
        case .discoveryRecovered: "DiscoveryRecovered"
        case .freightCreated: "FreightCreated"
        case .freightCollected: "FreightCollected"
        case .slotEmptied: "SlotEmptied"
        case .freightRepackaged: "FreightRepackaged"
        case .promotionRequested: "PromotionRequested"
        case .promotionStarted: "PromotionStarted"
        case .promotionTakenOver: "PromotionTakenOver"
        case .stepStarted: "StepStarted"
        case .stepFinished: "StepFinished"
        case .promotionSucceeded: "PromotionSucceeded"
        case .promotionFailed: "PromotionFailed"
        case .promotionErrored: "PromotionErrored"
        case .promotionAborted: "PromotionAborted"
        case .promotionSuperseded: "PromotionSuperseded"
        case .verificationFinished: "VerificationFinished"
        case .autoPromotionHeld: "AutoPromotionHeld"
        case .autoPromotionResumed: "AutoPromotionResumed"
        }
    }

    /// The kind of that name.
    package init?(name: String) {
        guard let type = EventType.allCases.first(where: { $0.name == name }) else { return nil }
        self = type
    }
}

extension Event {
    /// The kind of event.
    package var type: EventType {
        switch self {
        case .projectConfigured: .projectConfigured
        case .warehouseConfigured: .warehouseConfigured
        case .junctionConfigured: .junctionConfigured
        case .stageConfigured: .stageConfigured
        case .artifactsDiscovered: .artifactsDiscovered
        case .discoveryFailed: .discoveryFailed
        case .discoveryRecovered: .discoveryRecovered
        case .freightCreated: .freightCreated
        case .freightCollected: .freightCollected
        case .slotEmptied: .slotEmptied
        case .freightRepackaged: .freightRepackaged
        case .promotionRequested: .promotionRequested
        case .promotionStarted: .promotionStarted
        case .promotionTakenOver: .promotionTakenOver
        case .stepStarted: .stepStarted
        case .stepFinished: .stepFinished
        case .promotionSucceeded: .promotionSucceeded
        case .promotionFailed: .promotionFailed
        case .promotionErrored: .promotionErrored
        case .promotionAborted: .promotionAborted
        case .promotionSuperseded: .promotionSuperseded
        case .verificationFinished: .verificationFinished
        case .autoPromotionHeld: .autoPromotionHeld
        case .autoPromotionResumed: .autoPromotionResumed
        }
    }

    /// What happened, as the record that is stored.
    package var payload: any Message {
        switch self {
        case .projectConfigured(let payload): payload
        case .warehouseConfigured(let payload): payload
        case .junctionConfigured(let payload): payload
        case .stageConfigured(let payload): payload
        case .artifactsDiscovered(let payload): payload
        case .discoveryFailed(let payload): payload
        case .discoveryRecovered(let payload): payload
        case .freightCreated(let payload): payload
        case .freightCollected(let payload): payload
        case .slotEmptied(let payload): payload
        case .freightRepackaged(let payload): payload
        case .promotionRequested(let payload): payload
        case .promotionStarted(let payload): payload
        case .promotionTakenOver(let payload): payload
        case .stepStarted(let payload): payload
        case .stepFinished(let payload): payload
        case .promotionSucceeded(let payload): payload
        case .promotionFailed(let payload): payload
        case .promotionErrored(let payload): payload
        case .promotionAborted(let payload): payload
        case .promotionSuperseded(let payload): payload
        case .verificationFinished(let payload): payload
        case .autoPromotionHeld(let payload): payload
        case .autoPromotionResumed(let payload): payload
        }
    }

    /// Reads a stored payload of the current version of `type`.
    package init(_ type: EventType, decoding bytes: [UInt8]) throws(WireError) {
        switch type {
        case .projectConfigured: self = .projectConfigured(try ProjectConfigured(decoding: bytes))
        case .warehouseConfigured:
            self = .warehouseConfigured(try WarehouseConfigured(decoding: bytes))
        case .junctionConfigured:
            self = .junctionConfigured(try JunctionConfigured(decoding: bytes))
        case .stageConfigured: self = .stageConfigured(try StageConfigured(decoding: bytes))
        case .artifactsDiscovered:
            self = .artifactsDiscovered(try ArtifactsDiscovered(decoding: bytes))
        case .discoveryFailed: self = .discoveryFailed(try DiscoveryFailed(decoding: bytes))
        case .discoveryRecovered:
            self = .discoveryRecovered(try DiscoveryRecovered(decoding: bytes))
        case .freightCreated: self = .freightCreated(try FreightCreated(decoding: bytes))
        case .freightCollected: self = .freightCollected(try FreightCollected(decoding: bytes))
        case .slotEmptied: self = .slotEmptied(try SlotEmptied(decoding: bytes))
        case .freightRepackaged: self = .freightRepackaged(try FreightRepackaged(decoding: bytes))
        case .promotionRequested:
            self = .promotionRequested(try PromotionRequested(decoding: bytes))
        case .promotionStarted: self = .promotionStarted(try PromotionStarted(decoding: bytes))
        case .promotionTakenOver:
            self = .promotionTakenOver(try PromotionTakenOver(decoding: bytes))
        case .stepStarted: self = .stepStarted(try StepStarted(decoding: bytes))
        case .stepFinished: self = .stepFinished(try StepFinished(decoding: bytes))
        case .promotionSucceeded:
            self = .promotionSucceeded(try PromotionSucceeded(decoding: bytes))
        case .promotionFailed: self = .promotionFailed(try PromotionFailed(decoding: bytes))
        case .promotionErrored: self = .promotionErrored(try PromotionErrored(decoding: bytes))
        case .promotionAborted: self = .promotionAborted(try PromotionAborted(decoding: bytes))
        case .promotionSuperseded:
            self = .promotionSuperseded(try PromotionSuperseded(decoding: bytes))
        case .verificationFinished:
            self = .verificationFinished(try VerificationFinished(decoding: bytes))
        case .autoPromotionHeld: self = .autoPromotionHeld(try AutoPromotionHeld(decoding: bytes))
        case .autoPromotionResumed:
            self = .autoPromotionResumed(try AutoPromotionResumed(decoding: bytes))
        }
    }

    /// A record of each kind in which nothing is set: what the published schema is drawn from.
    package static let blanks: [(type: EventType, payload: any Message)] = [
        (.projectConfigured, ProjectConfigured()),
        (.warehouseConfigured, WarehouseConfigured()),
        (.junctionConfigured, JunctionConfigured()),
        (.stageConfigured, StageConfigured()),
        (.artifactsDiscovered, ArtifactsDiscovered()),
        (.discoveryFailed, DiscoveryFailed()),
        (.discoveryRecovered, DiscoveryRecovered()),
        (.freightCreated, FreightCreated()),
        (.freightCollected, FreightCollected()),
        (.slotEmptied, SlotEmptied()),
        (.freightRepackaged, FreightRepackaged()),
        (.promotionRequested, PromotionRequested()),
        (.promotionStarted, PromotionStarted()),
        (.promotionTakenOver, PromotionTakenOver()),
        (.stepStarted, StepStarted()),
        (.stepFinished, StepFinished()),
        (.promotionSucceeded, PromotionSucceeded()),
        (.promotionFailed, PromotionFailed()),
        (.promotionErrored, PromotionErrored()),
        (.promotionAborted, PromotionAborted()),
        (.promotionSuperseded, PromotionSuperseded()),
        (.verificationFinished, VerificationFinished()),
        (.autoPromotionHeld, AutoPromotionHeld()),
        (.autoPromotionResumed, AutoPromotionResumed()),
    ]
}
