import EventLog

extension Decider {
    /// Asks for a promotion.
    ///
    /// Refuses, in this order: unknown project or stage; a control-flow stage; freight that no
    /// reference names, or not clearly; nothing to take from an upstream stage; an origin that
    /// the stage does not request; two pieces of freight for one origin; freight that is not
    /// available; a regression.
    func decide(_ command: RequestPromotion) throws(Stop) -> [EventDraft] {
        let spec = try stageSpec(command.stage, in: command.project)
        if spec.isControlFlow { throw .refused(.stageIsControlFlow(command.stage)) }
        let freight = try selectedFreight(command, spec: spec)
        try requireDistinctOrigins(freight, stage: command.stage, spec: spec)
        for piece in freight {
            try requireAvailable(piece, to: .stage(command.stage), in: command.project)
        }
        let state = try stageState(command.stage, in: command.project)
        if !command.allowRegression {
            try requireNoRegression(freight, state: state, in: command.project)
        }
        let name = promotionName(command.stage, suffix: freight.first?.id.short ?? "")
        var request = Promotion()
        request.name = name
        request.stage = command.stage
        request.freight = freight.map(\.id)
        request.kind = command.kind
        request.vars = spec.vars
        request.templateVars = spec.templateVars
        request.steps = spec.steps
        var drafts = [requested(request, in: command.project)]
        if command.kind == .manual {
            drafts += try holds(freight, request: request, spec: spec, in: command.project)
        }
        return drafts
    }

    /// The event that asks for `request`.
    func requested(_ request: Promotion, in project: ProjectName) -> EventDraft {
        var event = PromotionRequested()
        event.request = request
        event.reason = envelope.reason
        event.because = envelope.because
        return EventDraft(
            project: project,
            subject: .promotion(request.name),
            event: .promotionRequested(event)
        )
    }

    /// The name of a promotion that this command's first event asks for.
    func promotionName(_ stage: StageName, suffix: String) -> PromotionName {
        .name(stage: stage, at: moment.recorded, position: moment.next, suffix: suffix)
    }

    private func selectedFreight(
        _ command: RequestPromotion,
        spec: StageSpec
    ) throws(Stop) -> [Freight] {
        switch command.selection {
        case .named(let references):
            var freight: [Freight] = []
            for reference in references {
                let found = try self.freight(named: reference, in: command.project)
                if !freight.contains(where: { $0.id == found.id }) { freight.append(found) }
            }
            return freight
        case .from(let upstream, let origin):
            return try freight(from: upstream, origin: origin, spec: spec, command)
        }
    }

    /// What is current and verified in `upstream`: all of it, or a refusal that lists what lacks.
    private func freight(
        from upstream: StageName,
        origin: Origin?,
        spec: StageSpec,
        _ command: RequestPromotion
    ) throws(Stop) -> [Freight] {
        let incarnation = try incarnation(of: upstream, in: command.project)
        let state = try stageState(upstream, in: command.project)
        var wanted = spec.requestedFreight.map(\.origin)
        if let origin {
            guard wanted.contains(origin) else {
                throw .refused(.originNotRequested(origin, by: .stage(command.stage)))
            }
            wanted = [origin]
        }
        var freight: [Freight] = []
        var missing: [String] = []
        for origin in wanted {
            guard let id = state.current?.carrier(of: origin) else {
                missing.append("\(origin): nothing is current")
                continue
            }
            let status = try ask { facts throws(FactsFailure) in
                try facts.freightStatus(id, in: command.project)
            }
            if status.verification(in: upstream, since: incarnation) != nil {
                freight.append(try self.freight(id, in: command.project))
            } else {
                missing.append(
                    "\(origin): \(try displayName(id, in: command.project)) is not verified"
                )
            }
        }
        guard missing.isEmpty else {
            throw .refused(
                .nothingToPromote(from: upstream, to: command.stage, missing: missing)
            )
        }
        return freight
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
    private func requireNoRegression(
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
        return drafts + superseded(of: held, by: request, state: state, in: project)
    }

    /// The events that end pending automatic promotions of `origins`: they would undo the choice.
    func superseded(
        of origins: Set<Origin>,
        by request: Promotion,
        state: StageState,
        in project: ProjectName
    ) -> [EventDraft] {
        state.pending.filter { $0.kind == .automatic && !origins.isDisjoint(with: $0.origins) }
            .map { queued in
                var event = PromotionSuperseded()
                event.promotion = queued.name
                event.stage = request.stage
                event.by = request.name
                return EventDraft(
                    project: project,
                    subject: .promotion(queued.name),
                    event: .promotionSuperseded(event)
                )
            }
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
