import EventLog
import LMDB

/// Rows of a projection as they are stored, beside what the events make them; both in the order
/// of their keys.
struct TableComparison {
    static let differs = "projectionDiffers"
    static let missing = "projectionMissing"
    static let stranger = "projectionStranger"
    static let tableMissing = "projectionTableMissing"

    private let table: LedgerTable
    private(set) var findings = FindingList<VerificationFinding>()

    init(_ table: LedgerTable) {
        self.table = table
    }

    /// Goes on to the stored row of `key`, which should have `value`; whether it is at a row then.
    mutating func advance(
        _ stored: inout TableScan,
        _ isStored: Bool,
        to key: Span<UInt8>,
        _ value: Span<UInt8>
    ) -> Bool {
        var isStored = isStored
        while isStored {
            let order = Self.order(stored, key)
            if order > 0 { break }
            if order < 0 {
                reportStranger(stored)
                isStored = stored.next()
                continue
            }
            if !Self.hasValue(stored, value) {
                report(key.copied, Self.differs, "differs from what the events make it")
            }
            return stored.next()
        }
        report(key.copied, Self.missing, "is missing")
        return isStored
    }

    /// Reports that there is no such table.
    mutating func reportMissingTable() {
        findings.add(
            VerificationFinding(table: table.rawValue, rule: Self.tableMissing, what: "is missing")
        )
    }

    /// Reports a stored row that there should not be.
    mutating func reportStranger(_ stored: borrowing TableScan) {
        report(stored.key.copied, Self.stranger, "comes from no event")
    }

    private mutating func report(_ key: [UInt8], _ rule: String, _ what: String) {
        let (text, position) = table.reading(key)
        findings.add(
            VerificationFinding(
                position: position,
                table: table.rawValue,
                rule: rule,
                key: text,
                what: what
            )
        )
    }

    private static func order(_ stored: borrowing TableScan, _ key: Span<UInt8>) -> Int {
        let own = stored.key
        for index in 0..<min(own.count, key.count) where own[index] != key[index] {
            return own[index] < key[index] ? -1 : 1
        }
        return own.count - key.count
    }

    private static func hasValue(_ stored: borrowing TableScan, _ value: Span<UInt8>) -> Bool {
        guard let own = stored.value, own.count == value.count else { return false }
        for index in own.indices where own[index] != value[index] { return false }
        return true
    }
}
