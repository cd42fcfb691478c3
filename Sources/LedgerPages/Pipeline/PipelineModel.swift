import EventLog
import Ledger
import PromotionModel

/// A project's pipeline at a moment: what there is, and how it stands.
struct PipelineModel {
    let project: ProjectName
    let view: View
    let warehouses: [WarehouseName]
    let stages: [StageItem]
    let junctions: [JunctionItem]
    /// The warehouses behind each junction.
    private let leaves: [Origin: [Origin]]
    /// The stage that everything is compared with; nil if there is none that runs anything.
    let focus: StageItem?

    /// A stage.
    struct StageItem {
        let name: StageName
        let spec: StageSpec
        let state: StageState
    }

    /// A junction.
    struct JunctionItem {
        let name: JunctionName
        let spec: JunctionSpec
        let state: JunctionState
    }

    init(_ project: ProjectName, _ view: View, focus: String?) throws(LedgerError) {
        self.project = project
        self.view = view
        (warehouses, stages, junctions) = try view.ask { facts throws(FactsFailure) in
            var stages: [StageItem] = []
            for name in try facts.stages(in: project) {
                guard let row = try facts.stage(name, in: project) else { continue }
                let state = try facts.stageState(name, in: project)
                stages.append(StageItem(name: name, spec: row.spec, state: state))
            }
            var junctions: [JunctionItem] = []
            for name in try facts.junctions(in: project) {
                guard let row = try facts.junction(name, in: project) else { continue }
                let state = try facts.junctionState(name, in: project)
                junctions.append(JunctionItem(name: name, spec: row.spec, state: state))
            }
            return (try facts.warehouses(in: project), stages, junctions)
        }
        leaves = Self.leaves(of: junctions)
        self.focus = Self.focus(stages, named: focus)
    }

    /// The warehouses that an origin brings freight of, ordered.
    func leaves(of origin: Origin) -> [Origin] {
        origin.kind == .warehouse ? [origin] : leaves[origin] ?? []
    }

    /// The warehouses that requests bring freight of, ordered.
    func leaves(of requests: [RequestedFreight]) -> [Origin] {
        Array(Set(requests.flatMap { leaves(of: $0.origin) })).sorted()
    }

    private static func leaves(of junctions: [JunctionItem]) -> [Origin: [Origin]] {
        var found: [Origin: [Origin]] = [:]
        let items = Dictionary(
            uniqueKeysWithValues: junctions.map { (Origin.junction($0.name), $0) }
        )
        func collect(_ origin: Origin) -> [Origin] {
            if origin.kind == .warehouse { return [origin] }
            if let known = found[origin] { return known }
            let requests = items[origin]?.spec.requestedFreight ?? []
            let all = Array(Set(requests.flatMap { collect($0.origin) })).sorted()
            found[origin] = all
            return all
        }
        for origin in items.keys.sorted() { _ = collect(origin) }
        return found
    }

    /// The stage of that name; without one `prod` or `production`; otherwise the first stage that
    /// gives to no other.
    private static func focus(_ stages: [StageItem], named name: String?) -> StageItem? {
        let runs = stages.filter { !$0.spec.isControlFlow }
        for name in [name, "prod", "production"].compactMap({ $0 }) {
            if let stage = runs.first(where: { $0.name.rawValue == name }) { return stage }
        }
        let givers = Set(stages.flatMap { $0.spec.requestedFreight.flatMap(\.stages) })
        return runs.first { !givers.contains($0.name) } ?? runs.last
    }
}

extension PipelineModel.StageItem {
    /// The name of its promotion that is under way, if one is.
    var running: PromotionName? { state.running }

    /// What runs of a warehouse.
    func runs(_ origin: Origin) -> FreightID? { state.current?[origin: origin]?.freight }
}
