package import EventLog
import Wire

/// What redacting an event's payload erases, and what is kept for the events behind it.
package enum Redaction {
    /// Decides whether an event can be redacted.
    ///
    /// Refuses, in this order: configuration, and what tells of redactions and of the ledger
    /// itself; an event without text.
    package static func decide(
        _ event: Event,
        at position: Position,
        reason: String
    ) throws(RedactionRefused) -> PayloadRedacted {
        guard event.isRedactable else {
            throw RedactionRefused(refusal: .notRedactable(position, event.type))
        }
        var eraser = TextEraser()
        let remainder = eraser.remainder(of: event.payload)
        guard !eraser.erased.isEmpty else {
            throw RedactionRefused(refusal: .nothingToRedact(position, event.type))
        }
        var redaction = PayloadRedacted()
        redaction.position = position
        redaction.type = event.type
        redaction.reason = reason
        redaction.erased = eraser.erased
        redaction.remainder = remainder
        return redaction
    }
}

/// Why an event cannot be redacted.
package struct RedactionRefused: Error {
    package let refusal: Refusal
}

extension Event {
    /// Whether no later event stands on the words in it.
    ///
    /// Configuration is what everything behind it was decided by: without it the past could not be
    /// told.
    fileprivate var isRedactable: Bool {
        switch self {
        case .projectConfigured, .clusterConfigured, .warehouseConfigured, .junctionConfigured,
            .stageConfigured, .promotionTaskConfigured, .payloadRedacted, .ledgerRestored:
            false
        case .resourceRemoved, .projectModeSet, .artifactsDiscovered, .discoveryFailed,
            .discoveryRecovered, .freightCreated, .freightAliased, .freightMetadataSet,
            .freightApproved, .approvalRevoked, .freightQuarantined, .quarantineLifted,
            .freightCollected, .slotEmptied, .freightRepackaged, .promotionRequested,
            .promotionStarted, .promotionTakenOver, .stepStarted, .stepFinished, .inputRequested,
            .inputGiven, .promotionSucceeded, .promotionFailed, .promotionErrored,
            .promotionAborted, .promotionSuperseded, .verificationStarted, .verificationFinished,
            .healthReported, .autoPromotionHeld, .autoPromotionResumed, .restoreRequested,
            .restoreFinished, .bookmarkSet, .noteRecorded, .tokenIssued, .tokenRevoked,
            .roleGranted, .roleRevoked:
            true
        }
    }
}

/// Empties the fields of a record that hold what people or programs outside wrote in their own
/// words; all others stay.
private struct TextEraser: FieldVisitor {
    /// Words of people, of programs outside, and of commits; none of them decides anything.
    private static let names: Set<String> = [
        "reason", "message", "text", "evidence", "url", "outputs", "value", "author", "committer",
    ]

    /// The names of the fields that had something and have not any more.
    private(set) var erased: [String] = []

    /// The bytes of a record without its text.
    mutating func remainder(of message: any Message) -> [UInt8] {
        var copy = message
        visit(&copy)
        return copy.encoded()
    }

    private mutating func visit(_ message: inout some Message) {
        do throws(WireError) {
            try message.visit(&self)
        } catch {
            preconditionFailure("erasing decodes nothing, yet threw \(error)")
        }
    }

    private func isText(_ name: StaticString) -> Bool { Self.names.contains("\(name)") }

    private mutating func note(_ name: StaticString) {
        if !erased.contains("\(name)") { erased.append("\(name)") }
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        guard isText(name), !value.isEmpty else { return }
        value = ""
        note(name)
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        guard isText(name), value != nil else { return }
        value = nil
        note(name)
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M) {
        guard M.self == ValueMessage.self else { return visit(&value) }
        guard isText(name), value.encoded() != M().encoded() else { return }
        value = M()
        note(name)
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M?) {
        guard var message = value else { return }
        visit(&message)
        value = message
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout [M]) {
        // Templates: what a promotion does follows from them.
        if M.self == Variable.self || M.self == StepTemplate.self { return }
        for index in value.indices { visit(&value[index]) }
    }

    // None of these is text.
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {}
    mutating func field<E: WireEnum>(_ number: UInt32, _ name: StaticString, _ value: inout E) {}
    mutating func field<E: WireEnum>(_ number: UInt32, _ name: StaticString, _ value: inout E?) {}
}
