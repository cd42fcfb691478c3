import Ledger
import PromotionModel

/// A laid out graph as the template `graph` draws it.
struct GraphFill {
    let context: PageContext
    let graph: PipelineGraph
    let layout: GraphLayout

    init(_ context: PageContext, _ graph: PipelineGraph) {
        self.context = context
        self.graph = graph
        layout = GraphLayout(graph.sketch)
    }

    func fill() throws(LedgerError) -> Fill {
        var cards: [Fill] = []
        for index in graph.cards.indices { cards.append(try card(index)) }
        return [
            "width": GraphPath.number(layout.width + 16),
            "height": GraphPath.number(layout.height),
            "fits": (1000...1600).contains(layout.width) ? true : nil,
            "label": "Pipeline of \(graph.model.project), left to right",
            "edges": graph.links.indices.map(edge),
            "pills": graph.links.indices.compactMap(pill),
            "cards": cards,
        ]
    }

    private func colour(_ lane: Int) throws(LedgerError) -> Int? {
        guard graph.lanes.open.indices.contains(lane) else { return nil }
        return try context.colour(of: graph.lanes.open[lane], in: graph.model.project)
    }

    private func edge(_ index: Int) -> Fill {
        let link = graph.links[index]
        let edge = layout.edges[index]
        let lane = link.lane.flatMap { try? colour($0) }
        let isLater = graph.later.contains(index)
        let isCable = lane == nil && !isLater
        guard let end = edge.points.last else { return [:] }
        return [
            "path": GraphPath.path(edge.points, headLength: isCable ? 8 : 6),
            "head": GraphPath.head(at: end, isCable: isCable),
            "line": isLater ? "" : lane.map { "e\($0)" } ?? "cable",
            "gone": isLater ? true : nil,
            "fill": lane.map { "f\($0)" } ?? "fx",
            "moving": graph.moving.contains(index) ? true : nil,
        ]
    }

    private func pill(_ index: Int) -> Fill? {
        guard let pill = graph.pills[index], let middle = layout.edges[index].pill else {
            return nil
        }
        let width = graph.links[index].pillWidth
        let x = middle.x - width / 2 - 4
        return [
            "title": pill.title, "tone": pill.state.tone.rawValue, "icon": pill.state.icon,
            "text": pill.state.word,
            "x": GraphPath.number(x), "y": GraphPath.number(middle.y - 10),
            "width": GraphPath.number(width - 8),
            "iconX": GraphPath.number(x + 6), "iconY": GraphPath.number(middle.y - 6.5),
            "textX": GraphPath.number(x + 23), "textY": GraphPath.number(middle.y + 4),
        ]
    }

    private func card(_ index: Int) throws(LedgerError) -> Fill {
        let card = graph.cards[index]
        let frame = layout.frames[index]
        let left = frame.x + 10
        let right = frame.right - 9
        var rows: [Fill] = []
        for (lane, row) in card.rows.sorted(by: { $0.key < $1.key }) {
            guard let y = layout.rows[index][lane] else { continue }
            if card.kind == .warehouse, card.key.isEmpty { continue }
            rows.append(try self.row(row, lane, y, card, frame))
        }
        let drawing = CardDrawing(card: card, frame: frame, left: left, right: right, context)
        var fill = drawing.fill(lastRow: layout.rows[index].values.max())
        fill["rows"] = rows
        return fill
    }

    private func row(
        _ row: PlaceCard.Row,
        _ lane: Int,
        _ y: Double,
        _ card: PlaceCard,
        _ frame: GraphFrame
    ) throws(LedgerError) -> Fill {
        let isWarehouse = card.kind == .warehouse
        let left = frame.x + (isWarehouse ? 6 : 10)
        var right = frame.right - (isWarehouse ? 8 : 9)
        var fill: Fill = [
            "lane": try colour(lane).map { "f\($0)" }, "y": GraphPath.number(y - 7),
            "laneX": GraphPath.number(left), "nameX": GraphPath.number(left + 11),
            "textY": GraphPath.number(y + 4), "name": isWarehouse ? nil : row.name,
            "warehouse": isWarehouse ? row.name : nil, "quiet": row.isQuiet ? true : nil,
        ]
        if row.today != nil {
            fill["hit"] =
                [
                    "x": GraphPath.number(frame.x + 1), "y": GraphPath.number(y - 13),
                    "width": GraphPath.number(frame.width - 2),
                ] as Fill
        }
        if let note = row.note {
            let width = TextWidth.width(note.word, size: 12)
            let x = frame.right - 10 - max(width, 42) - 17
            fill["note"] =
                [
                    "tone": note.tone.rawValue, "icon": note.icon, "word": note.word,
                    "x": GraphPath.number(x), "y": GraphPath.number(y - 6.5),
                    "textX": GraphPath.number(x + 17), "textY": GraphPath.number(y + 4),
                ] as Fill
            right = x - 8
        }
        if let today = row.today {
            fill["today"] =
                [
                    "x": GraphPath.number(right), "y": GraphPath.number(y + 4), "text": today,
                    "iconX": GraphPath.number(right - TextWidth.width(today) - 17),
                    "iconY": GraphPath.number(y - 5.5),
                ] as Fill
            right -= TextWidth.width(today) + 24
        }
        fill["version"] = row.version
        fill["versionX"] = GraphPath.number(right)
        fill["versionClass"] =
            [row.tone, row.isBold ? "b" : "", isWarehouse ? "s" : "", row.isQuiet ? "q" : ""]
            .filter { !$0.isEmpty }.joined(separator: " ")
        right -= TextWidth.width(row.version, isBold: row.isBold) + 5
        compare(row, &fill, right, y)
        return fill
    }

    /// What is replaced, or an icon that says how the version compares.
    private func compare(
        _ row: PlaceCard.Row,
        _ fill: inout Fill,
        _ right: Double,
        _ y: Double
    ) {
        if let from = row.from {
            fill["from"] =
                [
                    "x": GraphPath.number(right - 15), "y": GraphPath.number(y + 4), "text": from,
                    "iconX": GraphPath.number(right - 13), "iconY": GraphPath.number(y - 6),
                ] as Fill
        } else if let mark = row.mark {
            fill["mark"] =
                [
                    "icon": mark, "x": GraphPath.number(right - 13), "y": GraphPath.number(y - 6.5),
                    "tone": mark == "up" ? "acc" : mark == "same" ? "q" : "hold",
                ] as Fill
        }
    }
}
