package import EventLog

/// Why a junction makes no bundle of what it holds.
package enum RepackagingObstacle: Hashable, Sendable {
    // For anybody.
    /// Slots that are empty and not optional; none where the junction holds nothing at all.
    case slotsEmpty([Origin])
    case notAvailable(FreightID, alias: String, of: Origin, [Availability.Unmet])
    /// It is the junction's bundle already.
    case unchanged(FreightID, alias: String)
    /// `requireVerifiedTogether`, and none of these stages verified all of it together.
    case neverTogether([StageName])

    // For automation only.
    /// `repackaging: Manual`.
    case byHand
    /// A slot changed too recently.
    case restless(since: Timestamp, until: Timestamp)
    /// The criteria do not hold.
    case criteriaNotMet(String)
    /// The criteria cannot be judged.
    case criteriaFailed(String, error: String)

    /// Whether a person can repackage all the same.
    package var isForAutomationOnly: Bool {
        switch self {
        case .slotsEmpty, .notAvailable, .unchanged, .neverTogether: false
        case .byHand, .restless, .criteriaNotMet, .criteriaFailed: true
        }
    }
}

extension RepackagingObstacle: CustomStringConvertible {
    /// One sentence, with what would change it.
    package var description: String {
        switch self {
        case .slotsEmpty(let origins) where origins.isEmpty:
            "it holds nothing; collect freight into its slots first"
        case .slotsEmpty(let origins):
            "it holds nothing of \(list(origins)); collect freight for "
                + "\(origins.count == 1 ? "it" : "them") or make the slot optional"
        case .notAvailable(_, let alias, let origin, let unmet):
            "freight \(alias) of \(origin) is no longer available: "
                + "\(unmet.map(\.description).joined(separator: "; ")); collect something else"
        case .unchanged(_, let alias):
            "it holds the same as its bundle \(alias)"
        case .neverTogether(let stages):
            "what it holds was never verified together in \(list(stages)); collect what ran there "
                + "together, or wait until that is verified"
        case .byHand:
            "it is repackaged by hand"
        case .restless(let since, let until):
            "a slot changed at \(since.text), and automation waits until \(until.text)"
        case .criteriaNotMet(let expression):
            "its criteria do not hold: \(expression.quotedForDisplay)"
        case .criteriaFailed(let expression, let error):
            "its criteria \(expression.quotedForDisplay) cannot be judged: \(error)"
        }
    }

    private func list(_ items: [some CustomStringConvertible]) -> String {
        items.map(\.description).joined(separator: ", ")
    }
}
