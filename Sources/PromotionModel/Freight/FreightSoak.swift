package import EventLog
package import Wire

/// A completed stay of freight in a stage where it was verified.
package struct FreightSoak: Message, Hashable {
    package var stage = StageName(unchecked: "")
    package var longestMs: Int64 = 0
    /// The end of that stay; one before the stage was made anew does not count.
    package var position = Position.origin
    /// When it began, as far as it counts.
    package var from = Timestamp.epoch

    package init() {}

    /// A completed stay in `stage`, which ended at `position`.
    package init(
        stage: StageName,
        longestMs: Int64,
        position: Position,
        from: Timestamp = .epoch
    ) {
        self.stage = stage
        self.longestMs = longestMs
        self.position = position
        self.from = from
    }

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "stage", &stage)
        try visitor.field(2, "longestMs", &longestMs)
        try visitor.field(3, "position", &position)
        try visitor.field(4, "fromMs", &from)
    }
}

extension FreightStatus {
    /// How many completed stays in one stage are kept.
    static let soakCountMax = 16

    /// How long freight stayed in a stage at the longest, and has left it since; 0 if it never
    /// did, or nothing of that counts.
    package func longestStayMs(in stage: StageName, since incarnation: Position) -> Int64 {
        soaked.filter { $0.stage == stage && $0.position > incarnation }.map(\.longestMs).max() ?? 0
    }

    /// Keeps a completed stay, if it is longer than all that count.
    ///
    /// The shorter ones stay too: they say when a shorter soak was reached first.
    mutating func addStay(_ stay: FreightSoak, since incarnation: Position) {
        guard stay.longestMs > longestStayMs(in: stay.stage, since: incarnation) else { return }
        soaked.removeAll { $0.stage == stay.stage && $0.position <= incarnation }
        let kept = soaked.filter { $0.stage == stay.stage }
        if kept.count == Self.soakCountMax, let last = kept.last {
            soaked.removeAll { $0 == last }
        }
        soaked.append(stay)
        soaked.sort { ($0.stage, $0.position) < ($1.stage, $1.position) }
    }

    /// When freight that was verified in a stage had first been there for `soakMs` at a stretch;
    /// nil while it has not.
    func soaked(
        for soakMs: Int64,
        in stage: StageName,
        since incarnation: Position,
        verified: FreightMark,
        now: Timestamp
    ) -> Timestamp? {
        var reached = soaked.filter {
            $0.stage == stage && $0.position > incarnation && $0.longestMs >= soakMs
        }.map { $0.from.adding(milliseconds: soakMs) }
        if let due = due(for: soakMs, in: stage, since: incarnation, verified: verified),
            due <= now
        {
            reached.append(due)
        }
        return reached.min().map { max($0, verified.at) }
    }

    /// When the present stay of freight that was verified in a stage reaches `soakMs`; nil where
    /// it is not there.
    ///
    /// Counted from becoming current, as in Kargo; after a withdrawal from the next verification.
    func due(
        for soakMs: Int64,
        in stage: StageName,
        since incarnation: Position,
        verified: FreightMark
    ) -> Timestamp? {
        current.first { $0.stage == stage && $0.position > incarnation }.map { mark in
            max(mark.at, verified.soakFrom ?? mark.at).adding(milliseconds: soakMs)
        }
    }
}
