import PromotionModel

/// Which stages are drawn as one, because they are alike.
struct PlaceFolding {
    /// Stages that take the same from the same, and do the same with it: at least so many are
    /// drawn as a stack.
    static let siblingCountMin = 6

    /// Stages that are drawn as one card.
    struct Stack {
        let name: String
        let stages: [PipelineModel.StageItem]

        /// What names the stack in an address.
        var key: String { stages[0].name.rawValue }
    }

    /// Stages with a card of their own, in the order of their names.
    private(set) var single: [PipelineModel.StageItem] = []
    private(set) var stacks: [Stack] = []
    /// By stage of a stack: the stack's key.
    private(set) var stackOf: [StageName: String] = [:]
    /// By stage: how many stages freight passes before it, at most.
    private(set) var depth: [StageName: Int] = [:]

    init(_ model: PipelineModel) {
        let items = Dictionary(uniqueKeysWithValues: model.stages.map { ($0.name, $0) })
        var groupOf: [StageName: String] = [:]
        var pending = model.stages
        // Upstream first: who takes from a stack is compared by the stack, not by its stages.
        var round = 0
        while !pending.isEmpty {
            let ready = pending.filter { stage in
                stage.spec.requestedFreight.flatMap(\.stages)
                    .allSatisfy { items[$0] == nil || groupOf[$0] != nil }
            }
            guard !ready.isEmpty else { break }
            var alike: [Shape: [PipelineModel.StageItem]] = [:]
            for stage in ready {
                alike[Shape(stage, groupOf), default: []].append(stage)
            }
            for members in alike.values {
                let isStack = members.count >= Self.siblingCountMin
                for stage in members {
                    groupOf[stage.name] = isStack ? members[0].name.rawValue : stage.name.rawValue
                }
                if isStack { add(members) } else { single += members }
            }
            for stage in ready { depth[stage.name] = round }
            round += 1
            let done = Set(ready.map(\.name))
            pending.removeAll { done.contains($0.name) }
        }
        single.sort { $0.name < $1.name }
        stacks.sort { $0.key < $1.key }
    }

    /// Draws at most `limit` stages by themselves: those furthest downstream become a stack.
    mutating func limit(to limit: Int) {
        guard single.count > limit else { return }
        single.sort { (depth[$0.name] ?? 0, $0.name) < (depth[$1.name] ?? 0, $1.name) }
        let rest = Array(single[limit...])
        single.removeSubrange(limit...)
        for stage in rest { stackOf[stage.name] = rest[0].name.rawValue }
        stacks.append(Stack(name: "\(rest.count) more stages", stages: rest))
    }

    private mutating func add(_ members: [PipelineModel.StageItem]) {
        let names = members.map(\.name.rawValue)
        var prefix = names[0]
        for name in names { prefix = String(zip(prefix, name).prefix { $0 == $1 }.map(\.0)) }
        while let last = prefix.last, "-._0123456789".contains(last) { prefix.removeLast() }
        for stage in members { stackOf[stage.name] = names[0] }
        stacks.append(Stack(name: prefix.isEmpty ? "\(names[0]) …" : prefix, stages: members))
    }

    /// What two stages of a stack have in common.
    private struct Shape: Hashable {
        let requests: [Request]
        let steps: [String]

        struct Request: Hashable {
            let origin: Origin
            let direct: Bool
            let stages: [String]
        }

        init(_ stage: PipelineModel.StageItem, _ groupOf: [StageName: String]) {
            requests = stage.spec.requestedFreight.map { request in
                Request(
                    origin: request.origin,
                    direct: request.direct,
                    stages: Set(request.stages.map { groupOf[$0] ?? $0.rawValue }).sorted()
                )
            }
            steps = stage.spec.steps.map(\.uses)
        }
    }
}
