/// The rules that every event's texts and payload obey.
struct EventRules: Sendable {
    /// Texts that were found good last: the events of one command mostly share them, and equal
    /// strings of one storage are told apart at a glance.
    private var project = ""
    private var subject = ""
    private var actor = ""

    /// Checks an event before anything is written.
    mutating func check(_ event: NewEvent) throws(EventLogError) {
        try Self.check("project", event.project, &project, Limits.projectByteCountMax)
        try Self.check("subject", event.subject, &subject, Limits.subjectByteCountMax)
        try Self.check("actor", event.actor.name, &actor, Limits.actorByteCountMax)
        if let source = event.source {
            try Self.check("source system", source.system, Limits.sourceByteCountMax)
            try Self.check("source object", source.uid, Limits.sourceByteCountMax)
        }
        guard event.payload.count <= Limits.payloadByteCountMax else {
            throw .limitExceeded(
                what: "its payload has \(event.payload.count) bytes, and may have "
                    + "\(Limits.payloadByteCountMax); leave something out"
            )
        }
    }

    private static func check(
        _ field: StaticString,
        _ text: String,
        _ known: inout String,
        _ byteCountMax: Int
    ) throws(EventLogError) {
        if text == known { return }
        try check(field, text, byteCountMax)
        known = text
    }

    /// The text itself is not shown: it may be 10 MB, or hold what a terminal obeys.
    private static func check(
        _ field: StaticString,
        _ text: String,
        _ byteCountMax: Int
    ) throws(EventLogError) {
        guard text.utf8.count <= byteCountMax else {
            throw .limitExceeded(
                what: "its \(field) has \(text.utf8.count) bytes, and may have \(byteCountMax); "
                    + "shorten it"
            )
        }
        // Most texts are plain ASCII, which is told from their bytes.
        guard isPlain(text.utf8Span.span) || !text.unicodeScalars.contains(where: isControl) else {
            throw .limitExceeded(what: "its \(field) holds a control character; leave it out")
        }
    }

    private static func isPlain(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] >= 0x7f {
            return false
        }
        return true
    }

    /// C0, delete, C1, and the line and paragraph separators.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: true
        default: false
        }
    }
}
