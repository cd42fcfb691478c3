import EventLog
import Expressions
import PromotionModel

/// What runners report, and what people give to steps that wait.
extension CommandMaker {
    /// What a runner would report next about some promotion, if one waits or runs.
    mutating func runnerReport() -> Command? {
        if chance(25), let state = busyStage(isRunning: false), let first = state.pending.first {
            return .startPromotion(StartPromotion(project: project, promotion: first.name))
        }
        guard let name = busyStage(isRunning: true)?.running else { return nil }
        let state = facts.promotionState(name, in: project)
        let record = facts.step(state.currentStep, of: name, in: project)
        let hasStarted = record?.status == .running && record?.attempt == state.attempt
        guard hasStarted else { return stepStart() }
        if state.awaited != nil, chance(40) { return input() }
        return chance(15) ? inputRequest() : stepFinish()
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

    /// One that was superseded after it had started: its runner may still report.
    private func supersededPromotion() -> (name: PromotionName, state: PromotionState)? {
        for stage in names.stages {
            let entries = facts.promotions(
                of: stage,
                in: project,
                before: Position(rawValue: .max),
                limit: 4
            )
            for entry in entries {
                let state = facts.promotionState(entry.promotion, in: project)
                if state.phase == .superseded, state.startedAt != nil {
                    return (entry.promotion, state)
                }
            }
        }
        return nil
    }

    mutating func stepFinish() -> Command {
        let superseded = chance(10) ? supersededPromotion() : nil
        let (name, state) = superseded ?? runningPromotion()
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
                    : ["step": .int(Int64(state.currentStep))],
                hasTakenEffect: chance(superseded == nil ? 20 : 80)
            )
        )
    }

    mutating func inputRequest() -> Command {
        let (name, state) = runningPromotion()
        return .requestInput(
            RequestInput(
                project: someProject(),
                promotion: name,
                attempt: chance(2) ? state.attempt + 1 : state.attempt,
                step: chance(2) ? state.currentStep + 1 : state.currentStep,
                message: chance(1)
                    ? String(repeating: "x", count: 5000) : pick(["a review", "the merge"]),
                url: pick([nil, "https://git.example.com/pulls/7"])
            )
        )
    }

    mutating func input() -> Command {
        let (name, state) = runningPromotion()
        return .giveInput(
            GiveInput(
                project: someProject(),
                promotion: name,
                step: chance(30) ? state.currentStep : nil,
                value: chance(2)
                    ? .string(String(repeating: "x", count: 70_000)) : .bool(chance(80))
            )
        )
    }
}
