import EventLog

extension Decider {
    /// Asks for a promotion.
    ///
    /// Refuses, in this order: unknown project or stage; a control-flow stage; no freight
    /// named; freight that no reference names, or not clearly; nothing to take from an
    /// upstream stage; an origin that the stage does not request; two pieces of freight for one
    /// origin; freight that is not available; a regression.
    func decide(_ command: RequestPromotion) throws(Stop) -> [EventDraft] {
        let spec = try stageSpec(command.stage, in: command.project)
        if spec.isControlFlow { throw .refused(.stageIsControlFlow(command.stage)) }
        let selected = try selectedFreight(command, spec: spec)
        return try requests(selected, command, spec: spec, at: moment.next)
    }

    /// The events that ask for a promotion of what was selected; the first is that at `position`.
    func requests(
        _ selected: SelectedFreight,
        _ command: RequestPromotion,
        spec: StageSpec,
        isDownstream: Bool = false,
        at position: Position
    ) throws(Stop) -> [EventDraft] {
        let freight = selected.freight
        try requireDistinctOrigins(freight, stage: command.stage, spec: spec)
        for piece in freight {
            try requireAvailable(piece, to: .stage(command.stage), in: command.project)
        }
        let state = try stageState(command.stage, in: command.project)
        if !command.allowRegression {
            try requireNoRegression(freight, state: state, in: command.project)
        }
        var request = Promotion()
        request.name = promotionName(
            command.stage,
            suffix: freight.first?.id.short ?? "",
            at: position
        )
        request.stage = command.stage
        request.freight = freight.map(\.id)
        request.kind = command.kind
        request.vars = spec.vars
        request.templateVars = spec.templateVars
        request.steps = try steps(of: spec, in: command.project)
        request.now = command.now
        request.allowsRegression = command.allowRegression
        var drafts = [
            requested(request, selected, isDownstream: isDownstream, in: command.project)
        ]
        if command.kind == .manual {
            drafts += try holds(freight, request: request, spec: spec, in: command.project)
        }
        drafts += supersededAsOlder(
            Set(freight.map(\.origin)),
            by: request,
            spec: spec,
            state: state,
            in: command.project
        )
        drafts += try supersededWaiting(by: request, freight, state: state, in: command.project)
        return drafts
    }

    /// The event that asks for `request`.
    func requested(
        _ request: Promotion,
        _ selected: SelectedFreight = SelectedFreight(),
        isDownstream: Bool = false,
        in project: ProjectName
    ) -> EventDraft {
        var event = PromotionRequested()
        event.request = request
        event.reason = envelope.reason
        event.because = envelope.because
        event.from = selected.from
        event.dropped = selected.dropped
        event.isDownstream = isDownstream
        return EventDraft(
            project: project,
            subject: .promotion(request.name),
            event: .promotionRequested(event)
        )
    }

    /// The name of a promotion that the event at `position` asks for.
    func promotionName(
        _ stage: StageName,
        suffix: String,
        at position: Position
    ) -> PromotionName {
        .name(stage: stage, at: moment.recorded, position: position, suffix: suffix)
    }

    private func requireDistinctOrigins(
        _ freight: [Freight],
        stage: StageName,
        spec: StageSpec
    ) throws(Stop) {
        var leaves: Set<Origin> = []
        for piece in freight {
            guard spec.requestedFreight.contains(where: { $0.origin == piece.origin }) else {
                throw .refused(.originNotRequested(piece.origin, by: .stage(stage)))
            }
            for leaf in piece.leaves where !leaves.insert(leaf.origin).inserted {
                throw .refused(.severalFreightOfOrigin(leaf.origin))
            }
        }
    }

    /// Refuses with every reason if `freight` is not available to `consumer`.
    func requireAvailable(
        _ freight: Freight,
        to consumer: Consumer,
        in project: ProjectName
    ) throws(Stop) {
        let rule = availabilityRule(in: project)
        let availability = try ask { _ throws(FactsFailure) in
            try rule.availability(of: freight, to: consumer)
        }
        guard case .unavailable(let unmet) = availability else { return }
        let name = try displayName(freight.id, in: project)
        throw .refused(
            .freightNotAvailable(
                freight: name,
                to: consumer.subject,
                why: unmet.sentence(freight: name, to: consumer.subject)
            )
        )
    }

    /// Refuses freight that would replace what another origin put in with something made earlier.
    func requireNoRegression(
        _ freight: [Freight],
        state: StageState,
        in project: ProjectName
    ) throws(Stop) {
        for piece in freight {
            let regression = try ask { facts throws(FactsFailure) in
                try facts.regression(of: piece, in: state, of: project)
            }
            guard let regression else { continue }
            throw .refused(
                .regression(
                    component: regression.component,
                    runs: try displayName(regression.runs, in: project),
                    would: try displayName(regression.would, in: project)
                )
            )
        }
    }

    /// Holds for what was chosen against automation, resumption for what agrees with it.
    private func holds(
        _ freight: [Freight],
        request: Promotion,
        spec: StageSpec,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let state = try stageState(request.stage, in: project)
        let rule = candidateRule(in: project)
        var drafts: [EventDraft] = []
        var held: Set<Origin> = []
        for piece in freight {
            guard let wanted = spec.requestedFreight.first(where: { $0.origin == piece.origin })
            else { continue }
            let candidate = try ask { _ throws(FactsFailure) in
                try rule.candidate(
                    for: wanted,
                    of: .stage(request.stage),
                    selection: wanted.selection
                ).freight
            }
            let isHeld = state.holds.contains { $0.origin == piece.origin }
            if candidate?.id == piece.id {
                guard isHeld else { continue }
                drafts.append(resumed(piece.origin, by: request, in: project))
            } else {
                held.insert(piece.origin)
                drafts.append(self.held(piece.origin, by: request, in: project))
            }
        }
        return drafts
            + superseded(of: held, by: request, .choice, state: state, in: project)
    }

    /// The event that holds automation for `origin`.
    func held(_ origin: Origin, by request: Promotion, in project: ProjectName) -> EventDraft {
        var event = AutoPromotionHeld()
        event.stage = request.stage
        event.origin = origin
        event.promotion = request.name
        return EventDraft(
            project: project,
            subject: .stage(request.stage),
            event: .autoPromotionHeld(event)
        )
    }

    private func resumed(
        _ origin: Origin,
        by request: Promotion,
        in project: ProjectName
    ) -> EventDraft {
        var event = AutoPromotionResumed()
        event.stage = request.stage
        event.origin = origin
        event.promotion = request.name
        return EventDraft(
            project: project,
            subject: .stage(request.stage),
            event: .autoPromotionResumed(event)
        )
    }

    /// Lets automation go on.
    ///
    /// Refuses, in this order: unknown project or stage; an origin that the stage does not
    /// request; nothing held.
    func decide(_ command: ResumeAutomation) throws(Stop) -> [EventDraft] {
        let spec = try stageSpec(command.stage, in: command.project)
        let state = try stageState(command.stage, in: command.project)
        if let origin = command.origin,
            !spec.requestedFreight.contains(where: { $0.origin == origin })
        {
            throw .refused(.originNotRequested(origin, by: .stage(command.stage)))
        }
        let holds = state.holds.filter { command.origin == nil || $0.origin == command.origin }
        guard !holds.isEmpty else { throw .refused(.nothingHeld(command.stage)) }
        return holds.map { hold in
            var event = AutoPromotionResumed()
            event.stage = command.stage
            event.origin = hold.origin
            event.reason = envelope.reason
            return EventDraft(
                project: command.project,
                subject: .stage(command.stage),
                event: .autoPromotionResumed(event)
            )
        }
    }
}
