import EventLog
import Ledger
import PromotionModel

/// Which lanes of a pipeline are open.
struct LaneChoice {
    /// How many lanes are open without being asked for.
    static let quietCountMax = 8
    /// How many are open at most.
    static let openCountMax = 40

    /// What `lanes` may say.
    enum Mode: String, CaseIterable {
        case all, moving, attention
    }

    let mode: Mode
    /// Drawn, in their order from above.
    let open: [Origin]
    /// Folded into one.
    let rest: [Origin]

    init(
        _ model: PipelineModel,
        _ path: PagePath,
        shown: Set<Origin>? = nil
    ) throws(LedgerError) {
        var origins = model.warehouses.map { Origin.warehouse($0) }
        if let shown { origins = origins.filter(shown.contains) }
        let chosen = Set(path.all(.warehouse).filter { !$0.isEmpty })
        if !chosen.isEmpty { origins = origins.filter { chosen.contains($0.name) } }
        let mode =
            path[.lanes].flatMap(Mode.init(rawValue:))
            ?? (origins.count > Self.quietCountMax ? .moving : .all)
        self.mode = mode
        let traffic = LaneTraffic(model)
        let ordered = Self.ordered(origins, model)
        let wanted = ordered.filter { origin in
            switch mode {
            case .all: true
            case .moving: traffic.isMoving(origin)
            case .attention: traffic.needsAttention(origin)
            }
        }
        open = Array(wanted.prefix(Self.openCountMax))
        let set = Set(open)
        rest = ordered.filter { !set.contains($0) }
    }

    /// Lanes that the same places take stand together.
    private static func ordered(_ origins: [Origin], _ model: PipelineModel) -> [Origin] {
        var takers: [Origin: [String]] = [:]
        for stage in model.stages {
            for origin in model.leaves(of: stage.spec.requestedFreight) {
                takers[origin, default: []].append(stage.name.rawValue)
            }
        }
        let keys = takers.mapValues { $0.prefix(8).joined(separator: " ") }
        return origins.sorted { (keys[$0] ?? "", $0) < (keys[$1] ?? "", $1) }
    }
}

/// What happens to freight of each origin.
struct LaneTraffic {
    private var moving: Set<Origin> = []
    private var troubled: Set<Origin> = []

    init(_ model: PipelineModel) {
        var versions: [Origin: Set<FreightID>] = [:]
        for stage in model.stages {
            for component in stage.state.current?.components ?? [] {
                versions[component.origin, default: []].insert(component.freight)
            }
            for pending in stage.state.pending {
                moving.formUnion(pending.origins.flatMap { model.leaves(of: $0) })
            }
            for hold in stage.state.holds {
                troubled.formUnion(model.leaves(of: hold.origin))
            }
            troubled.formUnion(stage.state.uncertain.map(\.origin))
        }
        moving.formUnion(versions.filter { $0.value.count > 1 }.keys)
        moving.formUnion(troubled)
    }

    /// Whether not every place has the same of it, or something is about to change it.
    func isMoving(_ origin: Origin) -> Bool { moving.contains(origin) }

    /// Whether somebody should look at it.
    func needsAttention(_ origin: Origin) -> Bool { troubled.contains(origin) }
}
