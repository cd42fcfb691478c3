import EventLog
import Expressions
import PromotionModel

/// Commands about junctions, promotions and their steps.
extension CommandMaker {
    mutating func collection() -> Command {
        let count = pick([0, 0, 1, 1, 2])
        return .collectFreight(
            CollectFreight(
                project: someProject(),
                junction: someJunction(),
                freight: (0..<count).map { _ in someFreight() }
            )
        )
    }

    mutating func repackaging() -> Command {
        .repackage(
            Repackage(
                project: someProject(),
                junction: someJunction(),
                alias: pick([nil, nil, "train-\(random.next() % 20)", "candidate", "Not An Alias"])
            )
        )
    }

    mutating func promotion() -> Command {
        let stage = someStage()
        return .requestPromotion(
            RequestPromotion(
                project: someProject(),
                stage: stage,
                selection: selection(for: stage),
                kind: pick([.manual, .manual, .automatic]),
                allowRegression: chance(50)
            )
        )
    }

    private mutating func selection(for stage: StageName) -> FreightSelection {
        if chance(25) {
            return .from(someStage(), origin: chance(30) ? pick(names.origins) : nil)
        }
        // What would be taken, now and then; otherwise anything.
        let requests = facts.stage(stage, in: project)?.spec.requestedFreight ?? []
        if chance(60), let request = requests.randomElement(using: &random) {
            let entries = facts.freight(
                of: request.origin,
                in: project,
                before: Position(rawValue: .max),
                limit: 4
            )
            if let entry = entries.randomElement(using: &random) {
                return .named([entry.freight.rawValue])
            }
        }
        return .named((0..<pick([1, 1, 2, 3])).map { _ in someFreight() })
    }

    mutating func rollback() -> Command {
        let stage = someStage()
        let state = facts.stageState(stage, in: project)
        let targets: [RollbackTarget] = [
            .previous, .previous, .position(somePosition()), .freight(someFreight()),
            .collection(String((state.current?.id.rawValue ?? "00000000").prefix(pick([8, 4])))),
        ]
        return .rollBackStage(
            RollBackStage(
                project: someProject(),
                stage: stage,
                target: pick(targets),
                origin: chance(25) ? pick(names.origins) : nil,
                allowsQuarantined: chance(20)
            )
        )
    }

    mutating func start() -> Command {
        .startPromotion(StartPromotion(project: someProject(), promotion: somePromotion()))
    }

    mutating func takeover() -> Command {
        let promotion = somePromotion()
        let attempt = facts.promotionState(promotion, in: project).attempt
        return .takeOverPromotion(
            TakeOverPromotion(
                project: someProject(),
                promotion: promotion,
                attempt: chance(5) ? attempt + 1 : attempt
            )
        )
    }

    /// What a runner would report next about some promotion, if one waits or runs.
    mutating func runnerReport() -> Command? {
        if chance(25), let state = busyStage(isRunning: false), let first = state.pending.first {
            return .startPromotion(StartPromotion(project: project, promotion: first.name))
        }
        guard let name = busyStage(isRunning: true)?.running else { return nil }
        let state = facts.promotionState(name, in: project)
        let record = facts.step(state.currentStep, of: name, in: project)
        let hasStarted = record?.status == .running && record?.attempt == state.attempt
        return hasStarted ? stepFinish() : stepStart()
    }

    /// A promotion that runs, where one does.
    private mutating func runningPromotion() -> (name: PromotionName, state: PromotionState) {
        let name = busyStage(isRunning: true)?.running ?? somePromotion()
        return (name, facts.promotionState(name, in: project))
    }

    mutating func stepStart() -> Command {
        let (name, state) = runningPromotion()
        return .startStep(
            StartStep(
                project: someProject(),
                promotion: name,
                attempt: chance(2) ? state.attempt + 1 : state.attempt,
                step: chance(2) ? state.currentStep + 1 : state.currentStep
            )
        )
    }

    mutating func stepFinish() -> Command {
        let (name, state) = runningPromotion()
        let statuses: [StepStatus] = [
            .succeeded, .succeeded, .succeeded, .succeeded, .succeeded, .succeeded, .succeeded,
            .succeeded, .succeeded, .skipped, .failed, .errored,
        ]
        return .finishStep(
            FinishStep(
                project: someProject(),
                promotion: name,
                attempt: chance(2) ? state.attempt + 1 : state.attempt,
                step: chance(2) ? state.currentStep + 1 : state.currentStep,
                status: pick(statuses),
                message: chance(20) ? "it did not work" : nil,
                outputs: chance(1)
                    ? .string(String(repeating: "x", count: 70_000))
                    : ["step": .int(Int64(state.currentStep))]
            )
        )
    }

    mutating func abortion() -> Command {
        .abortPromotion(AbortPromotion(project: someProject(), promotion: somePromotion()))
    }

    mutating func resumption() -> Command {
        .resumeAutomation(
            ResumeAutomation(
                project: someProject(),
                stage: someStage(),
                origin: chance(30) ? pick(names.origins) : nil
            )
        )
    }
}
