import EventLog
import Ledger
import PromotionModel

/// How one slot of a junction stands.
struct SlotState {
    let request: RequestedFreight
    let freight: FreightID?
    let since: Timestamp?
    let isAutomatic: Bool
    let isHeld: Bool
    let word: StateWord
    let isReady: Bool
    /// What the selection would take instead.
    let candidate: FreightID?
    let lost: [Availability.Unmet]
    let wakeAt: Timestamp?
}

/// How a junction stands.
struct JunctionStanding {
    let slots: [SlotState]
    let outlook: RepackagingOutlook
    let spec: JunctionSpec
    let state: JunctionState

    init(
        _ junction: JunctionName,
        _ spec: JunctionSpec,
        _ state: JunctionState,
        in project: ProjectName,
        _ view: View
    ) throws(LedgerError) {
        self.spec = spec
        self.state = state
        let now = view.moment.time
        (slots, outlook) = try view.ask { facts throws(FactsFailure) in
            let rule = CollectionRule(facts: facts, project: project, now: now)
            var slots: [SlotState] = []
            for request in spec.requestedFreight {
                let outlook = try rule.outlook(
                    of: request,
                    in: junction,
                    state,
                    selection: spec.selection
                )
                slots.append(SlotState(outlook))
            }
            let repackaging = RepackagingRule(facts: facts, project: project, now: now)
            return (slots, try repackaging.outlook(of: junction, spec, state))
        }
    }

    /// What keeps a person from repackaging.
    var obstacles: [RepackagingObstacle] { outlook.obstacles.filter { !$0.isForAutomationOnly } }

    /// Whether nothing has to be bundled.
    var isUnchanged: Bool {
        outlook.obstacles.contains { if case .unchanged = $0 { true } else { false } }
    }

    var word: StateWord {
        if slots.allSatisfy({ $0.freight == nil }) { return StateWord(.none, "todo", "empty") }
        if isUnchanged { return StateWord(.none, "same", "bundled") }
        return obstacles.isEmpty
            ? StateWord(.ok, "ok", "ready") : StateWord(.hold, "wait", "waits")
    }

    /// As in `5 slots: 3 ready, 1 stale, 1 quarantined`.
    var summary: String {
        var counts: [(word: String, count: Int)] = []
        for slot in slots {
            if let index = counts.firstIndex(where: { $0.word == slot.word.word }) {
                counts[index].count += 1
            } else {
                counts.append((slot.word.word, 1))
            }
        }
        return counted(slots.count, "slot") + ": "
            + counts.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
    }
}

extension SlotState {
    init(_ outlook: SlotOutlook) {
        request = outlook.request
        freight = outlook.slot?.freight
        since = outlook.slot?.since
        isAutomatic = outlook.slot?.automatic ?? false
        isHeld = outlook.isHeld
        lost = outlook.lost
        wakeAt = outlook.wakeAt
        candidate = outlook.candidate.flatMap { $0.id == outlook.slot?.freight ? nil : $0.id }
        let isQuarantined = outlook.lost.contains {
            if case .quarantined = $0 { true } else { false }
        }
        if outlook.slot == nil {
            word =
                outlook.request.optional
                ? StateWord(.none, "minus", "optional") : StateWord(.hold, "todo", "empty")
            isReady = outlook.request.optional
        } else if isQuarantined {
            word = StateWord(.fail, "ban", "quarantined")
            isReady = false
        } else if !outlook.lost.isEmpty {
            word = StateWord(.fail, "warn", "not available")
            isReady = false
        } else if candidate != nil {
            word = StateWord(.hold, "warn", outlook.isHeld ? "held" : "stale")
            isReady = true
        } else {
            word = StateWord(.ok, "ok", "ready")
            isReady = true
        }
    }
}

/// Makes the cards of junctions.
struct JunctionCard {
    let context: PageContext
    let model: PipelineModel
    let today: PipelineModel?

    private var project: ProjectName { model.project }

    func card(
        _ junction: PipelineModel.JunctionItem,
        lanes: [(index: Int, origin: Origin)],
        rest: (index: Int, origins: [Origin])?
    ) throws(LedgerError) -> PlaceCard {
        let standing = try JunctionStanding(
            junction.name,
            junction.spec,
            junction.state,
            in: project,
            model.view
        )
        var card = PlaceCard(
            key: junction.name.rawValue,
            kind: .junction,
            title: junction.name.rawValue,
            path: context.link(.junction(junction.name, in: project))
        )
        card.state = standing.word
        card.subtitle = standing.summary
        let held = try held(by: junction, model)
        let now = try today.map { today throws(LedgerError) -> [Origin: FreightID]? in
            guard let item = today.junctions.first(where: { $0.name == junction.name }) else {
                return nil
            }
            return try self.held(by: item, today)
        }
        for lane in lanes {
            let freight = held[lane.origin]
            var row = PlaceCard.Row(
                name: lane.origin.name,
                version: freight == nil ? "–" : try context.label(freight, in: project)
            )
            row.isQuiet = freight == nil
            if let now = now ?? nil, now[lane.origin] != freight {
                row.today = try context.label(now[lane.origin], in: project)
            } else if today == nil {
                row.note = slot(of: lane.origin, standing)?.word
            }
            card.rows[lane.index] = row
        }
        if let rest, !rest.origins.isEmpty {
            card.rows[rest.index] = PlaceCard.Row(
                name: "\(rest.origins.count) at rest",
                version: "",
                mark: "same",
                isQuiet: true
            )
        }
        card.feet = try feet(standing)
        return card
    }

    private func slot(of leaf: Origin, _ standing: JunctionStanding) -> SlotState? {
        standing.slots.first { model.leaves(of: $0.request.origin).contains(leaf) }
    }

    /// The leaf freight in the slots, by warehouse.
    private func held(
        by junction: PipelineModel.JunctionItem,
        _ model: PipelineModel
    ) throws(LedgerError) -> [Origin: FreightID] {
        try model.view.ask { facts throws(FactsFailure) in
            var held: [Origin: FreightID] = [:]
            for slot in junction.state.slots {
                for leaf in try facts.freight(slot.freight, in: project)?.leaves ?? [] {
                    held[leaf.origin] = leaf.freight
                }
            }
            return held
        }
    }

    private func feet(_ standing: JunctionStanding) throws(LedgerError) -> [PlaceCard.Foot] {
        var feet: [PlaceCard.Foot] = []
        if !standing.isUnchanged, standing.slots.contains(where: { $0.freight != nil }) {
            let byHand = standing.spec.repackagingPolicy == .manual
            var text = byHand ? "next bundle by hand" : "next bundle by itself"
            if !standing.obstacles.isEmpty { text = "next bundle waits" }
            if let time = standing.outlook.wakeAt ?? standing.slots.compactMap(\.wakeAt).min() {
                text += ", " + TimeText.clock(time).prefix(5)
            }
            let isReady = standing.obstacles.isEmpty
            feet.append(
                PlaceCard.Foot(
                    state: StateWord(isReady ? .ok : .hold, isReady ? "bundle" : "wait", text),
                    isBold: true
                )
            )
        }
        if let bundle = standing.state.bundle {
            let length = context.now.milliseconds(since: standing.state.bundleSince)
            var foot = PlaceCard.Foot(state: StateWord(.none, "bundle", "last"))
            foot.chip = try context.chip(bundle, in: project)
            foot.aside = TimeText.roughLength(length) + (context.isPast ? " before" : " ago")
            feet.append(foot)
        }
        return feet
    }
}
