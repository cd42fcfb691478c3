import PromotionModel

/// What there is now, and was not yet at the moment that is shown: dotted.
extension PipelineGraph {
    /// Adds it, as far as there is room, with what it takes and gives now.
    mutating func addLater(_ today: PipelineModel) {
        let first = cards.count
        for card in laterCards(today).prefix(max(0, Self.cardCountMax - first)) {
            index[card.subject] = cards.count
            cards.append(card.card)
        }
        guard cards.count > first else { return }
        for stage in today.stages {
            link(stage.spec.requestedFreight, to: .stage(stage.name), from: first)
        }
        for junction in today.junctions {
            link(junction.spec.requestedFreight, to: .junction(junction.name), from: first)
        }
    }

    private func laterCards(_ today: PipelineModel) -> [(subject: Subject, card: PlaceCard)] {
        let warehouses = Set(model.warehouses)
        let stages = Set(model.stages.map(\.name))
        let junctions = Set(model.junctions.map(\.name))
        var found: [(subject: Subject, card: PlaceCard)] = []
        for name in today.warehouses where !warehouses.contains(name) {
            let place = PagePlace.warehouse(name, in: model.project)
            found.append((.warehouse(name), later(name.rawValue, place, icon: "warehouse")))
        }
        for stage in today.stages where !stages.contains(stage.name) {
            let place = PagePlace.stage(stage.name, in: model.project)
            found.append((.stage(stage.name), later(stage.name.rawValue, place)))
        }
        for junction in today.junctions where !junctions.contains(junction.name) {
            let place = PagePlace.junction(junction.name, in: model.project)
            let name = junction.name.rawValue
            found.append((.junction(junction.name), later(name, place, icon: "junction")))
        }
        return found
    }

    /// A card that leads to the place as it is now: at that moment it has no page.
    private func later(_ name: String, _ place: PagePlace, icon: String? = nil) -> PlaceCard {
        var card = PlaceCard(key: name, kind: .stage, title: name, path: PagePath(place))
        card.subtitle = "did not exist yet"
        card.icon = icon
        card.isLater = true
        return card
    }

    /// Links one of whose ends was not there yet; `first` is the first such card.
    private mutating func link(_ requests: [RequestedFreight], to: Subject, from first: Int) {
        guard let target = index[to] else { return }
        for request in requests {
            var sources = request.stages.map { Subject.stage($0) }
            if request.direct || request.stages.isEmpty {
                sources.append(
                    request.origin.kind == .warehouse
                        ? .warehouse(WarehouseName(unchecked: request.origin.name))
                        : .junction(JunctionName(unchecked: request.origin.name))
                )
            }
            for source in sources.compactMap({ index[$0] }) where source != target {
                let link = GraphSketch.Link(from: source, to: target, lane: nil)
                guard source >= first || target >= first, !links.contains(link),
                    !isReachable(source, from: target)
                else { continue }
                later.insert(links.count)
                links.append(link)
            }
        }
    }
}
