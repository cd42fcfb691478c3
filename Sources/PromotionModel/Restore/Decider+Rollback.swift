import EventLog

extension Decider {
    /// Asks for a stage to be brought back to what it ran earlier; quiet where it runs that
    /// and nothing is under way that would change it.
    ///
    /// Refuses, in this order: unknown project or stage; a control-flow stage; a target that
    /// never ran; an origin that the target lacks; a component that nobody requests any more;
    /// quarantined freight in what comes back, unless that is allowed; no reason for allowing it.
    func decide(_ command: RollBackStage) throws(Stop) -> [EventDraft] {
        let spec = try stageSpec(command.stage, in: command.project)
        if spec.isControlFlow { throw .refused(.stageIsControlFlow(command.stage)) }
        let state = try stageState(command.stage, in: command.project)
        let found = try rollbackTarget(command, state: state)
        let current = state.current ?? FreightCollection()
        let wanted = try narrowed(found.collection, to: command.origin, current: current, command)
        for component in wanted.components
        where !spec.requestedFreight.contains(where: { $0.origin == component.requestedOrigin }) {
            throw .refused(
                .componentNotRequested(
                    component.origin,
                    brought: component.requestedOrigin,
                    by: command.stage
                )
            )
        }
        let isAtRest = state.uncertain.isEmpty && state.running == nil && state.pending.isEmpty
        if wanted.hasSameContent(as: current), isAtRest { return [] }
        try requireNoQuarantine(in: wanted, command)
        var request = Promotion()
        request.name = promotionName(command.stage, suffix: wanted.id.short)
        request.stage = command.stage
        request.kind = .rollback
        request.vars = spec.vars
        request.templateVars = spec.templateVars
        request.steps = spec.steps
        request.target = wanted.attributed(to: request.name, keeping: current)
        request.restored = found.position
        request.allowsQuarantined = command.allowsQuarantined
        var drafts = [requested(request, in: command.project)]
        let touched = (wanted.components + current.components).filter { component in
            guard let origin = command.origin else { return true }
            return component.origin == origin || component.requestedOrigin == origin
        }
        let origins = Set(touched.map(\.requestedOrigin))
        for origin in origins.sorted() {
            drafts.append(held(origin, by: request, in: command.project))
        }
        drafts += superseded(of: origins, by: request, state: state, in: command.project)
        return drafts
    }

    /// A collection that ran, and the position at which it became current.
    private struct Found {
        let position: Position
        let collection: FreightCollection
    }

    private func rollbackTarget(
        _ command: RollBackStage,
        state: StageState
    ) throws(Stop) -> Found {
        switch command.target {
        case .previous:
            guard let found = try previous(command, state: state) else {
                throw .refused(.nothingRanEarlier(command.stage))
            }
            return found
        case .position(let position):
            let entries = try entries(command, before: position.next, limit: 1)
            guard let entry = entries.first else {
                throw .refused(.nothingRan(command.stage, at: "\(position)"))
            }
            return try found(entry, command)
        case .collection(let prefix):
            let match = try newest(command) { $0.id.rawValue.hasPrefix(prefix) }
            guard prefix.utf8.count >= FreightReference.prefixCountMin, let match else {
                throw .refused(.unknownCollection(prefix, on: command.stage))
            }
            return match
        case .freight(let text):
            let freight = try freight(named: text, in: command.project)
            let match = try newest(command) { $0.includes(freight.id) }
            guard let match else { throw .refused(.unknownCollection(text, on: command.stage)) }
            return match
        }
    }

    /// The combination before the one that runs; a rollback is continued where it went back to,
    /// so asking again goes only further back.
    private func previous(
        _ command: RollBackStage,
        state: StageState
    ) throws(Stop) -> Found? {
        guard let current = state.current else { return nil }
        var before = try origin(
            of: state.currentPosition,
            promotion: state.currentPromotion,
            command
        )
        while let entry = try entries(command, before: before, limit: 1).first {
            let found = try found(entry, command)
            if !found.collection.hasSameContent(as: current) { return found }
            before = found.position
        }
        return nil
    }

    /// The position at which what `promotion` made current had first been so.
    private func origin(
        of position: Position,
        promotion name: PromotionName?,
        _ command: RollBackStage
    ) throws(Stop) -> Position {
        guard let name else { return position }
        return try promotion(name, in: command.project).core.restored ?? position
    }

    private func entries(
        _ command: RollBackStage,
        before: Position,
        limit: Int
    ) throws(Stop) -> [CollectionEntry] {
        try ask { facts throws(FactsFailure) in
            try facts.collections(
                of: command.stage,
                in: command.project,
                before: before,
                limit: limit
            )
        }
    }

    private func found(
        _ entry: CollectionEntry,
        _ command: RollBackStage
    ) throws(Stop) -> Found {
        let (core, state) = try promotion(entry.promotion, in: command.project)
        guard let collection = state.collection else {
            throw .failed(.inconsistent("promotion \(core.name) succeeded without a collection"))
        }
        return Found(position: core.restored ?? entry.position, collection: collection)
    }

    /// The last collection of the stage that `matches`, looking through pages of its history.
    private func newest(
        _ command: RollBackStage,
        where matches: (FreightCollection) -> Bool
    ) throws(Stop) -> Found? {
        var before = Position(rawValue: .max)
        while true {
            let page = try entries(command, before: before, limit: 100)
            for entry in page {
                let found = try found(entry, command)
                if matches(found.collection) { return found }
            }
            guard let last = page.last else { return nil }
            before = last.position
        }
    }

    /// The whole target, or the current collection with one requested origin put back.
    private func narrowed(
        _ target: FreightCollection,
        to origin: Origin?,
        current: FreightCollection,
        _ command: RollBackStage
    ) throws(Stop) -> FreightCollection {
        guard let origin else { return target }
        let restored = target.components.filter {
            $0.requestedOrigin == origin || $0.origin == origin
        }
        guard !restored.isEmpty else {
            throw .refused(.originNotInTarget(origin, on: command.stage))
        }
        let origins = Set(restored.map(\.origin))
        let kept = current.components.filter {
            !origins.contains($0.origin) && $0.requestedOrigin != origin
        }
        return FreightCollection(kept + restored)
    }
}

extension FreightCollection {
    /// The same content, where `promotion` is named for what differs from `current`.
    func attributed(
        to promotion: PromotionName,
        keeping current: FreightCollection
    ) -> FreightCollection {
        FreightCollection(
            components.map { component in
                if let running = current[origin: component.origin],
                    running.freight == component.freight
                {
                    var kept = component
                    kept.promotion = running.promotion
                    return kept
                }
                var moved = component
                moved.promotion = promotion
                return moved
            }
        )
    }
}
