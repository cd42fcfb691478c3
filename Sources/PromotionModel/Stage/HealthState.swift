/// How well it goes with what a stage runs, from best to worst as Kargo compares them.
package enum HealthState: String, CaseIterable, Sendable, Comparable {
    case healthy = "Healthy"
    case notApplicable = "NotApplicable"
    case progressing = "Progressing"
    case unknown = "Unknown"
    case unhealthy = "Unhealthy"

    /// A whole is as well as the worst of its parts: `max` of several states is their sum.
    package static func < (left: HealthState, right: HealthState) -> Bool {
        left.severity < right.severity
    }

    private var severity: Int {
        switch self {
        case .healthy: 0
        case .notApplicable: 1
        case .progressing: 2
        case .unknown: 3
        case .unhealthy: 4
        }
    }
}
