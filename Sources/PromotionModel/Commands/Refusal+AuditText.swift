import EventLog

extension Refusal {
    /// What stands in the way of bookmarks, notes and redactions.
    var auditText: String {
        switch self {
        case .bookmarkMalformed(let name):
            "\(name.quotedForDisplay) cannot name a bookmark; use up to "
                + "\(ModelLimits.bookmarkByteCountMax) lower-case letters, digits, - and ."
        case .noteMalformed(let byteCount):
            "a note of \(byteCount) bytes cannot be kept; write 1 to "
                + "\(ModelLimits.noteByteCountMax)"
        case .notRedactable(let position, let type):
            "event \(position) (\(type.name)) cannot be redacted: later events stand on what it "
                + "says; change what it configured with waybill apply, and change the secret that "
                + "slipped through"
        case .alreadyRedacted(let position, let redaction):
            "event \(position) was redacted already, by event \(redaction); see waybill describe "
                + "event/\(redaction)"
        case .nothingToRedact(let position, let type):
            "event \(position) (\(type.name)) has no text that could be erased; see waybill "
                + "describe event/\(position)"
        default: preconditionFailure("not a refusal of something about the audit")
        }
    }
}
