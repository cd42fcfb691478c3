package import EventLog

/// How a slot of a junction stands, and what the junction's selection would do about it.
package struct SlotOutlook: Sendable, Hashable {
    package let request: RequestedFreight
    /// nil while it is empty.
    package let slot: Slot?
    /// What the selection would take; nil if nothing is available to it.
    package let candidate: Freight?
    /// Why what the slot holds may no longer be held; empty while it may.
    package let lost: [Availability.Unmet]
    /// Whether somebody said that automation leaves the slot alone.
    package let isHeld: Bool
    /// When a newer candidate comes by itself.
    package let wakeAt: Timestamp?

    /// Whether the selection would take other freight than the slot holds.
    package var isStale: Bool {
        guard let slot, let candidate else { return false }
        return slot.freight != candidate.id
    }

    /// Whether the junction cannot repackage, because nothing is there.
    package var isMissing: Bool { slot == nil && !request.optional }
}

/// What is to be done about a slot.
package enum SlotStep: Hashable, Sendable {
    case collect(Freight)
    /// With the condition that fell away.
    case empty(Slot, reason: String)
    /// The hold is lifted, and the slot stays as it is.
    case resume
}

extension SlotOutlook {
    /// What automation does about the slot; nil for nothing.
    ///
    /// It leaves alone what is held, while that may be held. Where collecting is by hand it fills
    /// no slots, and empties those whose freight is no longer available.
    package func automaticStep(_ policy: AutomationPolicy) -> SlotStep? {
        if policy == .manual { return emptying(alternative: false) }
        if isHeld && lost.isEmpty { return nil }
        guard let candidate else { return emptying(alternative: true) }
        return slot?.freight == candidate.id ? nil : .collect(candidate)
    }

    /// What collecting by hand without naming freight does: as the selection says, and no hold.
    var manualStep: SlotStep? {
        if let candidate, slot?.freight != candidate.id || isHeld { return .collect(candidate) }
        return emptying(alternative: true) ?? (isHeld ? .resume : nil)
    }

    /// Which condition fell away, and, where an `alternative` was looked for, that there is none.
    private func emptying(alternative: Bool) -> SlotStep? {
        guard let slot, !lost.isEmpty else { return nil }
        let why = lost.map(\.description).joined(separator: "; ")
        let none = alternative ? "; no other freight of \(slot.origin) is available" : ""
        return .empty(slot, reason: why + none)
    }
}
