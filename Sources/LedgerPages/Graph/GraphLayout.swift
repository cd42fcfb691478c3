/// Where everything of a sketch goes: ranks are columns, origins are lanes.
///
/// Cards whose lanes follow each other in their column have their rows at the lanes' heights, so
/// the edges between them are horizontal; others stand below. Deterministic, and linear in cards
/// and edges but for the search for free ways (cards of the columns between).
struct GraphLayout {
    /// By node.
    private(set) var frames: [GraphFrame]
    /// By node: the height of each of its rows, by lane.
    private(set) var rows: [[Int: Double]]
    /// By link.
    private(set) var edges: [Edge]
    private(set) var width = 0.0
    private(set) var height = 0.0
    /// By node: its column.
    let ranks: [Int]

    /// The way of a link.
    struct Edge {
        /// Corners from the source to the target; two for a straight one.
        var points: [GraphPoint]
        /// The middle of the pill.
        var pill: GraphPoint?

        var isStraight: Bool { points.count == 2 }
    }

    static let rowHeight = 30.0
    static let top = 14.0
    /// From a card's upper border to the middle of its name.
    static let headerMiddle = 27.0
    /// How far a junction's nose stands out.
    static let noseWidth = 11.0
    private static let cardGap = 18.0
    private static let gutterMin = 46.0
    private static let trackGap = 7.0

    let sketch: GraphSketch
    private var columns: [[Int]]
    private var isStacked: [Bool]
    private var laneY: [Double]
    private var columnX: [Double] = []
    private var columnRight: [Double] = []
    private var gutters: [GutterTracks]
    private var underTracks = 0
    private var cardsBottom = 0.0

    init(_ sketch: GraphSketch) {
        self.sketch = sketch
        let none = GraphFrame(x: 0, y: 0, width: 0, height: 0)
        frames = Array(repeating: none, count: sketch.nodes.count)
        rows = Array(repeating: [:], count: sketch.nodes.count)
        edges = Array(repeating: Edge(points: [], pill: nil), count: sketch.links.count)
        isStacked = Array(repeating: false, count: sketch.nodes.count)
        laneY = Array(repeating: 0, count: sketch.laneCount)
        ranks = Self.ranks(of: sketch)
        columns = Array(repeating: [], count: (ranks.max() ?? -1) + 1)
        for (node, rank) in ranks.enumerated() { columns[rank].append(node) }
        gutters = Array(repeating: GutterTracks(), count: columns.count + 1)
        choose()
        placeLanes()
        placeCards()
        plan()
        placeColumns()
        route()
        height = cardsBottom + (underTracks > 0 ? 16 + Double(underTracks) * 22 : 0) + 8
        width = (columnRight.last ?? 0) + 2
    }

    /// The length of the longest way to each node.
    private static func ranks(of sketch: GraphSketch) -> [Int] {
        var ranks = Array(repeating: 0, count: sketch.nodes.count)
        var waiting = Array(repeating: 0, count: sketch.nodes.count)
        var followers: [[Int]] = Array(repeating: [], count: sketch.nodes.count)
        for link in sketch.links {
            waiting[link.to] += 1
            followers[link.from].append(link.to)
        }
        var ready = sketch.nodes.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < ready.count {
            let node = ready[next]
            next += 1
            for follower in followers[node] {
                ranks[follower] = max(ranks[follower], ranks[node] + 1)
                waiting[follower] -= 1
                if waiting[follower] == 0 { ready.append(follower) }
            }
        }
        return ranks
    }

    /// Says which cards of each column have their rows at the lanes' heights.
    private mutating func choose() {
        for column in columns.indices {
            columns[column].sort { left, right in
                let one = sketch.nodes[left].lanes
                let other = sketch.nodes[right].lanes
                return (one.first ?? .max, -one.count, left)
                    < (other.first ?? .max, -other.count, right)
            }
            var last = -1
            for node in columns[column] {
                let lanes = sketch.nodes[node].lanes
                guard let first = lanes.first, let end = lanes.last, first > last else {
                    isStacked[node] = true
                    continue
                }
                last = end
            }
        }
    }

    /// Heights of lanes: as near as the cards' heads and feet allow.
    private mutating func placeLanes() {
        guard sketch.laneCount > 0 else { return }
        var needs: [Int: [(last: Int, distance: Double)]] = [:]
        var first = Array(repeating: 0.0, count: sketch.laneCount)
        for column in columns {
            var before: GraphSketch.Node?
            for node in column where !isStacked[node] {
                let card = sketch.nodes[node]
                let lane = card.lanes[0]
                if let before, let last = before.lanes.last {
                    let distance =
                        Self.rowHeight / 2 + before.footHeight + Self.gap(before, card)
                        + card.headHeight
                    needs[lane, default: []].append((last, distance))
                } else {
                    first[lane] = max(first[lane], Self.top + card.headHeight)
                }
                before = card
            }
        }
        for lane in laneY.indices {
            var y = max(first[lane], lane == 0 ? 0 : laneY[lane - 1] + Self.rowHeight)
            for need in needs[lane] ?? [] { y = max(y, laneY[need.last] + need.distance) }
            laneY[lane] = y
        }
    }

    private static func gap(_ one: GraphSketch.Node, _ other: GraphSketch.Node) -> Double {
        one.kind == .warehouse && other.kind == .warehouse ? 4 : cardGap
    }

    /// Heights of cards: at their lanes, or below what stands in their column.
    private mutating func placeCards() {
        for column in columns {
            var bottom = Self.top - Self.cardGap
            for node in column where !isStacked[node] {
                let card = sketch.nodes[node]
                for lane in card.lanes { rows[node][lane] = laneY[lane] }
                place(node, top: laneY[card.lanes[0]] - card.headHeight)
                bottom = max(bottom, frames[node].bottom)
            }
            for node in column where isStacked[node] {
                let card = sketch.nodes[node]
                let top = bottom + Self.cardGap
                for (index, lane) in card.lanes.enumerated() {
                    rows[node][lane] = top + card.headHeight + Double(index) * Self.rowHeight
                }
                place(node, top: top)
                bottom = frames[node].bottom
            }
            cardsBottom = max(cardsBottom, bottom)
        }
    }

    private mutating func place(_ node: Int, top: Double) {
        let card = sketch.nodes[node]
        let last = card.lanes.last.flatMap { rows[node][$0] }
        let body = last.map { $0 + Self.rowHeight / 2 - top } ?? card.headHeight
        frames[node] = GraphFrame(
            x: 0,
            y: top,
            width: card.width,
            height: body + card.footHeight
        )
    }
}

// MARK: - Ways

extension GraphLayout {
    /// How a link gets to its target.
    private enum Way {
        case straight
        /// Up or down in the gutter before the target, along the row of the source.
        case late
        /// Up or down in the gutter behind the source, along the row of the target.
        case early
        /// Below all cards.
        case under
    }

    /// Vertical ways in the space between two columns: each key has one of its own.
    struct GutterTracks {
        private(set) var left: [TrackKey: Int] = [:]
        private(set) var right: [TrackKey: Int] = [:]
        var pillWidth = 0.0

        mutating func addLeft(_ key: TrackKey) { if left[key] == nil { left[key] = left.count } }
        mutating func addRight(_ key: TrackKey) {
            if right[key] == nil { right[key] = right.count }
        }
    }

    /// Who shares a vertical way: links into the same card without rows there, or one link.
    enum TrackKey: Hashable {
        case into(Int)
        case link(Int)
    }

    private func sourceY(_ link: GraphSketch.Link) -> Double {
        link.lane.flatMap { rows[link.from][$0] } ?? frames[link.from].y
            + Self.headerMiddle(of: sketch.nodes[link.from])
    }

    private func targetY(_ link: GraphSketch.Link) -> Double {
        link.lane.flatMap { rows[link.to][$0] } ?? frames[link.to].y
            + Self.headerMiddle(of: sketch.nodes[link.to])
    }

    private static func headerMiddle(of node: GraphSketch.Node) -> Double {
        node.kind == .warehouse ? 13 : headerMiddle
    }

    /// Whether no card between two columns stands at a height.
    private func isFree(_ y: Double, between first: Int, and last: Int) -> Bool {
        guard first + 1 < last else { return true }
        for column in (first + 1)..<last {
            for node in columns[column] {
                let frame = frames[node]
                if y > frame.y - 5, y < frame.bottom + 5 { return false }
            }
        }
        return true
    }

    private func way(of link: GraphSketch.Link) -> Way {
        let (first, last) = (ranks[link.from], ranks[link.to])
        let (start, end) = (sourceY(link), targetY(link))
        if isFree(start, between: first, and: last) { return start == end ? .straight : .late }
        if isFree(end, between: first, and: last) { return .early }
        return .under
    }

    private func key(of link: Int) -> TrackKey {
        let value = sketch.links[link]
        guard let lane = value.lane, rows[value.to][lane] != nil else { return .into(value.to) }
        return .link(link)
    }

    /// Reserves vertical ways, so that gutters are as wide as they must be.
    private mutating func plan() {
        for (index, link) in sketch.links.enumerated() {
            let (first, last) = (ranks[link.from], ranks[link.to])
            switch way(of: link) {
            case .straight: break
            case .late: gutters[last - 1].addRight(key(of: index))
            case .early: gutters[first].addLeft(.link(index))
            case .under:
                gutters[first].addLeft(.link(index))
                gutters[last - 1].addRight(.link(index))
            }
            gutters[last - 1].pillWidth = max(gutters[last - 1].pillWidth, link.pillWidth)
        }
    }

    private mutating func placeColumns() {
        var x = 0.5
        for (index, column) in columns.enumerated() {
            let width = column.map { sketch.nodes[$0].width }.max() ?? 0
            columnX.append(x)
            columnRight.append(x + width)
            for node in column {
                frames[node].x = x
                frames[node].width = width
            }
            let gutter = gutters[index]
            let tracks = Double(gutter.left.count + gutter.right.count) * Self.trackGap
            let hasNose = column.contains { sketch.nodes[$0].kind == .junction }
            x += width + (hasNose ? Self.noseWidth : 0)
            x += max(Self.gutterMin, 30 + tracks, gutter.pillWidth > 0 ? gutter.pillWidth + 34 : 0)
            if gutter.pillWidth > 0 { x += tracks }
        }
    }

    private mutating func route() {
        for (index, link) in sketch.links.enumerated() {
            let node = sketch.nodes[link.from]
            let nose = node.kind == .junction && link.lane == nil ? Self.noseWidth : 0
            let start = GraphPoint(x: frames[link.from].right + nose, y: sourceY(link))
            let end = GraphPoint(x: frames[link.to].x, y: targetY(link))
            edges[index] = edge(index, from: start, to: end)
        }
    }

    private mutating func edge(
        _ index: Int,
        from start: GraphPoint,
        to end: GraphPoint
    ) -> Edge {
        let link = sketch.links[index]
        let gutter = ranks[link.to] - 1
        let before = columnRight[gutter]
        let middle = GraphPoint(x: (before + end.x) / 2, y: end.y)
        let hasPill = link.pillWidth > 0
        switch way(of: link) {
        case .straight:
            return Edge(points: [start, end], pill: hasPill ? middle : nil)
        case .late:
            let x = rightTrack(gutter, key(of: index), end.x)
            return Edge(points: Self.bent(start, x, end), pill: hasPill ? middle : nil)
        case .early:
            let x = leftTrack(ranks[link.from], .link(index))
            return Edge(points: Self.bent(start, x, end), pill: hasPill ? middle : nil)
        case .under:
            let y = cardsBottom + 16 + Double(underTracks) * 22
            underTracks += 1
            let out = leftTrack(ranks[link.from], .link(index))
            let back = rightTrack(gutter, .link(index), end.x)
            let points = [
                start, GraphPoint(x: out, y: start.y), GraphPoint(x: out, y: y),
                GraphPoint(x: back, y: y), GraphPoint(x: back, y: end.y), end,
            ]
            return Edge(
                points: points,
                pill: hasPill ? GraphPoint(x: (out + back) / 2, y: y) : nil
            )
        }
    }

    private func leftTrack(_ gutter: Int, _ key: TrackKey) -> Double {
        let index = gutters[gutter].left[key] ?? 0
        let hasNose = columns[gutter].contains { sketch.nodes[$0].kind == .junction }
        return columnRight[gutter] + (hasNose ? Self.noseWidth : 0) + 8
            + Double(index) * Self.trackGap
    }

    private func rightTrack(_ gutter: Int, _ key: TrackKey, _ end: Double) -> Double {
        end - 18 - Double(gutters[gutter].right[key] ?? 0) * Self.trackGap
    }

    private static func bent(
        _ start: GraphPoint,
        _ x: Double,
        _ end: GraphPoint
    ) -> [GraphPoint] {
        [start, GraphPoint(x: x, y: start.y), GraphPoint(x: x, y: end.y), end]
    }
}
