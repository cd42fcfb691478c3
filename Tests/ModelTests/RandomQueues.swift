import EventLog
import Expressions
import PromotionModel
import Testing

/// What is so of every queue and every restore after every command of a long random history.
@Suite struct RandomQueues {
    @Test(arguments: 1...4)
    func `queues and restores are never left in between`(run: UInt64) {
        let seed = UInt64.random(in: 1...1_000_000) &+ run &* 1_000_003
        var world = World()
        world.given(Shop.resources)
        var history = RandomHistory(seed: seed)
        var generator = SeededGenerator(seed: seed &+ 1)
        for index in 0..<1000 {
            world.wait(minutes: abs(history.pauseMinutes()))
            switch Int.random(in: 0..<10, using: &generator) {
            case ..<3: world.when(history.command(world.facts))
            case ..<5: follow(&world, &generator)
            default: advance(&world, &generator)
            }
            for stage in [Shop.dev, Shop.uat, Shop.prod] {
                let problem = problem(of: stage, in: world)
                #expect(problem == nil, "seed \(seed), command \(index), stage \(stage)")
                if problem != nil { return }
            }
            let problem = problemOfRestore(in: world)
            #expect(problem == nil, "seed \(seed), command \(index)")
            if problem != nil { return }
        }
        // Otherwise the rules above were hardly tried.
        let succeeded = world.events.count { $0.event.type == .promotionSucceeded }
        #expect(succeeded > 0, "seed \(seed)")
    }

    /// Gives a command that the rules call for, if they call for any.
    private func follow(_ world: inout World, _ generator: inout SeededGenerator) {
        let proposals = world.allSubjects.flatMap { world.nextSteps(for: $0).commands }
        guard let proposal = proposals.randomElement(using: &generator) else { return }
        world.when(proposal.command, by: "automation", because: proposal.because)
    }

    /// Lets the promotion of some stage begin, go on, wait, be given something, or end.
    private func advance(_ world: inout World, _ generator: inout SeededGenerator) {
        let state = world.stageState(
            [Shop.dev, Shop.uat, Shop.prod].randomElement(using: &generator) ?? Shop.dev
        )
        guard let name = state.running else {
            guard let first = state.pending.first else { return }
            world.when(
                .startPromotion(StartPromotion(project: Shop.project, promotion: first.name))
            )
            return
        }
        let index = world.promotionState(name).currentStep
        let dice = Int.random(in: 0..<20, using: &generator)
        let record = world.facts.step(index, of: name, in: Shop.project)
        if record?.status != .running {
            world.when(.startStep(world.step(index, of: name)))
        } else if dice == 0 {
            world.when(
                .takeOverPromotion(
                    TakeOverPromotion(
                        project: Shop.project,
                        promotion: name,
                        attempt: world.promotionState(name).attempt
                    )
                )
            )
        } else if dice < 5 {
            world.when(.requestInput(world.wait(index, of: name)))
        } else if dice < 7 {
            world.when(
                .giveInput(GiveInput(project: Shop.project, promotion: name, value: .bool(true)))
            )
        } else {
            world.when(
                .finishStep(
                    world.finish(
                        index,
                        of: name,
                        status: dice == 7 ? .failed : .succeeded,
                        hasTakenEffect: dice == 8
                    )
                )
            )
        }
    }

    /// What contradicts the rules of queues on one stage.
    private func problem(of stage: StageName, in world: World) -> String? {
        let state = world.stageState(stage)
        let places = state.pending.map { PromotionPlace($0) }
        guard places == places.sorted() else { return "out of order: \(state.pending)" }
        guard Set(state.holds.map(\.origin)).count == state.holds.count else {
            return "an origin is held twice"
        }
        let known = Set(state.pending.map(\.name) + [state.running].compactMap { $0 })
        let entries = world.facts.promotions(
            of: stage,
            in: Shop.project,
            before: Position(rawValue: .max),
            limit: .max
        )
        for entry in entries {
            let promotion = world.promotionState(entry.promotion)
            if promotion.phase.isTerminal == known.contains(entry.promotion) {
                return "\(entry.promotion) is \(promotion.phase)"
            }
            let isRunning = state.running == entry.promotion
            if isRunning != (promotion.phase == .running) {
                return "\(entry.promotion) is \(promotion.phase), running \(isRunning)"
            }
            if promotion.phase != .running, promotion.awaited != nil {
                return "\(entry.promotion) has ended and waits"
            }
        }
        return nil
    }

    /// What contradicts the rules of restores.
    private func problemOfRestore(in world: World) -> String? {
        guard let restore = world.facts.projectState(Shop.project).restore else { return nil }
        let open = restore.items.filter {
            !world.promotionState($0.promotion).phase.isTerminal
        }
        if open.isEmpty { return "the restore of \(restore.position) has no end" }
        let running = open.filter { world.promotionState($0.promotion).phase == .running }
        let level = open.map(\.level).min() ?? 0
        if running.contains(where: { $0.level > level }) { return "a stage started too early" }
        return nil
    }
}
