import EventLog
import Expressions
import PromotionModel
import Testing

/// A ledger without a store: the model on dictionary facts, with a clock that the test sets.
struct World {
    private(set) var facts = DictionaryFacts()
    private(set) var now = Timestamp(text: "2026-11-23T09:00:00Z") ?? .epoch
    /// All events, in order.
    private(set) var events: [EventDraft] = []
    private var commandCount = 0
    /// The ids under which proposals of automation were accepted.
    private var accepted: Set<CommandID> = []
    /// Every command that was given, and when.
    private(set) var given: [(envelope: CommandEnvelope, at: Timestamp)] = []

    /// What came of the last command.
    private(set) var verdict = Verdict.quiet

    /// Lets time pass.
    mutating func wait(minutes: Int64) {
        now = now.adding(milliseconds: minutes * 60_000)
    }

    /// Makes it at least as late as `recorded`, and no earlier than `other`.
    mutating func setTime(_ recorded: Timestamp, orLater other: Timestamp) {
        now = max(recorded, other)
    }

    /// Every warehouse, stage and junction.
    var allSubjects: [Subject] { subjects() }

    /// Executes a command; returns what came of it.
    @discardableResult
    mutating func when(
        _ command: Command,
        by actor: String = "operator",
        reason: String? = nil,
        because: String? = nil
    ) -> Verdict {
        commandCount += 1
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "test-\(commandCount)"),
            actor: EventActor(
                name: actor,
                assurance: actor == "automation" ? .automation : .asserted
            ),
            command: command,
            reason: reason,
            because: because
        )
        return execute(envelope)
    }

    @discardableResult
    private mutating func execute(_ envelope: CommandEnvelope) -> Verdict {
        given.append((envelope, now))
        verdict = decide(envelope)
        if case .events(let drafts) = verdict { for draft in drafts { record(draft, envelope) } }
        return verdict
    }

    /// What a command would come to now.
    func decide(_ envelope: CommandEnvelope) -> Verdict {
        let moment = DecisionMoment(recorded: now, next: facts.position.next)
        do throws(FactsFailure) {
            return try Decider(facts: facts, moment: moment, envelope: envelope).decide()
        } catch {
            preconditionFailure("dictionary facts do not fail, yet: \(error)")
        }
    }

    private mutating func record(_ draft: EventDraft, _ envelope: CommandEnvelope) {
        let header = Header(
            position: facts.position.next,
            recorded: now,
            wallClock: nil,
            type: draft.event.type.rawValue,
            typeVersion: 1,
            project: draft.project.rawValue,
            subject: draft.subject.rawValue,
            actor: envelope.actor,
            commandID: envelope.id,
            contentHash: nil,
            indexInCommand: 0,
            cause: draft.cause,
            occurred: nil,
            source: nil,
            payloadHash: .zero
        )
        events.append(draft)
        do throws(FactsFailure) {
            let changes = try Evolver(facts: facts, header: header).changes(of: draft.event)
            facts.apply(changes, at: header.position)
        } catch {
            preconditionFailure("dictionary facts do not fail, yet: \(error)")
        }
    }

    // MARK: - Given

    /// Records an event that no command of the test makes; returns its position.
    @discardableResult
    mutating func given(_ event: Event, about subject: Subject) -> Position {
        commandCount += 1
        let envelope = CommandEnvelope(
            id: CommandID(unchecked: "test-\(commandCount)"),
            actor: EventActor(name: "operator", assurance: .asserted),
            command: .setProjectMode(SetProjectMode(project: Shop.project, mode: .drive))
        )
        record(EventDraft(project: Shop.project, subject: subject, event: event), envelope)
        return facts.position
    }

    /// Deletes a stage and makes it anew as it was.
    mutating func givenNewIncarnation(of stage: StageName) {
        let spec = facts.stage(stage, in: Shop.project)?.spec ?? StageSpec()
        var removal = ResourceRemoved()
        removal.resource = .stage(stage)
        given(.resourceRemoved(removal), about: .stage(stage))
        given([Shop.resource(.stage(stage, spec))])
    }

    /// Applies resources; it must not be refused.
    mutating func given(
        _ resources: [Resource],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let verdict = when(.applyManifests(ApplyManifests(resources: resources)))
        if case .refused(let refusal) = verdict {
            Issue.record("refused: \(refusal)", sourceLocation: sourceLocation)
        }
    }

    /// Discovers a commit of a warehouse and makes freight of it.
    @discardableResult
    mutating func givenFreight(_ warehouse: WarehouseName, commit: String) -> FreightID {
        when(.recordDiscovery(Shop.discovery(of: warehouse, commit: commit)))
        when(.createFreight(CreateFreight(project: Shop.project, warehouse: warehouse)))
        let entries = facts.freight(
            of: .warehouse(warehouse),
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 1
        )
        return entries[0].freight
    }

    /// Asks for a promotion, starts it and finishes its steps; returns its name.
    @discardableResult
    mutating func givenPromotion(
        of references: [String],
        to stage: StageName,
        ending status: StepStatus = .succeeded,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> PromotionName {
        let request = RequestPromotion(
            project: Shop.project,
            stage: stage,
            selection: .named(references)
        )
        let verdict = when(.requestPromotion(request))
        guard case .events(let drafts) = verdict,
            case .promotionRequested(let event) = drafts[0].event
        else {
            Issue.record("not requested: \(verdict)", sourceLocation: sourceLocation)
            return PromotionName(unchecked: "none")
        }
        perform(event.request.name, ending: status)
        return event.request.name
    }

    /// Starts a promotion and finishes its steps, the last with `status`.
    mutating func perform(_ name: PromotionName, ending status: StepStatus = .succeeded) {
        when(.startPromotion(StartPromotion(project: Shop.project, promotion: name)))
        let plan = facts.promotionState(name, in: Shop.project).plan
        for index in plan.indices {
            let step = UInt64(index)
            let isLast = index == plan.count - 1
            when(
                .startStep(
                    StartStep(project: Shop.project, promotion: name, attempt: 1, step: step)
                )
            )
            when(
                .finishStep(
                    FinishStep(
                        project: Shop.project,
                        promotion: name,
                        attempt: 1,
                        step: step,
                        status: isLast ? status : .succeeded,
                        message: isLast && status != .succeeded ? "it did not work" : nil
                    )
                )
            )
        }
    }

    /// Carries out everything that the rules call for, and performs every promotion that waits
    /// for nobody, until nothing is left; refusals of proposals are defects, and so are proposals
    /// under an id that was used.
    mutating func settle(sourceLocation: SourceLocation = #_sourceLocation) {
        for _ in 0..<1000 {
            var isIdle = true
            for subject in subjects() {
                let next = nextSteps(for: subject)
                for promotion in next.running where !isWaiting(promotion) {
                    isIdle = false
                    continueRunning(promotion)
                }
                for proposal in next.commands {
                    let envelope = proposal.envelope()
                    let verdict = execute(envelope)
                    isIdle = false
                    // The ledger gives the receipt of the first command of an id, and does nothing.
                    if case .events = verdict, !accepted.insert(envelope.id).inserted {
                        Issue.record(
                            "\(envelope.id) was accepted before",
                            sourceLocation: sourceLocation
                        )
                        return
                    }
                    if case .refused(let refusal) = verdict {
                        Issue.record(
                            "proposed, yet refused: \(refusal)",
                            sourceLocation: sourceLocation
                        )
                        return
                    }
                }
            }
            if isIdle { return }
        }
        Issue.record("the rules never come to rest", sourceLocation: sourceLocation)
    }

    /// What comes next about `subject`.
    func nextSteps(for subject: Subject) -> NextSteps {
        do throws(FactsFailure) {
            return try NextStepsRule(facts: facts, project: Shop.project, now: now)
                .nextSteps(for: subject)
        } catch {
            preconditionFailure("dictionary facts do not fail, yet: \(error)")
        }
    }

    private func subjects() -> [Subject] {
        facts.warehouses(in: Shop.project).map { Subject.warehouse($0) }
            + facts.stages(in: Shop.project).map { Subject.stage($0) }
            + facts.junctions(in: Shop.project).map { Subject.junction($0) }
    }

    private func isWaiting(_ name: PromotionName) -> Bool {
        let awaited = facts.promotionState(name, in: Shop.project).awaited
        return awaited.map { $0.value == nil } ?? false
    }

    private mutating func continueRunning(_ name: PromotionName) {
        let state = facts.promotionState(name, in: Shop.project)
        for index in Int(state.currentStep)..<state.plan.count {
            let step = UInt64(index)
            when(
                .startStep(
                    StartStep(
                        project: Shop.project,
                        promotion: name,
                        attempt: state.attempt,
                        step: step
                    )
                )
            )
            when(
                .finishStep(
                    FinishStep(
                        project: Shop.project,
                        promotion: name,
                        attempt: state.attempt,
                        step: step,
                        status: .succeeded
                    )
                )
            )
        }
    }

    /// Fills slots of the junction, with named freight or as it selects.
    mutating func collect(_ freight: FreightID?..., by actor: String = "operator") {
        when(
            .collectFreight(
                CollectFreight(
                    project: Shop.project,
                    junction: Shop.release,
                    freight: freight.compactMap { $0?.rawValue }
                )
            ),
            by: actor
        )
    }

    /// Repackages what the junction holds.
    mutating func repackage(_ alias: String? = nil, by actor: String = "operator") {
        when(
            .repackage(Repackage(project: Shop.project, junction: Shop.release, alias: alias)),
            by: actor
        )
    }

    // MARK: - Then

    /// What the junction holds.
    var junction: JunctionState { facts.junctionState(Shop.release, in: Shop.project) }

    /// The freight in the slot of a warehouse.
    func slot(_ warehouse: WarehouseName) -> FreightID? {
        junction[origin: .warehouse(warehouse)]?.freight
    }

    /// The alias of freight.
    func alias(_ id: FreightID?) -> String {
        id.map { facts.freightStatus($0, in: Shop.project).alias } ?? ""
    }

    /// The drafts of the last command, if it made any.
    var drafts: [EventDraft] {
        if case .events(let drafts) = verdict { drafts } else { [] }
    }
    /// A command that a test builds on came to something else.
    struct Unexpected: Error {
        let verdict: Verdict
    }

    /// The freight of a warehouse that was made last.
    func newestFreight(of warehouse: WarehouseName) -> FreightID? {
        facts.freight(
            of: .warehouse(warehouse),
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 1
        ).first?.freight
    }

    /// The last event that was recorded.
    var lastEvent: Event? { events.last?.event }

    /// What a stage runs, as origin name → commit.
    func running(_ stage: StageName) -> [String: String] {
        let components = facts.stageState(stage, in: Shop.project).current?.components ?? []
        var running: [String: String] = [:]
        for component in components {
            let freight = facts.freight(component.freight, in: Shop.project)
            running[component.origin.name] = freight?.artifacts.first?.commit?.id
        }
        return running
    }

    /// The refusal of the last command, if it was refused.
    var refusal: Refusal? {
        if case .refused(let refusal) = verdict { refusal } else { nil }
    }

    /// The kinds of events that the last command made.
    var madeEvents: [EventType] {
        if case .events(let drafts) = verdict { drafts.map(\.event.type) } else { [] }
    }
}
