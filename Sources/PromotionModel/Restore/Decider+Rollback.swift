import EventLog

extension Decider {
    /// Asks for a stage to be brought back to what it ran earlier; quiet where it runs that
    /// and nothing is under way that would change it.
    ///
    /// Refuses, in this order: unknown project or stage; a control-flow stage; a target that
    /// never ran; an origin that the target lacks; a component that nobody requests any more,
    /// unless it is to be left, and then if nothing else comes back; quarantined freight in what
    /// comes back, unless that is allowed; no reason for allowing it.
    func decide(_ command: RollBackStage) throws(Stop) -> [EventDraft] {
        let spec = try stageSpec(command.stage, in: command.project)
        if spec.isControlFlow { throw .refused(.stageIsControlFlow(command.stage)) }
        let state = try stageState(command.stage, in: command.project)
        let found = try rollbackTarget(command, spec: spec, state: state)
        let current = state.current ?? FreightCollection()
        let back = current.goingBack(
            to: found.collection,
            requests: spec.requestedFreight,
            origin: command.origin
        )
        try requireSomething(of: back, command)
        if back.collection.hasSameContent(as: current), state.isAtRest { return [] }
        try requireNoQuarantine(in: back.collection, command)
        var request = Promotion()
        request.name = promotionName(
            command.stage,
            suffix: back.collection.id.short,
            at: moment.next
        )
        request.stage = command.stage
        request.kind = .rollback
        request.vars = spec.vars
        request.templateVars = spec.templateVars
        request.steps = try steps(of: spec, in: command.project)
        request.target = back.collection.attributed(to: request.name, keeping: current)
        request.restored = found.position
        request.origin = command.origin
        request.allowsQuarantined = command.allowsQuarantined
        var selected = SelectedFreight()
        selected.dropped = back.notRequested.map(\.dropped)
        var drafts = [requested(request, selected, in: command.project)]
        drafts += holds(of: request, spec: spec, state: state, in: command.project)
        drafts += try supersededBy(request, spec: spec, state: state, in: command.project)
        return drafts
    }

    /// The holds of a rollback or of a restore's promotion.
    ///
    /// Of a whole stage they are on every origin that the stage requests: automation would add
    /// what the target lacks, too.
    func holds(
        of request: Promotion,
        spec: StageSpec,
        state: StageState,
        in project: ProjectName
    ) -> [EventDraft] {
        heldOrigins(of: request, spec: spec, state: state).sorted().map {
            held($0, by: request, in: project)
        }
    }

    private func heldOrigins(
        of request: Promotion,
        spec: StageSpec,
        state: StageState
    ) -> Set<Origin> {
        let components =
            (request.target?.components ?? []) + (state.current?.components ?? [])
        let touched = components.filter { component in
            guard let origin = request.origin else { return true }
            return component.origin == origin || component.requestedOrigin == origin
        }
        let requested = request.origin == nil ? spec.requestedFreight.map(\.origin) : []
        return Set(touched.map(\.requestedOrigin) + requested)
    }

    /// What a rollback supersedes: automatic promotions of what it holds, older rollbacks if only
    /// the latest counts, and a promotion that only waits.
    private func supersededBy(
        _ request: Promotion,
        spec: StageSpec,
        state: StageState,
        in project: ProjectName
    ) throws(Stop) -> [EventDraft] {
        let origins = heldOrigins(of: request, spec: spec, state: state)
        return superseded(of: origins, by: request, .rollback, state: state, in: project)
            + supersededAsOlder(origins, by: request, spec: spec, state: state, in: project)
            + (try supersededWaiting(byRollback: request, .rollback, state: state, in: project))
    }

    private func requireSomething(
        of back: GoingBack,
        _ command: RollBackStage
    ) throws(Stop) {
        if back.restoredCount == 0, back.notRequested.isEmpty, let origin = command.origin {
            throw .refused(.originNotInTarget(origin, on: command.stage))
        }
        guard let lost = back.notRequested.first else { return }
        if command.partial, back.restoredCount > 0 { return }
        throw .refused(
            .componentNotRequested(
                lost.origin,
                brought: lost.requestedOrigin,
                by: command.stage
            )
        )
    }

    /// A collection that ran, and the position at which it became current.
    private struct Found {
        let position: Position
        let collection: FreightCollection
    }

    private func rollbackTarget(
        _ command: RollBackStage,
        spec: StageSpec,
        state: StageState
    ) throws(Stop) -> Found {
        switch command.target {
        case .previous:
            guard let found = try previous(command, spec: spec, state: state) else {
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

    /// The last combination before the one that runs to which going back changes something; of
    /// one origin the last that has it.
    ///
    /// A rollback is continued where it went back to, so asking again goes only further back.
    private func previous(
        _ command: RollBackStage,
        spec: StageSpec,
        state: StageState
    ) throws(Stop) -> Found? {
        guard let current = state.current else { return nil }
        var before = state.currentPosition
        if let name = state.currentPromotion,
            let restored = try promotion(name, in: command.project).core.restored
        {
            // With it: a rollback of one origin left other components as they were.
            before = restored.next
        }
        while let entry = try entries(command, before: before, limit: 1).first {
            let found = try found(entry, command)
            let back = current.goingBack(
                to: found.collection,
                requests: spec.requestedFreight,
                origin: command.origin
            )
            let isLost = !back.notRequested.isEmpty && !command.partial
            let brings = command.origin == nil || back.restoredCount > 0
            if isLost || brings && !back.collection.hasSameContent(as: current) { return found }
            before = min(found.position, entry.position)
        }
        return nil
    }

    /// What the stage ran; not what one of its name did that was deleted.
    private func entries(
        _ command: RollBackStage,
        before: Position,
        limit: Int
    ) throws(Stop) -> [CollectionEntry] {
        try ask { facts throws(FactsFailure) in
            let row = try facts.stage(command.stage, in: command.project)
            let entries = try facts.collections(
                of: command.stage,
                in: command.project,
                before: before,
                limit: limit
            )
            return entries.filter { $0.position > row?.incarnation ?? .origin }
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
        // What a rollback of one origin made had not been so before.
        let restored = core.origin == nil ? core.restored : nil
        return Found(position: restored ?? entry.position, collection: collection)
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
