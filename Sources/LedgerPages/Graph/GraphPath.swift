/// Numbers and paths as SVG writes them.
enum GraphPath {
    /// A number with at most one digit behind the point.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let size = abs(tenths)
        return size % 10 == 0 ? "\(sign)\(size / 10)" : "\(sign)\(size / 10).\(size % 10)"
    }

    /// A way through corners, each rounded; it ends before the arrow's head.
    static func path(_ points: [GraphPoint], headLength: Double) -> String {
        guard let first = points.first, var last = points.last else { return "" }
        last.x -= headLength
        var text = "M\(number(first.x)) \(number(first.y))"
        for index in points.indices.dropFirst().dropLast() {
            let corner = points[index]
            let into = toward(corner, points[index - 1])
            let out = toward(corner, points[index + 1])
            text += "L\(number(into.x)) \(number(into.y))"
            text += "Q\(number(corner.x)) \(number(corner.y)) \(number(out.x)) \(number(out.y))"
        }
        return text + "L\(number(last.x)) \(number(last.y))"
    }

    /// The point a few units from a corner toward another.
    private static func toward(_ corner: GraphPoint, _ other: GraphPoint) -> GraphPoint {
        let length = abs(other.x - corner.x) + abs(other.y - corner.y)
        guard length > 0 else { return corner }
        let part = min(8, length / 2) / length
        return GraphPoint(
            x: corner.x + (other.x - corner.x) * part,
            y: corner.y + (other.y - corner.y) * part
        )
    }

    /// An arrow's head that points right and ends at a point.
    static func head(at end: GraphPoint, isCable: Bool) -> String {
        let (length, half) = isCable ? (9.0, 6.0) : (7.0, 4.0)
        return "M\(number(end.x - length)) \(number(end.y - half))"
            + "l\(number(length)) \(number(half))l\(number(-length)) \(number(half))z"
    }
}
