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

    /// Adds a stage that has a step, so that freight must be verified in it.
    mutating func add(_ stage: StageName, requests: [RequestedFreight] = []) {
        var spec = StageSpec()
        spec.requestedFreight = requests
        spec.steps = [StepTemplate()]
        set([
            .stage(project, stage, Configured(spec: spec, position: .origin, incarnation: .origin))
        ])
    }

    /// Adds freight, newer than all that is there.
    mutating func add(_ freight: FreightID, of origin: Origin, status: FreightStatus) {
        var core = Freight()
        core.id = freight
        core.origin = origin
        core.created = facts.position.next
        set([
            .freight(project, core),
            .freightStatus(project, freight, status),
            .freightOfOrigin(project, origin, freight),
        ])
    }

    /// Makes freight what a stage runs of an origin, beside what it runs of others.
    mutating func run(_ freight: FreightID, of origin: Origin, in stage: StageName) {
        var state = facts.stageState(stage, in: project)
        let others = state.current?.components.filter { $0.origin != origin } ?? []
        state.current = FreightCollection(
            others + [
                Component(
                    origin: origin,
                    freight: freight,
                    requestedOrigin: origin,
                    carrier: freight,
                    promotion: PromotionName(unchecked: "case")
                )
            ]
        )
        set([.stageState(project, stage, state)])
    }
}
