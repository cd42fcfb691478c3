import EventLog
import Ledger
import PromotionModel

/// The graph of a pipeline: cards, links with pills, and where they go.
struct PipelineGraph {
    /// How many cards are drawn at most.
    static let cardCountMax = 60

    let context: PageContext
    let model: PipelineModel
    let today: PipelineModel?
    let lanes: LaneChoice
    let folding: PlaceFolding
    var cards: [PlaceCard] = []
    /// By place: its card.
    var index: [Subject: Int] = [:]
    var links: [GraphSketch.Link] = []
    /// The links to and from what was not there yet.
    var later: Set<Int> = []
    /// By link: what stands on it.
    private(set) var pills: [Int: Pill] = [:]
    private(set) var moving: Set<Int> = []

    /// Why freight stands between two places.
    struct Pill {
        let state: StateWord
        let title: String
    }

    init(
        _ context: PageContext,
        _ model: PipelineModel,
        today: PipelineModel?
    ) throws(LedgerError) {
        self.context = context
        self.model = model
        self.today = today
        lanes = try LaneChoice(model, context.path)
        var folding = PlaceFolding(model)
        let others = lanes.open.count + model.junctions.count + folding.stacks.count + 2
        folding.limit(to: max(1, Self.cardCountMax - others))
        self.folding = folding
        try addCards()
        try addLinks()
        if let today { addLater(today) }
    }

    var sketch: GraphSketch {
        var sketch = GraphSketch()
        sketch.laneCount = lanes.open.count + (lanes.rest.isEmpty ? 0 : 1)
        sketch.nodes = cards.map { card in
            GraphSketch.Node(
                kind: card.kind,
                lanes: card.rows.keys.sorted(),
                width: card.width,
                footHeight: card.footHeight,
                headHeight: card.headHeight
            )
        }
        sketch.links = links
        return sketch
    }

    /// Leaves a card in the background, or not.
    mutating func setDim(_ index: Int, _ isDim: Bool) { cards[index].isDim = isDim }

    // MARK: - Cards

    /// The rest's lane.
    private var restLane: Int { lanes.open.count }

    private func rows(
        _ requests: [RequestedFreight]
    ) -> (lanes: [(index: Int, origin: Origin)], rest: (index: Int, origins: [Origin])?) {
        let leaves = Set(model.leaves(of: requests))
        let open = lanes.open.enumerated().filter { leaves.contains($0.element) }
            .map { (index: $0.offset, origin: $0.element) }
        let rest = lanes.rest.filter(leaves.contains)
        return (open, rest.isEmpty ? nil : (restLane, rest))
    }

    private mutating func addCards() throws(LedgerError) {
        for (lane, origin) in lanes.open.enumerated() {
            let name = WarehouseName(unchecked: origin.name)
            index[.warehouse(name)] = cards.count
            cards.append(try warehouse(name, lane))
        }
        if !lanes.rest.isEmpty {
            for origin in lanes.rest {
                index[.warehouse(WarehouseName(unchecked: origin.name))] = cards.count
            }
            cards.append(restCard())
        }
        let stageCard = StageCard(context: context, model: model, today: today)
        for stage in folding.single {
            let rows = rows(stage.spec.requestedFreight)
            guard !rows.lanes.isEmpty || rows.rest != nil else { continue }
            index[.stage(stage.name)] = cards.count
            cards.append(try stageCard.card(stage, lanes: rows.lanes, rest: rows.rest))
        }
        let junctionCard = JunctionCard(context: context, model: model, today: today)
        for junction in model.junctions {
            let rows = rows(junction.spec.requestedFreight)
            guard !rows.lanes.isEmpty || rows.rest != nil else { continue }
            index[.junction(junction.name)] = cards.count
            cards.append(try junctionCard.card(junction, lanes: rows.lanes, rest: rows.rest))
        }
        for stack in folding.stacks {
            for stage in stack.stages { index[.stage(stage.name)] = cards.count }
            cards.append(stackCard(stack))
        }
    }

    private func warehouse(_ name: WarehouseName, _ lane: Int) throws(LedgerError) -> PlaceCard {
        let newest = try model.view.ask { facts throws(FactsFailure) in
            try facts.freight(
                of: .warehouse(name),
                in: model.project,
                before: Position(rawValue: .max),
                limit: 1
            ).first?.freight
        }
        var card = PlaceCard(
            key: name.rawValue,
            kind: .warehouse,
            title: name.rawValue,
            path: context.link(.warehouse(name, in: model.project))
        )
        let version = newest == nil ? "none" : try context.label(newest, in: model.project)
        card.rows[lane] = PlaceCard.Row(name: name.rawValue, version: version)
        card.subtitle = "newest \(version)"
        return card
    }

    private func restCard() -> PlaceCard {
        let path = context.path.with(.lanes, LaneChoice.Mode.all.rawValue)
        var card = PlaceCard(
            key: "",
            kind: .warehouse,
            title: "\(lanes.rest.count) more at rest",
            path: path
        )
        card.rows[restLane] = PlaceCard.Row(name: "", version: "")
        return card
    }

    private func stackCard(_ stack: PlaceFolding.Stack) -> PlaceCard {
        var card = PlaceCard(
            key: stack.key,
            kind: .stack,
            title: stack.name,
            path: context.path.with(.open, stack.key)
        )
        card.aside = counted(stack.stages.count, "stage")
        card.counts = StackCount(stack).counts
        return card
    }

    // MARK: - Links

    private mutating func addLinks() throws(LedgerError) {
        for stage in model.stages {
            guard let to = index[.stage(stage.name)] else { continue }
            let isStack = folding.stackOf[stage.name] != nil
            for request in stage.spec.requestedFreight {
                try addLinks(request, to: to, of: .stage(stage.name), isStack ? nil : stage)
            }
        }
        for junction in model.junctions {
            guard let to = index[.junction(junction.name)] else { continue }
            for request in junction.spec.requestedFreight {
                try addLinks(request, to: to, of: .junction(junction.name), nil)
            }
        }
    }

    private mutating func addLinks(
        _ request: RequestedFreight,
        to: Int,
        of consumer: Consumer,
        _ stage: PipelineModel.StageItem?
    ) throws(LedgerError) {
        var sources: [(node: Int, stage: StageName?)] = []
        if request.direct || request.stages.isEmpty {
            let origin: Subject =
                request.origin.kind == .warehouse
                ? .warehouse(WarehouseName(unchecked: request.origin.name))
                : .junction(JunctionName(unchecked: request.origin.name))
            if let node = index[origin] { sources.append((node, nil)) }
        }
        for name in request.stages {
            if let node = index[.stage(name)] { sources.append((node, name)) }
        }
        let lane =
            request.origin.kind == .warehouse
            ? lanes.open.firstIndex(of: request.origin) ?? (lanes.rest.isEmpty ? nil : restLane)
            : nil
        for source in sources where source.node != to {
            let isOpen = lane.map { $0 < restLane } ?? false
            // Between cards that show no rows of it, what goes there is one cable.
            let shows =
                cards[source.node].rows[lane ?? -1] != nil && cards[to].rows[lane ?? -1] != nil
            let link = GraphSketch.Link(from: source.node, to: to, lane: shows ? lane : nil)
            guard !links.contains(link), !isReachable(source.node, from: to) else { continue }
            links.append(link)
            guard today == nil, isOpen || lane == nil else { continue }
            let pill = try pill(request, from: source.stage, to: consumer, stage)
            guard let pill else { continue }
            pills[links.count - 1] = pill
            let text = TextWidth.width(pill.state.word, size: 12, isBold: true)
            links[links.count - 1].pillWidth = text + 36
            if pill.state.tone == .run { moving.insert(links.count - 1) }
        }
    }

    /// Whether links lead from one card to another: a link back would go in circles.
    func isReachable(_ node: Int, from start: Int) -> Bool {
        var seen: Set<Int> = [start]
        var next = [start]
        while let current = next.popLast() {
            if current == node { return true }
            for link in links where link.from == current && seen.insert(link.to).inserted {
                next.append(link.to)
            }
        }
        return false
    }
}
