import EventLog
import PromotionModel

/// Commands that report or write something down.
extension CommandMaker {
    mutating func report() -> Command {
        let stage = someStage()
        let ran = facts.collections(
            of: stage,
            in: project,
            before: Position(rawValue: .max),
            limit: 5
        )
        let promotion = ran.randomElement(using: &random)?.promotion ?? somePromotion()
        let id = facts.promotionState(promotion, in: project).collection?.id.rawValue ?? "0000000"
        let open = facts.stageState(stage, in: project).verification?.promotion
        let targets: [VerificationTarget] = [
            .open(in: nil), .open(in: stage), .promotion(promotion),
            .promotion(open ?? promotion), .promotion(open ?? promotion),
            .collection(String(id.prefix(pick([8, 64, 4]))), in: pick([nil, stage])),
        ]
        return .reportVerification(
            ReportVerification(
                project: someProject(),
                target: pick(targets),
                result: pick([.passed, .passed, .passed, .failed, .errored, .inconclusive]),
                evidence: pick([
                    nil, "https://ci.example.com/1", "https://ci.example.com/2",
                    "https://me:secret@ci.example.com/3",
                    chance(5) ? String(repeating: "x", count: 10_000) : "run 4",
                ]),
                message: chance(1)
                    ? String(repeating: "x", count: 10_000)
                    : chance(20) ? "two tests were slow" : nil
            )
        )
    }

    mutating func health() -> Command {
        .reportHealth(
            ReportHealth(
                project: someProject(),
                stage: someStage(),
                health: pick(Health.allCases),
                message: pick([nil, "one pod restarts"])
            )
        )
    }

    mutating func mode() -> Command {
        let isDriven = facts.projectState(project).mode == .drive
        // Few are observed, and not for long.
        let mode: ProjectMode = isDriven && chance(30) ? .observe : .drive
        return .setProjectMode(SetProjectMode(project: someProject(), mode: mode))
    }

    /// Of something that others need, mostly, or of what cannot be deleted.
    mutating func deletion() -> Command {
        let subjects: [Subject] = [
            .stage(someStage()), .stage(someStage()), .junction(someJunction()),
            .warehouse(someWarehouse()), chance(10) ? .project(project) : .stage(someStage()),
            chance(10) ? .promotion(somePromotion()) : .junction(someJunction()),
        ]
        // What nothing takes freight from can go.
        let last = names.stages.filter {
            facts.stage($0, in: project) != nil
                && facts.consumers(of: .stage($0), in: project).isEmpty
        }
        if chance(60), let stage = last.randomElement(using: &random) {
            return .deleteResource(DeleteResource(project: project, resource: .stage(stage)))
        }
        return .deleteResource(DeleteResource(project: someProject(), resource: pick(subjects)))
    }

    mutating func bookmark() -> Command {
        .setBookmark(
            SetBookmark(
                project: someProject(),
                name: pick(["train-47", "train-48", "before-release", "Not A Name"]),
                position: chance(40) ? nil : somePosition()
            )
        )
    }

    mutating func note() -> Command {
        let subjects: [Subject] = [
            .stage(someStage()), .junction(someJunction()), .warehouse(someWarehouse()),
            .promotion(somePromotion()), .project(project),
            .freight(FreightID(unchecked: someFreight())),
        ]
        return .recordNote(
            RecordNote(
                project: someProject(),
                subject: pick(subjects),
                text: chance(5) ? "" : "looked at it"
            )
        )
    }
}
