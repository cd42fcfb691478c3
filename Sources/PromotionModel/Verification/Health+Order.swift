extension Health: Comparable {
    /// A whole is as well as the worst of its parts: the greatest of several states is their sum.
    package static func < (left: Health, right: Health) -> Bool {
        left.severity < right.severity
    }

    /// Not the numbers of the wire: there progressing comes behind unknown.
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
