/// Findings by kind: the first of each, and how many there are.
///
/// However rotten a file is, a list of a few kinds stays short.
package struct FindingList<Finding: Sendable>: Sendable {
    /// What is counted together: a table and the rule that it breaks.
    package struct Kind: Hashable, Sendable {
        package let table: String
        package let rule: String

        package init(table: String, rule: String) {
            self.table = table
            self.rule = rule
        }
    }

    private struct Entry: Sendable {
        var first: [Finding] = []
        var count: UInt64 = 0
    }

    private let firstCountMax: Int
    private var entries: [Kind: Entry] = [:]
    private var kinds: [Kind] = []

    /// An empty list that keeps so many findings of a kind.
    package init(firstCountMax: Int = 20) {
        self.firstCountMax = firstCountMax
    }

    /// Adds a finding; it is made only if it is kept.
    package mutating func add(_ kind: Kind, _ finding: @autoclosure () -> Finding) {
        var entry = entry(kind)
        entry.count += 1
        if entry.first.count < firstCountMax { entry.first.append(finding()) }
        entries[kind] = entry
    }

    /// Adds all findings of another list behind those that are here.
    package mutating func add(_ other: FindingList) {
        for kind in other.kinds {
            guard let more = other.entries[kind] else { continue }
            var entry = entry(kind)
            entry.count += more.count
            entry.first += more.first.prefix(max(0, firstCountMax - entry.first.count))
            entries[kind] = entry
        }
    }

    /// Whether there are findings about any of these tables.
    package func contains(tables: Set<String>) -> Bool {
        kinds.contains { tables.contains($0.table) }
    }

    /// The findings about one table.
    package func only(table: String) -> FindingList {
        var list = FindingList(firstCountMax: firstCountMax)
        list.kinds = kinds.filter { $0.table == table }
        list.entries = entries.filter { $0.key.table == table }
        return list
    }

    /// Counts findings that nobody keeps.
    package mutating func add(_ count: UInt64, uncounted kind: Kind) {
        guard count > 0 else { return }
        var entry = entry(kind)
        entry.count += count
        entries[kind] = entry
    }

    private mutating func entry(_ kind: Kind) -> Entry {
        if let entry = entries[kind] { return entry }
        kinds.append(kind)
        return Entry()
    }

    /// The same list of other findings.
    package func map<Other: Sendable>(
        _ transform: (Finding) -> Other
    ) -> FindingList<Other> {
        var mapped = FindingList<Other>(firstCountMax: firstCountMax)
        for kind in kinds {
            guard let entry = entries[kind] else { continue }
            let other = FindingList<Other>.Kind(table: kind.table, rule: kind.rule)
            for finding in entry.first { mapped.add(other, transform(finding)) }
            mapped.add(entry.count - UInt64(entry.first.count), uncounted: other)
        }
        return mapped
    }

    /// Whether nothing was found.
    package var isEmpty: Bool { kinds.isEmpty }

    /// The findings that are kept, kind by kind.
    package var findings: [Finding] { kinds.flatMap { entries[$0]?.first ?? [] } }

    /// How many findings there are, kept or not.
    package var count: UInt64 { entries.values.reduce(0) { $0 + $1.count } }

    /// How many findings of each kind are counted only.
    package var omitted: [(kind: Kind, count: UInt64)] {
        kinds.compactMap { kind in
            guard let entry = entries[kind] else { return nil }
            let rest = entry.count - UInt64(entry.first.count)
            return rest > 0 ? (kind, rest) : nil
        }
    }
}
