package import EventLog

/// How long freight has been in a stage that verified it.
package struct FreightStay: Hashable, Sendable {
    package let verifiedAt: Timestamp
    /// The longest stay that has ended, in milliseconds; 0 if none has.
    package let longestEndedMs: Int64
    /// From when the present stay counts; nil if the freight is not there.
    ///
    /// When it became current, or, after a withdrawal, when it was verified anew.
    package let presentSince: Timestamp?

    /// The milliseconds of the longest stay, the present one included.
    package func longestMs(at now: Timestamp) -> Int64 {
        max(longestEndedMs, presentSince.map { now.milliseconds(since: $0) } ?? 0)
    }

    /// Whether one of the stays is as long as is required.
    package func hasSoaked(_ requiredMs: Int64, at now: Timestamp) -> Bool {
        longestMs(at: now) >= requiredMs
    }
}

extension FreightStatus {
    /// How long it has been in a stage; nil unless that has verified it since its `incarnation`.
    package func stay(in stage: StageName, since incarnation: Position) -> FreightStay? {
        guard let verified = verified.first(where: { $0.stage == stage }),
            verified.position > incarnation
        else { return nil }
        let ended = soaked.first { $0.stage == stage && $0.position > incarnation }
        let current = current.first { $0.stage == stage }
        return FreightStay(
            verifiedAt: verified.at,
            longestEndedMs: ended?.longestMs ?? 0,
            presentSince: current.map { max($0.at, verified.soakFrom ?? $0.at) }
        )
    }
}
