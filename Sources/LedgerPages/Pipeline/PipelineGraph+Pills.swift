import EventLog
import Ledger
import PromotionModel

extension PipelineGraph {
    /// Why freight stands between a stage and who takes from it; nil where nothing does.
    func pill(
        _ request: RequestedFreight,
        from source: StageName?,
        to consumer: Consumer,
        _ stage: PipelineModel.StageItem?
    ) throws(LedgerError) -> Pill? {
        if let stage, let pill = try progress(request, stage) { return pill }
        guard let source, let upstream = model.stages.first(where: { $0.name == source }),
            let freight = upstream.state.current?.carrier(of: request.origin)
        else { return nil }
        guard try !has(consumer, freight, request) else { return nil }
        let name = try context.label(freight, in: model.project)
        if upstream.state.verification != nil {
            return Pill(
                state: StateWord(.run, "run", "verify"),
                title: "\(request.origin.name) \(name) is being verified in \(source)"
            )
        }
        let availability = try model.view.ask { facts throws(FactsFailure) -> Availability? in
            guard let core = try facts.freight(freight, in: model.project) else { return nil }
            return try model.view.availabilityRule(in: model.project)
                .availability(of: core, for: request, by: consumer)
        }
        guard let availability, let until = availability.wakeAt else { return nil }
        let left = TimeText.roughLength(until.milliseconds(since: context.now))
        return Pill(
            state: StateWord(.hold, "wait", left),
            title: "\(request.origin.name) \(name) soaks in \(source): \(left) left"
        )
    }

    private func has(
        _ consumer: Consumer,
        _ freight: FreightID,
        _ request: RequestedFreight
    ) throws(LedgerError) -> Bool {
        switch consumer {
        case .stage(let name):
            let item = model.stages.first { $0.name == name }
            return item?.state.current?.includes(freight) ?? false
        case .junction(let name):
            let item = model.junctions.first { $0.name == name }
            return item?.state[origin: request.origin]?.freight == freight
        }
    }

    /// How far the promotion is that brings freight of this request.
    private func progress(
        _ request: RequestedFreight,
        _ stage: PipelineModel.StageItem
    ) throws(LedgerError) -> Pill? {
        guard let name = stage.running else { return nil }
        let found = try model.view.ask { facts throws(FactsFailure) in
            var brings = false
            for id in try facts.promotion(name, in: model.project)?.freight ?? [] {
                if try facts.freight(id, in: model.project)?.origin == request.origin {
                    brings = true
                }
            }
            return (brings: brings, state: try facts.promotionState(name, in: model.project))
        }
        guard found.brings, !found.state.plan.isEmpty else { return nil }
        let step = min(Int(clamping: found.state.currentStep) + 1, found.state.plan.count)
        return Pill(
            state: StateWord(.run, "run", "\(step)/\(found.state.plan.count)"),
            title: "\(request.origin.name) is being promoted to \(stage.name): step \(step) of "
                + "\(found.state.plan.count)"
        )
    }
}
