import EventLog
import PromotionModel

/// A ledger without a store that holds what a case says.
struct CaseLedger {
    let project: ProjectName
    private(set) var facts = DictionaryFacts()

    init(project: ProjectName = ProjectName(unchecked: "fake-project")) {
        self.project = project
    }

    /// Takes rows as they are, as if an event had made them.
    mutating func set(_ rows: [RowChange]) {
        facts.apply(rows, at: facts.position.next)
    }

    /// Takes in an event about a stage, and what the model makes of it.
    mutating func record(_ event: Event, at time: Timestamp = .epoch) throws {
        let header = Header(
            position: facts.position.next,
            recorded: time,
            type: event.type.rawValue,
            project: project.rawValue,
            subject: "stage/fake-stage",
            actor: EventActor(name: "operator", assurance: .asserted),
            commandID: CommandID(unchecked: "case")
        )
        let changes = try Evolver(facts: facts, header: header).changes(of: event)
        facts.apply(changes, at: header.position)
    }

    /// Executes a command at a time, and takes in what it comes to.
    mutating func execute(_ command: Command, at now: Timestamp) throws -> Verdict {
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "case"),
            actor: EventActor(name: "operator", assurance: .asserted),
            command: command
        )
        let moment = DecisionMoment(recorded: now, next: facts.position.next)
        let verdict = try Decider(facts: facts, moment: moment, envelope: envelope).decide()
        if case .events(let drafts) = verdict {
            for draft in drafts { try record(draft.event, at: now) }
        }
        return verdict
    }

    /// A promotion makes a stage run exactly this.
    mutating func promote(
        _ collection: FreightCollection,
        by promotion: PromotionName,
        in stage: StageName,
        at time: Timestamp = .epoch
    ) throws {
        var started = PromotionStarted()
        started.promotion = promotion
        started.stage = stage
        started.collection = collection
        started.changes = (facts.stageState(stage, in: project).current ?? FreightCollection())
            .changes(to: collection)
        try record(.promotionStarted(started), at: time)
        var succeeded = PromotionSucceeded()
        succeeded.promotion = promotion
        succeeded.stage = stage
        succeeded.collection = collection.id
        try record(.promotionSucceeded(succeeded), at: time)
    }

    /// What a promotion made a stage run is judged.
    mutating func judge(
        _ promotion: PromotionName,
        in stage: StageName,
        _ result: VerificationResult = .successful,
        evidence: String? = nil,
        at time: Timestamp = .epoch
    ) throws {
        var finished = VerificationFinished()
        finished.promotion = promotion
        finished.stage = stage
        finished.result = result
        finished.evidence = evidence
        try record(.verificationFinished(finished), at: time)
    }

    /// Adds a stage that has a step, so that freight must be verified in it.
    mutating func add(_ stage: StageName, requests: [RequestedFreight] = []) {
        var spec = StageSpec()
        spec.requestedFreight = requests
        spec.steps = [StepTemplate()]
        set([
            .stage(project, stage, Configured(spec: spec, position: .origin, incarnation: .origin))
        ])
    }

    /// Adds freight, newer than all that is there, and called as its id.
    mutating func add(
        _ freight: FreightID,
        of origin: Origin,
        status: FreightStatus = FreightStatus()
    ) {
        var core = Freight()
        core.id = freight
        core.origin = origin
        core.created = facts.position.next
        set([
            .freight(project, core),
            .freightStatus(project, freight, status),
            .freightAlias(project, alias: freight.rawValue, freight),
            .freightOfOrigin(project, origin, freight),
        ])
    }

    /// Makes freight what a stage runs of an origin, beside what it runs of others.
    mutating func run(_ freight: FreightID, of origin: Origin, in stage: StageName) {
        var state = facts.stageState(stage, in: project)
        let others = state.current?.components.filter { $0.origin != origin } ?? []
        state.current = FreightCollection(others + [Component(freight, of: origin)])
        set([.stageState(project, stage, state)])
    }
}

extension Component {
    /// Freight of a warehouse, as a stage runs it.
    init(_ freight: FreightID, of origin: Origin) {
        self.init(
            origin: origin,
            freight: freight,
            requestedOrigin: origin,
            carrier: freight,
            promotion: PromotionName(unchecked: "case")
        )
    }
}
