/// A pipeline to be drawn: what there is, and how large; where it goes is the layout's business.
struct GraphSketch {
    /// Rows of freight of one origin, at the same height in every card that shows it.
    var laneCount = 0
    var nodes: [Node] = []
    var links: [Link] = []

    /// A card.
    struct Node {
        /// What the card is of.
        enum Kind {
            case warehouse, stage, junction, stack
        }

        let kind: Kind
        /// The lanes that it shows, ascending; empty for a card without rows.
        var lanes: [Int]
        let width: Double
        /// Height of what stands below the rows.
        let footHeight: Double
        /// Height above the first row's line; a card without rows has nothing else.
        let headHeight: Double
    }

    /// Freight that goes from one card to another.
    struct Link: Hashable {
        let from: Int
        let to: Int
        /// The lane; nil for bundles, and for what several lanes share.
        let lane: Int?
        /// Width of the pill on it; 0 for none.
        var pillWidth: Double = 0
    }
}

/// A rectangle.
struct GraphFrame: Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }

    /// Whether both have a point in common that is not on their borders.
    func overlaps(_ other: GraphFrame) -> Bool {
        x < other.right && other.x < right && y < other.bottom && other.y < bottom
    }
}

/// A point of an edge.
struct GraphPoint: Hashable {
    var x: Double
    var y: Double
}
