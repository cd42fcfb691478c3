import EventLog
import Expressions
import PromotionModel

/// A generator of numbers that gives the same ones for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Makes up commands of all kinds, sensible ones and others, from what there is.
struct RandomHistory {
    var generator: SeededGenerator
    private var commitCount = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Minutes to wait before the next command; sometimes the clock steps back.
    mutating func pauseMinutes() -> Int64 {
        Int64.random(in: -2...20, using: &generator)
    }

    /// The next command.
    mutating func command(_ facts: DictionaryFacts) -> Command {
        switch Int.random(in: 0..<100, using: &generator) {
        case ..<4: return apply()
        case ..<16: return discovery()
        case ..<28:
            return .createFreight(
                CreateFreight(project: Shop.project, warehouse: pick(Shop.warehouses))
            )
        case ..<30:
            return .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: Shop.project,
                    warehouse: pick(Shop.warehouses),
                    message: pick(["no network", "no such branch"])
                )
            )
        case ..<36: return collect(facts)
        case ..<41:
            return .repackage(Repackage(project: Shop.project, junction: Shop.release))
        case ..<55: return request(facts)
        case ..<60: return rollBack(facts)
        case ..<63:
            return .resumeAutomation(
                ResumeAutomation(project: Shop.project, stage: pick(stages))
            )
        case ..<66: return abort(facts)
        case ..<71: return report(facts)
        case ..<76: return mark(facts)
        default: return progress(facts)
        }
    }

    let stages = [Shop.dev, Shop.uat, Shop.prod]

    mutating func pick<T>(_ items: [T]) -> T {
        items[Int.random(in: items.indices, using: &generator)]
    }

    private mutating func apply() -> Command {
        var resources = Shop.resources
        if Bool.random(using: &generator) {
            let minutes = Int64.random(in: 0...30, using: &generator)
            var uat = Shop.stage(
                Shop.warehouses.map { Shop.from(Shop.dev, $0, soakMinutes: minutes) }
            )
            uat.verification = verification()
            resources.removeAll {
                if case .stage(Shop.uat, _) = $0.specification { true } else { false }
            }
            resources.append(Shop.resource(.stage(Shop.uat, uat)))
        }
        return .applyManifests(ApplyManifests(resources: resources))
    }

    /// Mostly one that waits for reports, so that there is something to report.
    private mutating func verification() -> VerificationSpec? {
        guard Int.random(in: 0..<4, using: &generator) > 0 else { return nil }
        var verification = VerificationSpec()
        verification.templates = ["smoke"]
        verification.blocking = Bool.random(using: &generator)
        verification.external = pick([.wait, .wait, .assume])
        return verification
    }

    private mutating func report(_ facts: DictionaryFacts) -> Command {
        let stage = pick(stages)
        let history = facts.collections(
            of: stage,
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 5
        )
        let promotion = history.isEmpty ? anyPromotion(facts) : pick(history).promotion
        let state = facts.promotionState(promotion, in: Shop.project)
        let id = state.collection?.id.rawValue ?? "0000000"
        let target: VerificationTarget = pick([
            .open(in: nil), .open(in: nil), .open(in: stage), .promotion(promotion),
            .promotion(promotion), .collection(String(id.prefix(8)), in: pick([nil, stage])),
        ])
        return .reportVerification(
            ReportVerification(
                project: Shop.project,
                target: target,
                result: pick([.passed, .passed, .passed, .failed, .errored, .inconclusive]),
                evidence: pick([nil, "run 1", "run 2"])
            )
        )
    }

    private mutating func discovery() -> Command {
        commitCount += 1
        let number = Bool.random(using: &generator) ? commitCount : max(1, commitCount - 3)
        let warehouse = pick(Shop.warehouses)
        return .recordDiscovery(Shop.discovery(of: warehouse, commit: "\(warehouse)-\(number)"))
    }

    mutating func anyFreight(_ facts: DictionaryFacts) -> String {
        let origins = Shop.warehouses.map { Origin.warehouse($0) } + [.junction(Shop.release)]
        let entries = facts.freight(
            of: pick(origins),
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: 4
        )
        guard !entries.isEmpty else { return "no-such-freight" }
        let id = pick(entries).freight
        let status = facts.freightStatus(id, in: Shop.project)
        return pick([id.rawValue, status.alias, String(id.rawValue.prefix(10))])
    }

    private mutating func collect(_ facts: DictionaryFacts) -> Command {
        let freight = Bool.random(using: &generator) ? [] : [anyFreight(facts)]
        return .collectFreight(
            CollectFreight(project: Shop.project, junction: Shop.release, freight: freight)
        )
    }

    private mutating func request(_ facts: DictionaryFacts) -> Command {
        let selection: FreightSelection =
            Int.random(in: 0..<4, using: &generator) == 0
            ? .from(pick(stages), origin: nil)
            : .named((0...Int.random(in: 0...1, using: &generator)).map { _ in anyFreight(facts) })
        return .requestPromotion(
            RequestPromotion(
                project: Shop.project,
                stage: pick(stages),
                selection: selection,
                kind: pick([.manual, .automatic]),
                allowRegression: Bool.random(using: &generator)
            )
        )
    }

    private mutating func rollBack(_ facts: DictionaryFacts) -> Command {
        let head = max(1, facts.position.rawValue)
        let target: RollbackTarget = pick([
            .previous,
            .position(Position(rawValue: UInt64.random(in: 1...head, using: &generator))),
            .freight(anyFreight(facts)),
        ])
        return .rollBackStage(
            RollBackStage(project: Shop.project, stage: pick(stages), target: target)
        )
    }

    private mutating func anyPromotion(_ facts: DictionaryFacts) -> PromotionName {
        let state = facts.stageState(pick(stages), in: Shop.project)
        let names = [state.running].compactMap { $0 } + state.pending.map(\.name)
        return names.isEmpty ? PromotionName(unchecked: "none") : pick(names)
    }

    private mutating func abort(_ facts: DictionaryFacts) -> Command {
        .abortPromotion(
            AbortPromotion(project: Shop.project, promotion: anyPromotion(facts))
        )
    }

    /// The next thing that a runner would report about some promotion, mostly.
    private mutating func progress(_ facts: DictionaryFacts) -> Command {
        let name = anyPromotion(facts)
        let state = facts.promotionState(name, in: Shop.project)
        guard state.phase == .running else {
            return .startPromotion(StartPromotion(project: Shop.project, promotion: name))
        }
        if Int.random(in: 0..<20, using: &generator) == 0 {
            return .takeOverPromotion(
                TakeOverPromotion(
                    project: Shop.project,
                    promotion: name,
                    attempt: state.attempt
                )
            )
        }
        let step = state.currentStep
        let record = facts.step(step, of: name, in: Shop.project)
        guard record?.status == .running else {
            return .startStep(
                StartStep(
                    project: Shop.project,
                    promotion: name,
                    attempt: state.attempt,
                    step: step
                )
            )
        }
        let statuses: [StepStatus] = [
            .succeeded, .succeeded, .succeeded, .succeeded, .succeeded, .skipped, .failed, .errored,
        ]
        return .finishStep(
            FinishStep(
                project: Shop.project,
                promotion: name,
                attempt: state.attempt,
                step: step,
                status: pick(statuses),
                outputs: ["step": .int(Int64(step))]
            )
        )
    }
}
