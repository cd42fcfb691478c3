/// The shapes of all answers; see `ShapeText` for how they are written.
enum ShapeTable {
    /// What several shapes have in them.
    static let parts: [(name: String, members: String)] = [
        ("Origin", "kind:Warehouse|Junction name"),
        ("Actor", "name assurance:asserted|osUser|token|oidc|automation"),
        ("Moment", "position:int at:time"),
        ("Artifact", "commit:any? image:any? chart:any?"),
        (
            "Component",
            "origin:Origin freight alias version? requestedOrigin:Origin carrier promotion"
        ),
        ("Collection", "id components:[Component]"),
        ("FreightSide", "id alias version?"),
        (
            "ComponentChange",
            """
            origin:Origin change:added|changed|removed|unchanged|uncertain uncertain:bool?
            from:FreightSide? to:FreightSide?
            """
        ),
        (
            "ArtifactChange",
            "kind repoURL from? to? range?"
        ),
        (
            "DetailedChange",
            """
            origin:Origin change:added|changed|removed|unchanged|uncertain uncertain:bool?
            from:FreightSide? to:FreightSide? artifacts:[ArtifactChange]
            """
        ),
        ("Hold", "origin:Origin promotion actor since:time"),
        ("Uncertain", "origin:Origin promotion"),
        ("RequestedFreight", "origin:Origin direct:bool stages:[string] optional:bool"),
        (
            "OpenVerification",
            "promotion collection since:time position:int templates:[string] steps:[string]?"
        ),
        ("VerificationStep", "alias uses status message?"),
        (
            "Verification",
            """
            result at:time position:int implicit:bool? assumed:bool? actor? evidence? message?
            reason? steps:[VerificationStep]?
            """
        ),
        ("StageHealth", "health since:time? message?"),
        ("Removal", "position:int at:time actor reason?"),
        ("Note", "position:int at:time actor text"),
        ("Reason", "reason text changes:[string] at:time?"),
        ("Variable", "name value"),
    ]

    /// Things that are configured, or move.
    static let things: [(name: String, members: String)] = [
        ("RestoreItem", "stage promotion level:int"),
        ("OpenRestore", "position:int to:int stages:[RestoreItem]"),
        (
            "Project",
            """
            kind:=Project name project position:int mode stages:int warehouses:int junctions:int
            restore:OpenRestore? notes:[Note]?
            """
        ),
        ("Finding", "repoURL artifacts:[Artifact]"),
        (
            "Warehouse",
            """
            kind:=Warehouse name project position:int at:time? subscriptions:[string] failure?
            noFreightBecause? freight? candidates:[Finding] notes:[Note]?
            """
        ),
        (
            "Stage",
            """
            kind:=Stage name project position:int controlFlow:bool current:Collection?
            since:time? at:time? promotion? running? pending:[string] holds:[Hold]
            uncertain:[Uncertain] openVerification:OpenVerification? verification:Verification?
            health:StageHealth? requestedFreight:[RequestedFreight] notes:[Note]?
            """
        ),
        (
            "Slot",
            """
            origin:Origin optional:bool freight? alias? since:time? how:automatic|byHand?
            held:bool stale:bool missing:bool candidate? candidateAlias? lost:[string]?
            """
        ),
        (
            "Junction",
            """
            kind:=Junction name project position:int slots:[Slot] bundle? bundleAlias?
            bundleSince:time? next? ready:bool waits:[string] changesAt:time? notes:[Note]?
            """
        ),
        ("TaskStep", "alias uses"),
        ("TaskUser", "project? stage"),
        (
            "Task",
            """
            kind:PromotionTask|ClusterPromotionTask name project? position:int vars:[Variable]
            steps:[TaskStep] usedBy:[TaskUser] notes:[Note]?
            """
        ),
        ("GitClient", "name? email?"),
        ("ClusterConfig", "kind:=ClusterConfig name position:int gitClient:GitClient?"),
        (
            "PromotionPolicy",
            """
            stage? matchLabels:[Variable] matchExpressions:[string] autoPromotionEnabled:bool
            """
        ),
        (
            "ProjectConfig",
            "kind:=ProjectConfig name project position:int promotionPolicies:[PromotionPolicy]"
        ),
        (
            "Bookmark",
            """
            kind:=Bookmark name project position:int at:time target:int targetAt:time? actor
            reason?
            """
        ),
        ("Quarantine", "actor reason? since:time position:int"),
        ("Approval", "for actor reason? since:time position:int"),
        ("Mark", "stage since:time position:int via?"),
        ("Soak", "stage longestMs:int"),
        ("FreightName", "id alias"),
        ("Constituent", "origin:Origin id alias quarantine:Quarantine?"),
        (
            "Freight",
            """
            kind:=Freight id name kargoName? alias project origin:Origin
            making:discovered|assembled|derived|repackaged|imported derivedFrom:FreightName?
            confirmed:int? position:int at:time artifacts:[Artifact] constituents:[Constituent]?
            current:[Mark] verified:[Mark] withdrawn:[Mark]? soaked:[Soak]? approved:[Approval]?
            quarantine:Quarantine? metadata:any? notes:[Note]?
            """
        ),
        ("Awaited", "step:int message url? since:time given:bool"),
        (
            "PromotionStep",
            "alias uses status startedAt:time? finishedAt:time? message? outputs:any?"
        ),
        (
            "Promotion",
            """
            kind:=Promotion name project position:int at:time stage promotionKind phase actor
            reason? freight:[string] message? startedAt:time? finishedAt:time? attempt:int
            origin:Origin? now:bool? restore:int? awaited:Awaited? hasTakenEffect:bool
            coalesced:[string]? collection? verification:Verification?
            changes:[ComponentChange] steps:[PromotionStep] notes:[Note]?
            """
        ),
        (
            "Event",
            """
            kind:=Event position:int at:time wallClock:time? type typeVersion:int project subject
            actor:Actor commandId contentHash? indexInCommand:int cause:int? payloadHash
            redaction:int? payload:any?
            """
        ),
    ]

    /// Answers to questions.
    static let answers: [(name: String, members: String)] = [
        (
            "StageHistoryEntry",
            """
            position:int at:time until:time? promotion promotionKind actor reason? restored:int?
            collection:Collection changes:[ComponentChange] verification:Verification?
            removed:Removal?
            """
        ),
        ("Leaf", "origin:Origin freight"),
        (
            "JunctionHistoryEntry",
            """
            what:repackaged|collected|emptied position:int at:time until:time? actor reason?
            because? bundle? alias isNew:bool? constituents:[Leaf]? changes:[ComponentChange]?
            verifiedTogether:[string]? removed:Removal? origin:Origin? freight? automatic:bool?
            held:bool?
            """
        ),
        (
            "BlameLine",
            """
            origin:Origin freight? version? requestedOrigin:Origin? carrier? carrierAlias?
            promotion? promotionKind? actor? reason? position:int? at:time? uncertain?
            """
        ),
        ("Regression", "origin:Origin runs would"),
        ("PreviewConsumer", "stage changes:[ComponentChange] regression:Regression?"),
        (
            "Preview",
            """
            junction id isNew:bool isCurrent:bool missing:[string] waits:[string] changesAt:time?
            verifiedTogether:[string] collection:Collection consumers:[PreviewConsumer]
            """
        ),
        ("DifferenceSide", "name position:int at:time collection"),
        ("Difference", "from:DifferenceSide to:DifferenceSide changes:[DetailedChange]"),
        ("Made", "position:int at:time actor making derivedFrom?"),
        ("TracedBundle", "id alias origin:Origin position:int at:time stages:[string]"),
        (
            "Stay",
            """
            stage entered:Moment verified:Moment? withdrawn:Moment? left:Moment? promotion? via?
            replacedBy?
            """
        ),
        (
            "Trace",
            """
            freight:Freight aliases:[string] discovered:Moment? made:Made bundles:[TracedBundle]
            moreBundles:bool stays:[Stay] moreStays:bool
            """
        ),
        ("Period", "position:int at:time"),
        ("DeploymentFrequency", "perDay:number? count:int positions:[int]"),
        ("LeadTime", "repoURL commit committedAt:time position:int at:time seconds:number"),
        ("LeadTimes", "medianSeconds:number? count:int commits:[LeadTime]"),
        ("DeploymentMark", "position:int at:time why"),
        (
            "Deployment",
            """
            promotion position:int at:time succeeded:bool failure:DeploymentMark?
            restored:DeploymentMark?
            """
        ),
        ("FailRate", "rate:number? failed:int of:int changes:[Deployment]"),
        ("Restoration", "medianSeconds:number? count:int notYet:int"),
        (
            "DeliveryMetrics",
            """
            kind:=DeliveryMetrics project stage from:Period to:Period days:number
            deploymentFrequency:DeploymentFrequency leadTimeForChanges:LeadTimes
            changeFailRate:FailRate timeToRestore:Restoration
            """
        ),
        ("ChangeApproval", "freight alias for actor:Actor reason? position:int at:time"),
        ("ChangeSide", "id artifacts:[Artifact]"),
        (
            "PriorVerification",
            "stage freight position:int at:time actor:Actor unseen:bool? evidence?"
        ),
        (
            "ChangedComponent",
            """
            origin:Origin change uncertain:bool? hasRunBefore:bool? from:ChangeSide?
            to:ChangeSide? verified:[PriorVerification]
            """
        ),
        ("ChangeFinding", "code text"),
        (
            "Change",
            """
            kind:=Change project stage promotion promotionKind phase message? requested:Moment
            started:Moment ended:Moment? requester:Actor reason? because? restored:int?
            approvals:[ChangeApproval] verification:Verification? before after
            changes:[ChangedComponent] findings:[ChangeFinding]
            """
        ),
        (
            "Ledger",
            """
            id path events:int root recorded:time usedBytes:int mapSizeBytes:int readers:int
            """
        ),
        ("SigningKeys", "origin id key earlier:[string]"),
        ("Checkpoint", "origin size:int root note?"),
        ("Proof", "proof"),
    ]

    /// Why something is so; one shape for each kind of subject.
    static let explanations: [(name: String, members: String)] = [
        (
            "OriginExplanation",
            "origin:Origin current? candidate? held:bool reasons:[Reason] changesAt:time?"
        ),
        (
            "StageExplanation",
            """
            stage running? pending:[string] autoPromotionEnabled:bool uncertain:[string]
            verification:OpenVerification? waitsForVerification:bool? reasons:[Reason]
            origins:[OriginExplanation] automationRuns:bool?
            """
        ),
        (
            "ConsumerExplanation",
            "consumer availableSince:time? isThere:bool reasons:[Reason] changesAt:time?"
        ),
        (
            "FreightExplanation",
            """
            freight alias origin:Origin position:int items:[ConsumerExplanation] next?
            automationRuns:bool?
            """
        ),
        (
            "SlotExplanation",
            """
            origin:Origin optional:bool freight? candidate? held:bool reasons:[Reason]
            changesAt:time?
            """
        ),
        (
            "JunctionExplanation",
            """
            junction bundleAlias? collection repackaging reasons:[Reason]
            slots:[SlotExplanation] changesAt:time? automationRuns:bool?
            """
        ),
        (
            "PromotionExplanation",
            """
            promotion stage promotionKind phase freightAliases:[string] place:int?
            reasons:[Reason] automationRuns:bool?
            """
        ),
        ("SubscriptionExplanation", "name repoURL selection candidateCount:int chosen?"),
        (
            "WarehouseExplanation",
            """
            warehouse intervalMs:int freightCreation freightAlias? reasons:[Reason]
            subscriptions:[SubscriptionExplanation] automationRuns:bool?
            """
        ),
    ]

    /// What the server says of itself, of commands, and of what is wrong.
    static let others: [(name: String, members: String)] = [
        ("HealthFinding", "name isWell:bool problem?"),
        ("Health", "status:well|unwell findings:[HealthFinding]"),
        ("Readiness", "status:=ready position:int"),
        ("Link", "url"),
        ("WebhookLooks", "looks:[string]"),
        ("WebhookAnswer", "answered"),
        (
            "Problem",
            "type:=about:blank title status:int detail code exitCode:int? details:any?"
        ),
        (
            "Validation",
            "valid:bool documents:int notices:[string] limitations:[string] warnings:[string]"
        ),
        ("WarehouseLook", "kind:=Warehouse name failure? receipt:any?"),
        ("WarehouseLooks", "items:[WarehouseLook]"),
        ("DraftEvent", "type project subject payload:any"),
        (
            "Receipt",
            """
            positions:[int] root? duplicate:bool events:[Event] freight:FreightName?
            resources:[any]? warnings:[string]?
            """
        ),
        (
            "IssuedToken",
            "positions:[int] root duplicate:bool events:[Event] token warnings:[string]?"
        ),
        (
            "Token",
            """
            kind:=Token name position:int at:time state:good|expired|revoked issuedBy expires:time?
            revokedAt:time?
            """
        ),
        (
            "Role",
            """
            kind:=Role principal role:viewer|promoter|approver|admin project? stages:[string]?
            position:int
            """
        ),
        (
            "DryRun",
            "dryRun:bool events:[DraftEvent] plan:any? resources:[any]? warnings:[string]?"
        ),
    ]

    /// The shapes of whole explanations.
    static let explanationNames = [
        "StageExplanation", "FreightExplanation", "JunctionExplanation", "PromotionExplanation",
        "WarehouseExplanation",
    ]

    /// All of them.
    static var all: [(name: String, members: String)] {
        parts + things + answers + explanations + others
    }
}
