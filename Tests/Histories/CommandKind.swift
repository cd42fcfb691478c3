package import PromotionModel

/// The kinds of commands, as histories choose and count them.
package enum CommandKind: String, CaseIterable, Hashable, Sendable {
    case applyManifests
    case recordDiscovery
    case recordDiscoveryFailure
    case createFreight
    case assembleFreight
    case deriveFreight
    case setFreightAlias
    case setFreightMetadata
    case approveFreight
    case revokeApproval
    case quarantineFreight
    case liftQuarantine
    case collectFreight
    case repackage
    case requestPromotion
    case promoteDownstream
    case rollBackStage
    case restoreProject
    case startPromotion
    case takeOverPromotion
    case startStep
    case finishStep
    case requestInput
    case giveInput
    case abortPromotion
    case resumeAutomation
    case reportVerification
    case finishVerification
    case reportHealth
    case setProjectMode
    case setBookmark
    case recordNote
    case resumeCollection
    case rollBackJunction
    case deleteResource
    case issueToken
    case revokeToken
    case grantRole
    case revokeRole
}

extension CommandKind {
    /// Whether it is about what a junction holds.
    var isOfJunctions: Bool {
        switch self {
        case .collectFreight, .repackage, .resumeCollection, .rollBackJunction: true
        default: false
        }
    }
}

extension Command {
    /// The kind of command; a new one has to be listed here, and made by `CommandMaker`.
    package var kind: CommandKind {
        switch self {
        case .applyManifests: .applyManifests
        case .recordDiscovery: .recordDiscovery
        case .recordDiscoveryFailure: .recordDiscoveryFailure
        case .createFreight: .createFreight
        case .assembleFreight: .assembleFreight
        case .deriveFreight: .deriveFreight
        case .setFreightAlias: .setFreightAlias
        case .setFreightMetadata: .setFreightMetadata
        case .approveFreight: .approveFreight
        case .revokeApproval: .revokeApproval
        case .quarantineFreight: .quarantineFreight
        case .liftQuarantine: .liftQuarantine
        case .collectFreight: .collectFreight
        case .repackage: .repackage
        case .requestPromotion: .requestPromotion
        case .promoteDownstream: .promoteDownstream
        case .rollBackStage: .rollBackStage
        case .restoreProject: .restoreProject
        case .startPromotion: .startPromotion
        case .takeOverPromotion: .takeOverPromotion
        case .startStep: .startStep
        case .finishStep: .finishStep
        case .requestInput: .requestInput
        case .giveInput: .giveInput
        case .abortPromotion: .abortPromotion
        case .resumeAutomation: .resumeAutomation
        case .reportVerification: .reportVerification
        case .finishVerification: .finishVerification
        case .reportHealth: .reportHealth
        case .setProjectMode: .setProjectMode
        case .setBookmark: .setBookmark
        case .recordNote: .recordNote
        case .resumeCollection: .resumeCollection
        case .rollBackJunction: .rollBackJunction
        case .deleteResource: .deleteResource
        case .issueToken: .issueToken
        case .revokeToken: .revokeToken
        case .grantRole: .grantRole
        case .revokeRole: .revokeRole
        }
    }
}
