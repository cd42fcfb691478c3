package import EventLog
import Expressions
package import Ledger
import PromotionModel

/// Says in CDEvents what an event of the ledger says.
///
/// `docs/INTERCHANGE.md` has the table. One event may be several CDEvents, such as one for each
/// artifact that a promotion brought; most are none. The same event is always the same CDEvents.
package struct CDEventMapper {
    private let view: View
    private let ledger: LedgerID

    /// A mapper of events up to the moment of `view`.
    package init(_ view: View, ledger: LedgerID) {
        self.view = view
        self.ledger = ledger
    }

    /// The CDEvents of an event, in their order.
    package func events(of event: LedgerEvent) throws(LedgerError) -> [CDEvent] {
        // A redacted event says nothing more.
        guard let payload = event.event else { return [] }
        let draft = CDEventDraft(event, ledger)
        switch payload {
        case .artifactsDiscovered(let event):
            return draft.numbered(event.subscriptions.flatMap(\.found).map(found))
        case .freightCreated(let event): return draft.numbered([created(event)])
        case .freightRepackaged(let event): return draft.numbered([repackaged(event)])
        case .freightCollected(let event): return draft.numbered([collected(event)])
        case .slotEmptied(let event): return draft.numbered([emptied(event)])
        case .freightApproved(let event):
            return draft.numbered([decided("approved", event.freight, event.consumer)])
        case .approvalRevoked(let event):
            return draft.numbered([decided("revoked", event.freight, event.consumer)])
        case .freightQuarantined(let event):
            return draft.numbered([decided("quarantined", event.freight, nil)])
        case .quarantineLifted(let event):
            return draft.numbered([decided("released", event.freight, nil)])
        case .stageConfigured(let event): return draft.numbered([try configured(event, draft)])
        case .resourceRemoved(let event): return draft.numbered(removed(event))
        case .verificationFinished(let event): return try judged(event, draft)
        case .healthReported(let event): return draft.numbered(try reported(event, draft))
        case .promotionRequested(let event):
            return draft.chained(event.request.name, [queued(event, draft)])
        case .promotionStarted(let event): return try began(event, draft)
        case .promotionSucceeded(let event): return try succeeded(event, draft)
        case .promotionFailed(let event):
            return try ended(event.promotion, "failure", event.message, draft)
        case .promotionErrored(let event):
            return try ended(event.promotion, "error", event.message, draft)
        case .promotionAborted(let event):
            return try ended(event.promotion, "cancel", event.reason, draft)
        case .promotionSuperseded(let event):
            return try ended(event.promotion, "cancel", "superseded by \(event.by)", draft)
        case .projectConfigured, .warehouseConfigured, .junctionConfigured, .projectModeSet,
            .discoveryFailed, .discoveryRecovered, .freightAliased, .freightMetadataSet,
            .promotionTakenOver, .stepStarted, .stepFinished, .inputRequested, .inputGiven,
            .verificationStarted, .autoPromotionHeld, .autoPromotionResumed, .restoreRequested,
            .restoreFinished, .bookmarkSet, .noteRecorded, .clusterConfigured,
            .tokenIssued, .tokenRevoked, .roleGranted, .roleRevoked,
            .promotionTaskConfigured, .payloadRedacted, .ledgerRestored:
            return []
        }
    }

    // MARK: - Freight

    private func found(_ artifact: Artifact) -> CDEventDraft.Part {
        guard let commit = artifact.commit else {
            return .init("dev.cdevents.artifact.published.0.3.0", PackageURL.text(of: artifact))
        }
        return .init(
            "dev.cdevents.change.merged.0.3.0",
            commit.id,
            [("repository", ["id": .string(commit.repoURL)])]
        )
    }

    private func created(_ event: FreightCreated) -> CDEventDraft.Part {
        .init(
            "dev.cdeventsx.waybill-freight.created.0.1.0",
            event.freight.rawValue,
            [
                ("alias", .string(event.alias)), ("origin", Shape.origin(event.origin)),
                ("making", .string("\(event.making)")),
                (
                    "artifacts",
                    .array(event.artifacts.map { .string(PackageURL.text(of: $0)) })
                ),
            ]
        )
    }

    private func repackaged(_ event: FreightRepackaged) -> CDEventDraft.Part {
        .init(
            "dev.cdeventsx.waybill-freight.repackaged.0.1.0",
            event.freight.rawValue,
            [
                ("alias", .string(event.alias)), ("junction", .string(event.junction.rawValue)),
                ("constituents", .array(event.constituents.map { .string($0.freight.rawValue) })),
            ]
        )
    }

    private func collected(_ event: FreightCollected) -> CDEventDraft.Part {
        .init(
            "dev.cdeventsx.waybill-junction.collected.0.1.0",
            Subject.junction(event.junction).rawValue,
            [
                ("origin", Shape.origin(event.origin)),
                ("freight", .string(event.freight.rawValue)),
            ]
        )
    }

    private func emptied(_ event: SlotEmptied) -> CDEventDraft.Part {
        .init(
            "dev.cdeventsx.waybill-junction.emptied.0.1.0",
            Subject.junction(event.junction).rawValue,
            [
                ("origin", Shape.origin(event.origin)),
                ("freight", .string(event.freight.rawValue)),
            ]
        )
    }

    private func decided(
        _ predicate: String,
        _ freight: FreightID,
        _ consumer: Subject?
    ) -> CDEventDraft.Part {
        .init(
            "dev.cdeventsx.waybill-freight.\(predicate).0.1.0",
            freight.rawValue,
            [("for", Shape.text(consumer?.rawValue))]
        )
    }

    // MARK: - Stages

    private func configured(
        _ event: StageConfigured,
        _ draft: CDEventDraft
    ) throws(LedgerError) -> CDEventDraft.Part {
        let row = try view.ask { facts throws(FactsFailure) in
            try facts.asOf(draft.header.position).stage(event.stage, in: draft.project)
        }
        let isNew = row?.incarnation == draft.header.position
        return .init(
            "dev.cdevents.environment.\(isNew ? "created" : "modified").0.3.0",
            event.stage.rawValue,
            [("name", .string(event.stage.rawValue))]
        )
    }

    private func removed(_ event: ResourceRemoved) -> [CDEventDraft.Part] {
        guard event.resource.kind == .stage else { return [] }
        let name = event.resource.name
        return [
            .init(
                "dev.cdevents.environment.deleted.0.3.0",
                name,
                [("name", .string(name))]
            )
        ]
    }

    /// A verification that somebody looked at.
    private func judged(
        _ event: VerificationFinished,
        _ draft: CDEventDraft
    ) throws(LedgerError) -> [CDEvent] {
        guard !event.implicit, !event.assumed else { return [] }
        let outcome =
            switch event.result {
            case .successful: "success"
            case .failed: "failure"
            case .errored, .inconclusive: "error"
            case .aborted: "cancel"
            }
        let promotion = try promotion(event.promotion, in: draft.project)
        let part = CDEventDraft.Part(
            "dev.cdevents.testsuiterun.finished.0.3.0",
            // A promotion may be verified more than once.
            "\(event.promotion)/verification/\(draft.header.position.rawValue)",
            [
                ("outcome", .string(outcome)), CDEventDraft.environment(event.stage),
                ("reason", Shape.text(event.message ?? event.reason)),
            ]
        )
        return draft.chained(event.promotion, [part], from: promotion.requested)
    }

    // MARK: - Incidents

    /// Being unhealthy is an incident; it is over with the next report that is not.
    private func reported(
        _ event: HealthReported,
        _ draft: CDEventDraft
    ) throws(LedgerError) -> [CDEventDraft.Part] {
        let before = try incident(event.stage, before: draft)
        if event.health != .unhealthy {
            return before.map { [resolved($0, event.stage, event.message)] } ?? []
        }
        guard before == nil else { return [] }
        return [
            .init(
                "dev.cdevents.incident.detected.0.3.0",
                Self.incident(event.stage, since: draft.header.recorded),
                [("description", Shape.text(event.message)), CDEventDraft.environment(event.stage)]
            )
        ]
    }

    private func resolved(
        _ incident: String,
        _ stage: StageName,
        _ message: String?
    ) -> CDEventDraft.Part {
        .init(
            "dev.cdevents.incident.resolved.0.3.0",
            incident,
            [("description", Shape.text(message)), CDEventDraft.environment(stage)]
        )
    }

    /// The incident that there was in a stage before an event; nil if there was none.
    private func incident(
        _ stage: StageName,
        before draft: CDEventDraft
    ) throws(LedgerError) -> String? {
        let before = try view.ask { facts throws(FactsFailure) in
            try facts.asOf(Position(rawValue: draft.header.position.rawValue - 1))
                .stageState(stage, in: draft.project)
        }
        guard before.health == .unhealthy, let since = before.healthSince else { return nil }
        return Self.incident(stage, since: since)
    }

    private static func incident(_ stage: StageName, since: Timestamp) -> String {
        "incident/\(stage)/\(since.text)"
    }

    // MARK: - Promotions

    private func queued(
        _ event: PromotionRequested,
        _ draft: CDEventDraft
    ) -> CDEventDraft.Part {
        .init(
            "dev.cdevents.pipelinerun.queued.0.3.0",
            event.request.name.rawValue,
            [
                ("pipelineName", .string(event.request.stage.rawValue)),
                draft.uri(event.request.name),
            ]
        )
    }

    private func began(
        _ event: PromotionStarted,
        _ draft: CDEventDraft
    ) throws(LedgerError) -> [CDEvent] {
        let promotion = try promotion(event.promotion, in: draft.project)
        let part = CDEventDraft.Part(
            "dev.cdevents.pipelinerun.started.0.3.0",
            event.promotion.rawValue,
            [("pipelineName", .string(event.stage.rawValue)), draft.uri(event.promotion)]
        )
        return draft.chained(event.promotion, [part], from: promotion.requested)
    }

    /// What a stage runs from now on, an event for each artifact of each component that differs.
    private func succeeded(
        _ event: PromotionSucceeded,
        _ draft: CDEventDraft
    ) throws(LedgerError) -> [CDEvent] {
        let promotion = try promotion(event.promotion, in: draft.project)
        let state = try view.ask { facts throws(FactsFailure) in
            try facts.asOf(draft.header.position).promotionState(event.promotion, in: draft.project)
        }
        var parts = [finished(event.promotion, promotion.stage, "success", nil, draft)]
        for change in state.changes where change.kind != .unchanged {
            parts += try services(change, promotion, draft)
        }
        // What was said of health was about what ran before.
        if let incident = try incident(promotion.stage, before: draft) {
            parts.append(resolved(incident, promotion.stage, nil))
        }
        return draft.chained(event.promotion, parts, from: promotion.requested)
    }

    private func services(
        _ change: ComponentChange,
        _ promotion: Promotion,
        _ draft: CDEventDraft
    ) throws(LedgerError) -> [CDEventDraft.Part] {
        let environment = CDEventDraft.environment(promotion.stage)
        let service = "\(promotion.stage)/\(change.origin.name)"
        guard let id = change.to else {
            return [.init("dev.cdevents.service.removed.0.3.0", service, [environment])]
        }
        let freight = try view.ask { facts throws(FactsFailure) in
            try facts.freight(id, in: draft.project)
        }
        let predicate =
            switch promotion.kind {
            case _ where change.from == nil: "deployed"
            case .rollback, .restore: "rolledback"
            case .manual, .automatic: "upgraded"
            }
        return (freight?.artifacts ?? []).map { artifact in
            .init(
                "dev.cdevents.service.\(predicate).0.3.0",
                service,
                [environment, ("artifactId", .string(PackageURL.text(of: artifact)))]
            )
        }
    }

    private func ended(
        _ name: PromotionName,
        _ outcome: String,
        _ message: String?,
        _ draft: CDEventDraft
    ) throws(LedgerError) -> [CDEvent] {
        let promotion = try promotion(name, in: draft.project)
        let part = finished(name, promotion.stage, outcome, message, draft)
        return draft.chained(name, [part], from: promotion.requested)
    }

    private func finished(
        _ promotion: PromotionName,
        _ stage: StageName,
        _ outcome: String,
        _ message: String?,
        _ draft: CDEventDraft
    ) -> CDEventDraft.Part {
        .init(
            "dev.cdevents.pipelinerun.finished.0.3.0",
            promotion.rawValue,
            [
                ("pipelineName", .string(stage.rawValue)), ("outcome", .string(outcome)),
                ("errors", Shape.text(message)), draft.uri(promotion),
            ]
        )
    }

    private func promotion(
        _ name: PromotionName,
        in project: ProjectName
    ) throws(LedgerError) -> Promotion {
        try view.ask { facts throws(FactsFailure) in
            guard let promotion = try facts.promotion(name, in: project) else {
                throw .inconsistent("promotion \(name) has events but is not there")
            }
            return promotion
        }
    }
}
