/// Proposes what somebody may have meant.
enum NearestName {
    /// `; did you mean …?`, or the names there are if none is near.
    static func hint(_ name: String, _ candidates: [String]) -> String {
        let nearest = candidates.min { distance($0, name) < distance($1, name) }
        guard let nearest, distance(nearest, name) <= max(2, name.count / 3) else {
            return "; there are \(candidates.joined(separator: ", "))"
        }
        return "; did you mean \(nearest)?"
    }

    /// How many characters must be changed, added or left out.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().prefix(64))
        let right = Array(right.lowercased().prefix(64))
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
