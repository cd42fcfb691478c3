import LMDB

/// Checks what the log says of itself: the rows of `meta`, but for the end of the log.
struct MetaCheck {
    private(set) var findings = FindingList<VerificationFinding>()
    private let inspection: LogInspection

    init(_ inspection: LogInspection) {
        self.inspection = inspection
        guard inspection.tables["meta"] != nil else { return }
        for name in ["format", "minimum-reader", "minimum-writer", "map-size"] {
            let number = inspection.text(name).flatMap { UInt64($0) }
            if number == nil || number == 0 { report(name) }
        }
        if !isIdentity(inspection.id ?? "") { report("ledger-id") }
        if (inspection.clientGeneration ?? 0) == 0 { report("projection-generation") }
        if inspection.clientVersion == nil { report("projection-version") }
        if inspection.head == nil { report("head") }
    }

    private mutating func report(_ name: String) {
        findings.add(
            VerificationFinding(
                table: "meta",
                rule: "meta",
                what: "has no sound row '\(name)'"
            )
        )
    }

    /// Whether it is a UUID in lower case.
    private func isIdentity(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
