import EventLog
import PromotionModel
import Testing

extension Shop {
    /// These resources, where `stage` names an analysis template and so waits for a report.
    static func verifying(
        _ stage: StageName,
        in resources: [Resource],
        blocking: Bool = true,
        external: ExternalVerification = .wait
    ) -> [Resource] {
        var verification = VerificationSpec()
        verification.templates = ["smoke"]
        verification.blocking = blocking
        verification.external = external
        return resources.map { resource in
            guard case .stage(stage, var spec) = resource.specification else { return resource }
            spec.verification = verification
            return Self.resource(.stage(stage, spec))
        }
    }

    /// dev, which takes two warehouses directly, and uat, which takes them from dev.
    static var pair: [Resource] {
        [resource(.project)]
            + [payments, web].map { resource(.warehouse($0, warehouse($0))) }
            + [
                resource(.stage(dev, stage([direct(payments), direct(web)]))),
                resource(.stage(uat, stage([from(dev, payments), from(dev, web)]))),
            ]
    }
}

extension World {
    /// Reports a result; returns what came of it.
    @discardableResult
    mutating func report(
        _ result: ReportedResult,
        of target: VerificationTarget = .open(in: nil),
        evidence: String? = nil,
        message: String? = nil,
        reason: String? = nil
    ) -> Verdict {
        when(
            .reportVerification(
                ReportVerification(
                    project: Shop.project,
                    target: target,
                    result: result,
                    evidence: evidence,
                    message: message
                )
            ),
            reason: reason
        )
    }

    /// Reports a result about what a stage runs now.
    mutating func report(_ result: ReportedResult, about stage: StageName) {
        let state = facts.stageState(stage, in: Shop.project)
        report(result, of: .promotion(state.currentPromotion ?? PromotionName(unchecked: "none")))
    }

    /// Makes freight of a commit and promotes it to a stage; the freight and the promotion.
    @discardableResult
    mutating func givenPromoted(
        _ warehouse: WarehouseName,
        commit: String,
        to stage: StageName = Shop.dev
    ) -> (freight: FreightID, promotion: PromotionName) {
        let freight = givenFreight(warehouse, commit: commit)
        return (freight, givenPromotion(of: [freight.rawValue], to: stage))
    }

    /// Deletes a stage and configures it again as it was: another incarnation of it.
    mutating func givenMadeAnew(_ stage: StageName) {
        guard let spec = facts.stage(stage, in: Shop.project)?.spec else { return }
        var removal = ResourceRemoved()
        removal.resource = .stage(stage)
        given(.resourceRemoved(removal), about: .stage(stage))
        given([Shop.resource(.stage(stage, spec))])
    }

    /// The stages in which freight counts as verified.
    func verified(_ freight: FreightID) -> [StageName] {
        facts.freightStatus(freight, in: Shop.project).verified.map(\.stage)
    }

    /// The stages in which its verification was withdrawn.
    func withdrawn(_ freight: FreightID) -> [StageName] {
        facts.freightStatus(freight, in: Shop.project).withdrawn.map(\.stage)
    }

    /// Whether freight is available to a stage now, or why not.
    func availability(of freight: FreightID, to stage: StageName) -> Availability? {
        guard let core = facts.freight(freight, in: Shop.project) else { return nil }
        return try? AvailabilityRule(facts: facts, project: Shop.project, now: now)
            .availability(of: core, to: .stage(stage))
    }

    /// The last verification of what a promotion made its stage run.
    func record(of promotion: PromotionName) -> VerificationRecord? {
        facts.promotionState(promotion, in: Shop.project).verification
    }
}
