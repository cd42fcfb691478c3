import Testing

@testable import LedgerPages

/// Where cards and edges go.
@Suite struct GraphLayoutRules {
    /// A sketch of random stages: five lanes, warehouses first, each stage takes some lanes from
    /// earlier ones.
    private func sketch(seed: UInt64, stages: Int) -> GraphSketch {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        var sketch = GraphSketch()
        sketch.laneCount = 5
        for lane in 0..<5 {
            sketch.nodes.append(
                GraphSketch.Node(
                    kind: .warehouse,
                    lanes: [lane],
                    width: 150,
                    footHeight: -2,
                    headHeight: 13
                )
            )
        }
        for _ in 0..<stages {
            let low = random(5)
            let lanes = Array(low...min(4, low + random(5)))
            let index = sketch.nodes.count
            sketch.nodes.append(
                GraphSketch.Node(
                    kind: random(4) == 0 ? .junction : .stage,
                    lanes: lanes,
                    width: 150 + Double(random(100)),
                    footHeight: 10 + Double(random(4)) * 30,
                    headHeight: 75
                )
            )
            for lane in lanes {
                let sources = (0..<index).filter { sketch.nodes[$0].lanes.contains(lane) }
                let from = sources[random(sources.count)]
                let pill = random(3) == 0 ? 60.0 : 0
                sketch.links.append(
                    GraphSketch.Link(from: from, to: index, lane: lane, pillWidth: pill)
                )
            }
        }
        return sketch
    }

    @Test(arguments: 1...200)
    func `cards do not overlap, and edges go through none`(seed: Int) {
        let sketch = sketch(seed: UInt64(seed), stages: 3 + seed % 20)
        let layout = GraphLayout(sketch)
        for (index, frame) in layout.frames.enumerated() {
            for other in layout.frames[(index + 1)...] {
                #expect(!frame.overlaps(other), "seed \(seed): \(frame) and \(other)")
            }
        }
        for (edge, link) in zip(layout.edges, sketch.links) {
            for (start, end) in zip(edge.points, edge.points.dropFirst()) {
                let segment = GraphFrame(
                    x: min(start.x, end.x) + 0.1,
                    y: min(start.y, end.y) - 0.1,
                    width: max(0.1, abs(end.x - start.x) - 0.2),
                    height: abs(end.y - start.y) + 0.2
                )
                let hit = layout.frames.first { $0.overlaps(segment) }
                #expect(hit == nil, "seed \(seed): \(link) goes through \(String(describing: hit))")
            }
        }
    }

    @Test(arguments: 1...50)
    func `the same sketch is laid out the same`(seed: Int) {
        let sketch = sketch(seed: UInt64(seed), stages: 12)
        let (one, other) = (GraphLayout(sketch), GraphLayout(sketch))
        #expect(one.frames == other.frames)
        #expect(one.edges.map(\.points) == other.edges.map(\.points))
    }

    @Test func `along a line of stages every edge is horizontal`() {
        var sketch = GraphSketch()
        sketch.laneCount = 3
        for lane in 0..<3 {
            sketch.nodes.append(
                GraphSketch.Node(
                    kind: .warehouse,
                    lanes: [lane],
                    width: 150,
                    footHeight: -2,
                    headHeight: 13
                )
            )
        }
        for stage in 0..<3 {
            sketch.nodes.append(
                GraphSketch.Node(
                    kind: .stage,
                    lanes: [0, 1, 2],
                    width: 160,
                    footHeight: 40,
                    headHeight: 75
                )
            )
            for lane in 0..<3 {
                let from = stage == 0 ? lane : 2 + stage
                sketch.links.append(GraphSketch.Link(from: from, to: 3 + stage, lane: lane))
            }
        }
        let layout = GraphLayout(sketch)
        let straight = layout.edges.map(\.isStraight)
        #expect(straight == Array(repeating: true, count: 9))
        let heights = (3...5).map { layout.rows[$0][1] }
        #expect(Set(heights).count == 1)
    }

    @Test func `text is cut in the middle, and no wider than it may be`() {
        for width in stride(from: 10.0, through: 200, by: 7) {
            let cut = TextWidth.cut("a-very-long-name-of-a-stage-in-europe", to: width)
            #expect(TextWidth.width(cut) <= max(width, TextWidth.width("…")))
        }
        #expect(TextWidth.cut("short", to: 200) == "short")
    }
}
