package import EventLog
package import PromotionModel

/// How a stage was delivered to in a period, by the four measures of DORA; `docs/METRICS.md` has
/// the definitions.
package struct DeliveryMetrics: Hashable, Sendable {
    /// The period: events behind `from` up to `to`.
    package let from: Moment
    package let to: Moment
    /// Changes that took effect, or may have, oldest first; going back is none.
    package let deployments: [Deployment]
    /// Commits that the stage had for the first time, oldest deployment first.
    package let leadTimes: [LeadTime]

    /// A change of the stage that is no way back.
    package struct Deployment: Hashable, Sendable {
        package let promotion: PromotionName
        /// The event with which it ended.
        package let position: Position
        package let at: Timestamp
        package let hasSucceeded: Bool
        /// What showed first that it had failed; nil where nothing did.
        package internal(set) var failure: Mark?
        /// What ended the failure; nil while it lasts.
        package internal(set) var restored: Mark?
    }

    /// An event and its time.
    package struct Mark: Hashable, Sendable {
        package let position: Position
        package let at: Timestamp
        package let why: Why

        /// What an event says about a deployment.
        package enum Why: String, Sendable {
            case promotionFailed, verificationFailed, wentBack, unhealthy
            case deployed, healthy, verified
        }
    }

    /// How long a commit took to the stage.
    package struct LeadTime: Hashable, Sendable {
        package let repoURL: String
        package let commit: String
        package let committedAt: Timestamp
        /// The event with which the stage had it.
        package let position: Position
        package let at: Timestamp

        package var milliseconds: Int64 { at.milliseconds(since: committedAt) }
    }

    /// The length of the period in days.
    package var days: Double {
        Double(max(0, to.time.milliseconds(since: from.time))) / 86_400_000
    }

    /// Deployments that succeeded, a day; nil for a period without length.
    package var deploymentsPerDay: Double? {
        days > 0 ? Double(deployments.count(where: \.hasSucceeded)) / days : nil
    }

    /// Failed deployments in all; nil where there are none.
    package var changeFailRate: Double? {
        guard !deployments.isEmpty else { return nil }
        return Double(deployments.count { $0.failure != nil }) / Double(deployments.count)
    }

    /// The middle lead time, in milliseconds; nil where no new commit came.
    package var leadTimeMedianMs: Int64? { Self.median(leadTimes.map(\.milliseconds)) }

    /// The middle of the times from failure to restoration that are over, in milliseconds.
    package var timeToRestoreMedianMs: Int64? {
        Self.median(
            deployments.compactMap { deployment in
                guard let failure = deployment.failure, let end = deployment.restored else {
                    return nil
                }
                return max(0, end.at.milliseconds(since: failure.at))
            }
        )
    }

    /// The middle value, of an even number the lower one: a value that did occur.
    private static func median(_ values: [Int64]) -> Int64? {
        values.isEmpty ? nil : values.sorted()[(values.count - 1) / 2]
    }
}
