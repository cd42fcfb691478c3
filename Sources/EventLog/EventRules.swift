/// The rules that every event's texts and payload obey.
enum EventRules {
    /// Checks an event before anything is written.
    static func check(_ event: NewEvent) throws(EventLogError) {
        try check("project", event.project, Limits.projectByteCountMax)
        try check("subject", event.subject, Limits.subjectByteCountMax)
        try check("actor", event.actor.name, Limits.actorByteCountMax)
        if let source = event.source {
            try check("source system", source.system, Limits.sourceByteCountMax)
            try check("source object", source.uid, Limits.sourceByteCountMax)
        }
        guard event.payload.count <= Limits.payloadByteCountMax else {
            throw .limitExceeded(
                what: "its payload has \(event.payload.count) bytes, and may have "
                    + "\(Limits.payloadByteCountMax); leave something out"
            )
        }
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
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
        guard isPlain || !text.unicodeScalars.contains(where: isControl) else {
            throw .limitExceeded(what: "its \(field) holds a control character; leave it out")
        }
    }

    /// C0, delete, C1, and the line and paragraph separators.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: true
        default: false
        }
    }
}
