import EventLog
import Expressions
import PromotionModel

/// Commands about promotions and their steps.
extension CommandMaker {
    /// What somebody would do who wants to bring freight further: make a bundle where the slots
    /// are filled, or promote what is available and does not run yet.
    mutating func wayForward() -> Command? {
        if chance(40), let junction = names.junctions.randomElement(using: &random) {
            let spec = facts.junction(junction, in: project)?.spec
            let filled = Set(facts.junctionState(junction, in: project).slots.map(\.origin))
            let wanted = spec?.requestedFreight.filter { !$0.optional }.map(\.origin) ?? []
            if spec != nil, filled.isSuperset(of: wanted) {
                return .repackage(Repackage(project: project, junction: junction))
            }
            if chance(50) {
                return .collectFreight(CollectFreight(project: project, junction: junction))
            }
        }
        for stage in names.stages.shuffled(using: &random) {
            for request in facts.stage(stage, in: project)?.spec.requestedFreight ?? [] {
                guard let freight = availableFreight(of: request.origin, to: stage) else {
                    continue
                }
                return .requestPromotion(
                    RequestPromotion(
                        project: project,
                        stage: stage,
                        selection: .named([freight.rawValue]),
                        allowRegression: chance(30)
                    )
                )
            }
        }
        return nil
    }

    /// Freight of an origin that a stage could have and does not run.
    private mutating func availableFreight(of origin: Origin, to stage: StageName) -> FreightID? {
        let entries = facts.freight(
            of: origin,
            in: project,
            before: Position(rawValue: .max),
            limit: 5
        )
        let current = facts.stageState(stage, in: project).current?.carrier(of: origin)
        let rule = AvailabilityRule(facts: facts, project: project, now: now)
        for entry in entries.shuffled(using: &random) where entry.freight != current {
            guard let freight = facts.freight(entry.freight, in: project) else { continue }
            let availability = try? rule.availability(of: freight, to: .stage(stage))
            if availability?.isAvailable == true { return freight.id }
        }
        return nil
    }

    mutating func promotion() -> Command {
        let stage = someStage()
        return .requestPromotion(
            RequestPromotion(
                project: someProject(),
                stage: stage,
                selection: selection(for: stage),
                kind: pick([.manual, .manual, .automatic]),
                allowRegression: chance(50),
                now: chance(15),
                verifiedOnly: chance(30)
            )
        )
    }

    mutating func downstream() -> Command {
        .promoteDownstream(
            PromoteDownstream(
                project: someProject(),
                stage: someStage(),
                verifiedOnly: chance(50)
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
        if chance(1) { return .named([]) }
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
                partial: chance(40),
                allowsQuarantined: chance(20)
            )
        )
    }

    /// To somewhere, or to where the restore goes that is under way.
    mutating func restore() -> Command {
        let open = facts.projectState(project).restore?.to
        return .restoreProject(
            RestoreProject(
                project: someProject(),
                position: chance(20) ? open ?? somePosition() : somePosition(),
                partial: chance(60),
                allowsQuarantined: chance(30)
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
