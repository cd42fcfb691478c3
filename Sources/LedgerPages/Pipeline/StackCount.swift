import PromotionModel

/// How the stages of a stack stand: on the newest combination, on an older one, or in trouble.
struct StackCount {
    /// How one stage stands among its like.
    enum Standing: Int, CaseIterable {
        case newest, promoting, previous, failed, held, empty
    }

    private let standings: [Standing]

    init(_ stack: PlaceFolding.Stack) {
        let newest = stack.stages.max {
            $0.state.currentPosition < $1.state.currentPosition
        }?.state.current
        standings = stack.stages.map { Self.standing($0, newest) }
    }

    /// How a stage stands, where `newest` is what the stack's last promotion brought.
    static func standing(
        _ stage: PipelineModel.StageItem,
        _ newest: FreightCollection?
    ) -> Standing {
        if stage.running != nil { return .promoting }
        if stage.state.health == .unhealthy || !stage.state.uncertain.isEmpty { return .failed }
        if !stage.state.holds.isEmpty { return .held }
        guard let current = stage.state.current else { return .empty }
        guard let newest else { return .newest }
        return current.hasSameContent(as: newest) ? .newest : .previous
    }

    var counts: [PlaceCard.Count] {
        Standing.allCases.compactMap { standing in
            let count = standings.count { $0 == standing }
            guard count > 0 else { return nil }
            return PlaceCard.Count(
                state: standing.word,
                bar: standing.bar,
                count: count
            )
        }
    }
}

extension StackCount.Standing {
    var word: StateWord {
        switch self {
        case .newest: StateWord(.ok, "ok", "newest")
        case .promoting: StateWord(.run, "run", "promoting")
        case .previous: StateWord(.none, "wait", "previous")
        case .failed: StateWord(.fail, "fail", "in trouble")
        case .held: StateWord(.hold, "hold", "held")
        case .empty: StateWord(.none, "todo", "empty")
        }
    }

    /// The class of its colour in bars and cells.
    var bar: String {
        switch self {
        case .newest: "ok"
        case .promoting: "run"
        case .previous: "old"
        case .failed: "fail"
        case .held: "hold"
        case .empty: "none"
        }
    }
}
