package import EventLog

/// How long freight has been in a stage that verified it.
package struct FreightStay: Hashable, Sendable {
    package let verifiedAt: Timestamp
    /// Stays that have ended: the first, and those that were longer than all before.
    package let ended: [FreightSoak]
    /// From when the present stay counts; nil if the freight is not there.
    ///
    /// When it became current, or, after a withdrawal, when it was verified anew.
    package let presentSince: Timestamp?

    /// The longest stay that has ended, in milliseconds; 0 if none has.
    package var longestEndedMs: Int64 { ended.map(\.longestMs).max() ?? 0 }

    /// The milliseconds of the longest stay, the present one included.
    package func longestMs(at now: Timestamp) -> Int64 {
        max(longestEndedMs, presentSince.map { now.milliseconds(since: $0) } ?? 0)
    }

    /// Whether one of the stays is as long as is required.
    package func hasSoaked(_ requiredMs: Int64, at now: Timestamp) -> Bool {
        longestMs(at: now) >= requiredMs
    }

    /// When freight that was verified had first been there for `requiredMs` at a stretch; nil while
    /// it has not.
    ///
    /// It stays the same when the present stay ends or a longer one follows.
    package func soakedSince(_ requiredMs: Int64, at now: Timestamp) -> Timestamp? {
        guard requiredMs > 0 else { return verifiedAt }
        var reached = ended.filter { $0.longestMs >= requiredMs }.map(\.from)
        if let presentSince, now.milliseconds(since: presentSince) >= requiredMs {
            reached.append(presentSince)
        }
        return reached.min().map { max($0.adding(milliseconds: requiredMs), verifiedAt) }
    }
}

extension FreightStatus {
    /// How many ended stays in one stage are kept.
    static let stayCountMax = 16

    /// How long it has been in a stage; nil unless that has verified it since its `incarnation`.
    package func stay(in stage: StageName, since incarnation: Position) -> FreightStay? {
        guard let verified = verification(in: stage, since: incarnation) else { return nil }
        let current = current.first { $0.stage == stage && $0.position > incarnation }
        return FreightStay(
            verifiedAt: verified.at,
            ended: soaked.filter { $0.stage == stage && $0.position > incarnation },
            presentSince: current.map { max($0.at, verified.soakFrom ?? $0.at) }
        )
    }

    /// Keeps a stay that has ended, if it is longer than all that count.
    ///
    /// The shorter ones stay too: they say when a shorter soak was reached first.
    mutating func addStay(_ stay: FreightSoak, since incarnation: Position) {
        soaked.removeAll { $0.stage == stay.stage && $0.position <= incarnation }
        let kept = soaked.filter { $0.stage == stay.stage }
        guard stay.longestMs > (kept.map(\.longestMs).max() ?? 0) else { return }
        if kept.count == Self.stayCountMax, let last = kept.last {
            soaked.removeAll { $0 == last }
        }
        soaked.append(stay)
        soaked.sort { ($0.stage, $0.position) < ($1.stage, $1.position) }
    }
}
