import EventLog
import PromotionModel

/// Makes up a command from a number and from what is so: sensible ones mostly, and others.
struct CommandMaker {
    var random: SeededGenerator
    let reference: Reference
    /// What the clock says.
    let now: Timestamp
    let project: ProjectName
    let names: Pipelines.Names
    var facts: DictionaryFacts { reference.facts }

    init(number: UInt64, reference: Reference, now: Timestamp) {
        random = SeededGenerator(seed: number)
        self.reference = reference
        self.now = now
        let projects = Pipelines.projects
        project = projects[Int.random(in: projects.indices, using: &random)]
        names = Pipelines.names(of: project)
    }

    /// How long the clock goes on before the command of `number`; sometimes it steps back.
    static func pauseMilliseconds(_ number: UInt64) -> Int64 {
        var random = SeededGenerator(seed: ~number)
        return switch Int.random(in: 0..<50, using: &random) {
        case 0: Int64.random(in: 1...72, using: &random) * 3_600_000
        case 1..<4: -Int64.random(in: 1...900, using: &random) * 1000
        case 4..<20: Int64.random(in: 0...500, using: &random)
        default: Int64.random(in: 0...600, using: &random) * 1000
        }
    }

    /// The command, with everything that is said beside it.
    mutating func make() -> CommandEnvelope {
        if chance(2), let again = reference.given.randomElement(using: &random) { return again }
        if facts.project(project) == nil { return envelope(.applyManifests(apply(isPlain: true))) }
        if chance(15), isSomethingMissing { return envelope(.applyManifests(apply(isPlain: true))) }
        if chance(20), let proposal = proposal() { return proposal }
        if chance(40), let report = runnerReport() { return envelope(report) }
        if chance(15), let step = wayForward() { return envelope(step) }
        return envelope(command(of: chosenKind()))
    }

    // MARK: - Choosing

    mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    mutating func pick<T>(_ items: [T]) -> T {
        items[Int.random(in: items.indices, using: &random)]
    }

    /// How often each kind is tried, for one time of the rarest.
    private static func weight(_ kind: CommandKind) -> Int {
        switch kind {
        case .requestPromotion: 12
        case .recordDiscovery: 8
        case .createFreight, .reportVerification, .rollBackStage, .repackage, .collectFreight: 6
        case .deriveFreight, .approveFreight, .quarantineFreight, .liftQuarantine: 4
        case .abortPromotion, .assembleFreight, .resumeAutomation, .revokeApproval,
            .rollBackJunction, .restoreProject, .promoteDownstream, .applyManifests:
            3
        case .takeOverPromotion, .startPromotion, .startStep, .finishStep, .requestInput,
            .giveInput, .resumeCollection, .finishVerification:
            2
        case .setFreightAlias, .setFreightMetadata, .reportHealth, .setProjectMode, .setBookmark,
            .recordNote, .recordDiscoveryFailure, .deleteResource, .issueToken, .revokeToken,
            .grantRole, .revokeRole:
            1
        }
    }

    private static let kinds = CommandKind.allCases.flatMap { kind in
        [CommandKind](repeating: kind, count: weight(kind))
    }

    private mutating func chosenKind() -> CommandKind {
        // An observed project refuses nearly everything; it does not stay so for long.
        if facts.projectState(project).mode == .observe, chance(20) { return .setProjectMode }
        let kind = pick(Self.kinds)
        if names.junctions.isEmpty, kind.isOfJunctions, chance(90) { return pick(Self.kinds) }
        return kind
    }

    /// Whether a stage or junction that the project had was deleted.
    private var isSomethingMissing: Bool {
        facts.stages(in: project).count < names.stages.count
            || facts.junctions(in: project).count < names.junctions.count
    }

    private mutating func command(of kind: CommandKind) -> Command {
        switch kind {
        case .applyManifests: .applyManifests(apply(isPlain: chance(40)))
        case .recordDiscovery: discovery()
        case .recordDiscoveryFailure: discoveryFailure()
        case .createFreight: creation()
        case .assembleFreight: assembly()
        case .deriveFreight: derivation()
        case .setFreightAlias: alias()
        case .setFreightMetadata: metadata()
        case .approveFreight: approval()
        case .revokeApproval: revocation()
        case .quarantineFreight: quarantine()
        case .liftQuarantine: lifting()
        case .collectFreight: collection()
        case .repackage: repackaging()
        case .requestPromotion: promotion()
        case .promoteDownstream: downstream()
        case .rollBackStage: rollback()
        case .restoreProject: restore()
        case .startPromotion: start()
        case .takeOverPromotion: takeover()
        case .startStep: stepStart()
        case .finishStep: stepFinish()
        case .requestInput: inputRequest()
        case .giveInput: input()
        case .abortPromotion: abortion()
        case .resumeAutomation: resumption()
        case .reportVerification: report()
        case .finishVerification: verificationFinish()
        case .reportHealth: health()
        case .setProjectMode: mode()
        case .setBookmark: bookmark()
        case .recordNote: note()
        case .resumeCollection: collectionResumption()
        case .rollBackJunction: junctionRollback()
        case .deleteResource: deletion()
        case .issueToken: tokenIssue()
        case .revokeToken: tokenRevocation()
        case .grantRole: roleGrant()
        case .revokeRole: roleRevocation()
        }
    }

    // MARK: - Who, and under which id

    private mutating func envelope(_ command: Command) -> CommandEnvelope {
        var actor = EventActor(name: pick(["operator", "on-call"]), assurance: .asserted)
        switch command.kind {
        case .startPromotion, .startStep, .finishStep, .takeOverPromotion, .requestInput,
            .finishVerification:
            actor = EventActor(name: "runner", assurance: .automation)
        case .recordDiscovery, .recordDiscoveryFailure:
            actor = EventActor(name: "discovery", assurance: .automation)
        case .collectFreight, .repackage, .createFreight:
            if chance(30) { actor = EventActor(name: "automation/other", assurance: .automation) }
        default: break
        }
        return CommandEnvelope(
            id: commandID(),
            actor: actor,
            command: command,
            reason: chance(60) ? pick(["it is Tuesday", "customers cannot pay"]) : nil
        )
    }

    /// A fresh id mostly; now and then one under which something else was recorded.
    private mutating func commandID() -> CommandID {
        if chance(1), let event = reference.events.randomElement(using: &random) {
            return event.header.commandID
        }
        return CommandID(unchecked: "random-\(random.next())")
    }

    /// What a rule calls for, by the rule itself.
    private mutating func proposal() -> CommandEnvelope? {
        let subjects =
            names.warehouses.map { Subject.warehouse($0) } + names.stages.map { .stage($0) }
            + names.junctions.map { .junction($0) }
        let next = reference.nextSteps(for: pick(subjects), in: project, at: now)
        return next.commands.randomElement(using: &random)?.envelope()
    }
}
