/// Finds what a misspelt name may have meant.
package enum NearestName {
    /// The name of `known` that is most like `name`; nil where none is like it.
    package static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        // A name that long was not misspelt.
        guard name.count <= 64 else { return nil }
        let limit = max(1, min(3, name.count / 3))
        let distances = known.map { ($0, distance(name.lowercased(), $0.lowercased())) }
        return distances.filter { $0.1 <= limit }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// How many letters must be added, left out, replaced or swapped with their neighbour.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (first, second) = (Array(left), Array(right))
        var beforePrevious: [Int] = []
        var previous = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            for column in second.indices {
                let replaced = previous[column] + (first[row] == second[column] ? 0 : 1)
                var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1],
                    first[row - 1] == second[column]
                {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[second.count]
    }
}
