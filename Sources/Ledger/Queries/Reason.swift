package import EventLog

/// Why something does or does not happen, with what would change it, and when.
package struct Reason: Hashable, Sendable {
    package let kind: Kind
    /// One clause, without a capital and without an end.
    package let text: String
    /// Commands of which each would change it, as somebody would type them; what only they know
    /// is written in capitals.
    package let changes: [String]
    /// When it changes by itself; nil if it does not.
    package let at: Timestamp?

    init(_ kind: Kind, _ text: String, changes: [String] = [], at: Timestamp? = nil) {
        self.kind = kind
        self.text = text
        self.changes = changes
        self.at = at
    }

    /// What a reason is about; the word is a part of the JSON and does not change.
    package enum Kind: String, Sendable, CaseIterable {
        // What is about to happen.
        case next, current, available, running, pending, underWay

        // The project.
        case projectObserved, restoring

        // The stage.
        case controlFlow, awaitingInput, givesWay, takenEffect, queuePolicy
        case succeeded, replaced, superseded
        case verifying, verificationFailed, unhealthy, uncertain

        // Automation.
        case notAutomatic, held, unsuccessful, older, regression, handMade, otherPreferred

        // A warehouse, or a junction as the origin of freight.
        case neverLookedAt, discoveryFailed, nothingFound, creationByHand, creationCriteria
        case creating, notRepackaged

        // Freight.
        case noFreight, originNotRequested, notVerified, withdrawn, notSoaked, leftTooEarly
        case noSuchStage, quarantined, needsApproval, passedNone

        // A junction.
        case slotEmpty, slotLost, unchanged, byHand, debouncing, criteria, neverTogether
    }
}

extension Reason.Kind {
    /// Whether it is about other freight that could be made, and not about what there is.
    var isOfSource: Bool {
        switch self {
        case .neverLookedAt, .discoveryFailed, .nothingFound, .creationByHand, .creationCriteria,
            .creating, .notRepackaged:
            true
        case .next, .current, .available, .running, .pending, .underWay, .projectObserved,
            .restoring, .controlFlow, .awaitingInput, .givesWay, .takenEffect, .queuePolicy,
            .succeeded, .replaced, .superseded, .verifying, .verificationFailed, .unhealthy,
            .uncertain, .notAutomatic, .held, .unsuccessful, .older, .regression, .handMade,
            .otherPreferred, .noFreight, .originNotRequested, .notVerified, .withdrawn,
            .notSoaked, .leftTooEarly, .noSuchStage, .quarantined, .needsApproval, .passedNone,
            .slotEmpty, .slotLost, .unchanged, .byHand, .debouncing, .criteria, .neverTogether:
            false
        }
    }
}

extension Reason: CustomStringConvertible {
    /// A sentence with what to do about it.
    package var description: String {
        var sentence = text
        if !changes.isEmpty { sentence += "; " + changes.joined(separator: ", or ") }
        if let at { sentence += "; this changes by itself at \(at.text)" }
        return sentence
    }
}
