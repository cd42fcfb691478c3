package import EventLog

/// A sample of changes that whoever names the seed can draw again, with any tool.
package enum ChangeSample {
    /// The `count` changes for which SHA-256 over `SEED:POSITION` is least, in their order.
    ///
    /// All, if there are no more. The seed is the auditor's: who knows it beforehand knows what
    /// will be looked at.
    package static func draw(
        _ count: Int,
        of positions: [Position],
        seed: String
    ) -> [Position] {
        let drawn = positions.map { position in
            (position, Digest.sha256(Array("\(seed):\(position.rawValue)".utf8)).hex)
        }
        return drawn.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(count).map(\.0).sorted()
    }
}
