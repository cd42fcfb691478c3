package import LMDB

/// Something in a ledger that is not as it should be.
package struct VerificationFinding: Hashable, Sendable {
    /// The event that it concerns, or the first of those on a page; nil if it concerns none.
    package let position: Position?
    /// The table that is wrong, or the part of the data file.
    package let table: String
    /// The rule that is broken, in one word: findings are counted by table and rule.
    package let rule: String
    /// The page of the data file that is wrong; nil if it is none.
    package let page: UInt64?
    /// The row that is wrong, as people read its key; nil if the position says it, or it is none.
    package let key: String?
    /// What is wrong, as the rest of a sentence that starts with the place.
    package let what: String

    /// A finding, by the log or by its client.
    package init(
        position: Position? = nil,
        table: String,
        rule: String = "row",
        page: UInt64? = nil,
        key: String? = nil,
        what: String
    ) {
        self.position = position
        self.table = table
        self.rule = rule
        self.page = page
        self.key = key
        self.what = what
    }
}

extension VerificationFinding: CustomStringConvertible {
    package var description: String { "\(place): \(what)" }

    /// Where it is.
    package var place: String {
        let parts = [
            position.map { page == nil ? "event \($0)" : "from event \($0)" }, tableName,
            page.map { "page \($0)" }, key.map { "row \($0)" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    private var tableName: String {
        switch table {
        case StructureFinding.file, StructureFinding.freeList, "checkpoint": table
        case StructureFinding.tables: "list of tables"
        default: "table \(table)"
        }
    }
}

extension FindingList<VerificationFinding> {
    /// Adds a finding under its table and rule.
    package mutating func add(_ finding: VerificationFinding) {
        add(Kind(table: finding.table, rule: finding.rule), finding)
    }

    /// Adds a finding about an event; it is made only if it is kept.
    mutating func add(
        _ position: UInt64?,
        _ table: String,
        _ rule: String,
        _ what: @autoclosure () -> String
    ) {
        add(
            Kind(table: table, rule: rule),
            VerificationFinding(
                position: position.map { Position(rawValue: $0) },
                table: table,
                rule: rule,
                what: what()
            )
        )
    }
}

extension VerificationFinding {
    /// What a page of the data file is not.
    init(_ finding: StructureFinding) {
        var position: Position?
        // Of other tables the keys are no positions.
        if ["headers", "payloads"].contains(finding.table), let key = finding.firstKey,
            key.count == 8
        {
            // Such keys are numbers in the byte order of the machine, which LMDB's pages have too.
            position = Position(
                rawValue: unsafe key.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt64.self) }
            )
        }
        self.init(
            position: position,
            table: finding.table,
            rule: finding.rule.rawValue,
            page: finding.page,
            what: finding.what
        )
    }
}
