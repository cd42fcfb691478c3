package import EventLog
package import Expressions
import Wire

/// What somebody asks the ledger to do.
package enum Command: Sendable, Hashable {
    case applyManifests(ApplyManifests)
    case recordDiscovery(RecordDiscovery)
    case recordDiscoveryFailure(RecordDiscoveryFailure)
    case createFreight(CreateFreight)
    case assembleFreight(AssembleFreight)
    case deriveFreight(DeriveFreight)
    case setFreightAlias(SetFreightAlias)
    case setFreightMetadata(SetFreightMetadata)
    case approveFreight(ApproveFreight)
    case revokeApproval(RevokeApproval)
    case quarantineFreight(QuarantineFreight)
    case liftQuarantine(LiftQuarantine)
    case collectFreight(CollectFreight)
    case repackage(Repackage)
    case requestPromotion(RequestPromotion)
    case promoteDownstream(PromoteDownstream)
    case rollBackStage(RollBackStage)
    case restoreProject(RestoreProject)
    case startPromotion(StartPromotion)
    case takeOverPromotion(TakeOverPromotion)
    case startStep(StartStep)
    case finishStep(FinishStep)
    case requestInput(RequestInput)
    case giveInput(GiveInput)
    case abortPromotion(AbortPromotion)
    case resumeAutomation(ResumeAutomation)
    case reportVerification(ReportVerification)
    case finishVerification(FinishVerification)
    case reportHealth(ReportHealth)
    case setProjectMode(SetProjectMode)
    case setBookmark(SetBookmark)
    case recordNote(RecordNote)
    case resumeCollection(ResumeCollection)
    case rollBackJunction(RollBackJunction)
    case deleteResource(DeleteResource)
    case issueToken(IssueToken)
    case revokeToken(RevokeToken)
    case grantRole(GrantRole)
    case revokeRole(RevokeRole)
}

extension Command {
    /// The project in which the command moves freight; nil where it only records or configures.
    var movedProject: ProjectName? {
        switch self {
        case .applyManifests, .recordDiscovery, .recordDiscoveryFailure, .createFreight,
            .assembleFreight, .deriveFreight, .setFreightAlias, .setFreightMetadata,
            .approveFreight, .revokeApproval, .quarantineFreight, .liftQuarantine,
            .reportVerification, .reportHealth, .setProjectMode, .setBookmark, .recordNote,
            .deleteResource, .issueToken, .revokeToken, .grantRole, .revokeRole:
            nil
        case .collectFreight(let command): command.project
        case .repackage(let command): command.project
        case .requestPromotion(let command): command.project
        case .promoteDownstream(let command): command.project
        case .rollBackStage(let command): command.project
        case .restoreProject(let command): command.project
        case .startPromotion(let command): command.project
        case .takeOverPromotion(let command): command.project
        case .startStep(let command): command.project
        case .finishStep(let command): command.project
        case .requestInput(let command): command.project
        case .giveInput(let command): command.project
        case .abortPromotion(let command): command.project
        case .finishVerification(let command): command.project
        case .resumeAutomation(let command): command.project
        case .resumeCollection(let command): command.project
        case .rollBackJunction(let command): command.project
        }
    }
}

/// A command with what everybody who gives one says beside it.
package struct CommandEnvelope: Sendable {
    package let id: CommandID
    package let actor: EventActor
    package let command: Command
    /// Why, in the caller's words.
    package let reason: String?
    /// The event that led to it.
    package let cause: Position?
    /// The rule of automation that gave it, and what it preferred over what.
    package let because: String?

    /// A command to be executed.
    package init(
        id: CommandID,
        actor: EventActor,
        command: Command,
        reason: String? = nil,
        cause: Position? = nil,
        because: String? = nil
    ) {
        self.id = id
        self.actor = actor
        self.command = command
        self.reason = reason
        self.cause = cause
        self.because = because
    }
}

/// Configures what manifests say; what they do not name stays as it is, or is deleted.
package struct ApplyManifests: Hashable, Sendable {
    package let resources: [Resource]
    /// Deletes what the projects of these resources have besides.
    package let prune: Bool
    package init(resources: [Resource], prune: Bool = false) {
        self.resources = resources
        self.prune = prune
    }
}

/// Says what a look at a warehouse's subscriptions found.
package struct RecordDiscovery: Hashable, Sendable {
    package let project: ProjectName
    package let warehouse: WarehouseName
    /// One for each subscription, in their order.
    package let findings: [SubscriptionFinding]
    package init(
        project: ProjectName,
        warehouse: WarehouseName,
        findings: [SubscriptionFinding]
    ) {
        self.project = project
        self.warehouse = warehouse
        self.findings = findings
    }
}

/// Says that a look at a warehouse's subscriptions failed.
package struct RecordDiscoveryFailure: Hashable, Sendable {
    package let project: ProjectName
    package let warehouse: WarehouseName
    package let message: String
    package init(project: ProjectName, warehouse: WarehouseName, message: String) {
        self.project = project
        self.warehouse = warehouse
        self.message = message
    }
}

/// Makes freight of the first candidate of each subscription.
package struct CreateFreight: Hashable, Sendable {
    package let project: ProjectName
    package let warehouse: WarehouseName
    package init(project: ProjectName, warehouse: WarehouseName) {
        self.project = project
        self.warehouse = warehouse
    }
}

/// Fills slots of a junction.
package struct CollectFreight: Hashable, Sendable {
    package let project: ProjectName
    package let junction: JunctionName
    /// Ids, prefixes, Kargo names or aliases; empty to fill each slot by the junction's selection.
    package let freight: [String]
    package init(project: ProjectName, junction: JunctionName, freight: [String] = []) {
        self.project = project
        self.junction = junction
        self.freight = freight
    }
}

/// Makes one bundle of what a junction holds.
package struct Repackage: Hashable, Sendable {
    package let project: ProjectName
    package let junction: JunctionName
    /// The bundle's alias; nil for one made from its id.
    package let alias: String?
    package init(project: ProjectName, junction: JunctionName, alias: String? = nil) {
        self.project = project
        self.junction = junction
        self.alias = alias
    }
}

/// Asks for freight to be promoted to a stage.
package struct RequestPromotion: Hashable, Sendable {
    package let project: ProjectName
    package let stage: StageName
    package let selection: FreightSelection
    /// Manual or automatic.
    package let kind: PromotionKind
    /// Lets freight replace what another origin put in with something newer.
    package let allowRegression: Bool
    /// Goes before other promotions by hand, and ends a running one that only waits for input.
    package let now: Bool
    /// Leaves out what is not current or not verified in the stage that it is taken from.
    package let verifiedOnly: Bool
    package init(
        project: ProjectName,
        stage: StageName,
        selection: FreightSelection,
        kind: PromotionKind = .manual,
        allowRegression: Bool = false,
        now: Bool = false,
        verifiedOnly: Bool = false
    ) {
        self.project = project
        self.stage = stage
        self.selection = selection
        self.kind = kind
        self.allowRegression = allowRegression
        self.now = now
        self.verifiedOnly = verifiedOnly
    }
}

/// Which freight to promote.
package enum FreightSelection: Hashable, Sendable {
    /// Ids, prefixes, Kargo names or aliases.
    case named([String])
    /// What is current and verified in a stage, of one origin or of all that the target requests.
    case from(StageName, origin: Origin?)
}

/// Asks for a stage to be brought back to what it ran earlier.
package struct RollBackStage: Hashable, Sendable {
    package let project: ProjectName
    package let stage: StageName
    package let target: RollbackTarget
    /// One requested origin to restore; nil for all.
    package let origin: Origin?
    /// Leaves components alone whose requested origin is no longer requested.
    package let partial: Bool
    /// Quarantined freight may come back; needs a reason.
    package let allowsQuarantined: Bool
    package init(
        project: ProjectName,
        stage: StageName,
        target: RollbackTarget,
        origin: Origin? = nil,
        partial: Bool = false,
        allowsQuarantined: Bool = false
    ) {
        self.project = project
        self.stage = stage
        self.target = target
        self.origin = origin
        self.partial = partial
        self.allowsQuarantined = allowsQuarantined
    }
}

/// Where a rollback goes.
package enum RollbackTarget: Hashable, Sendable {
    /// The combination before the one that runs.
    case previous
    /// What ran at a position.
    case position(Position)
    /// The last time that a combination ran, by a prefix of its id (at least six digits).
    case collection(String)
    /// The last time that freight ran, by its alias, id, prefix or Kargo name.
    case freight(String)
}

/// Begins a pending promotion: its collection, change set and plan are fixed.
package struct StartPromotion: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    package init(project: ProjectName, promotion: PromotionName) {
        self.project = project
        self.promotion = promotion
    }
}

/// Continues a promotion whose runner is gone.
package struct TakeOverPromotion: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    /// The attempt that ended.
    package let attempt: UInt64
    package init(project: ProjectName, promotion: PromotionName, attempt: UInt64) {
        self.project = project
        self.promotion = promotion
        self.attempt = attempt
    }
}

/// Says that a step begins.
package struct StartStep: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    package let attempt: UInt64
    /// The index in the plan.
    package let step: UInt64
    package init(project: ProjectName, promotion: PromotionName, attempt: UInt64, step: UInt64) {
        self.project = project
        self.promotion = promotion
        self.attempt = attempt
        self.step = step
    }
}

/// Says how a step ended; ends the promotion with the last one.
package struct FinishStep: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    package let attempt: UInt64
    package let step: UInt64
    package let status: StepStatus
    package let message: String?
    package let outputs: Value
    /// Whether it changed something outside that others see.
    package let hasTakenEffect: Bool
    package init(
        project: ProjectName,
        promotion: PromotionName,
        attempt: UInt64,
        step: UInt64,
        status: StepStatus,
        message: String? = nil,
        outputs: Value = .null,
        hasTakenEffect: Bool = false
    ) {
        self.project = project
        self.promotion = promotion
        self.attempt = attempt
        self.step = step
        self.status = status
        self.message = message
        self.outputs = outputs
        self.hasTakenEffect = hasTakenEffect
    }
}

/// Ends a promotion before it is done.
package struct AbortPromotion: Hashable, Sendable {
    package let project: ProjectName
    package let promotion: PromotionName
    package init(project: ProjectName, promotion: PromotionName) {
        self.project = project
        self.promotion = promotion
    }
}

/// Lets automation go on for an origin, or for all that are held.
package struct ResumeAutomation: Hashable, Sendable {
    package let project: ProjectName
    package let stage: StageName
    package let origin: Origin?
    package init(project: ProjectName, stage: StageName, origin: Origin? = nil) {
        self.project = project
        self.stage = stage
        self.origin = origin
    }
}
