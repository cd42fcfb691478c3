import EventLog
import Glibc

/// How tables are laid out: as they are for files and pipes, fitted and coloured for a terminal.
package struct TextLayout: Sendable {
    /// The columns that a line may take; nil where it may be as long as it is.
    package var columns: Int?
    /// Whether states have colours.
    package var isColoured = false

    /// A cell as it is shown: where there is little room, a time is how long ago it was.
    func shortened(_ cell: String) -> String {
        guard columns != nil, Self.timeLengths.contains(cell.utf8.count),
            let time = Timestamp(text: cell)
        else { return cell }
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
        return Display.duration(milliseconds - time.milliseconds(since: .epoch)) + " ago"
    }

    /// The characters of a time: `2026-11-23T09:00:00Z` to `2026-11-23T09:00:00.000Z`.
    private static let timeLengths = 20...24

    /// A layout for lines of so many columns.
    package init(columns: Int? = nil, isColoured: Bool = false) {
        self.columns = columns
        self.isColoured = isColoured
    }

    /// As long as lines are, without colours.
    package static let whole = TextLayout()

    /// That of whoever reads what is made now; a command's is its standard output's.
    @TaskLocal package static var current = TextLayout.whole

    /// A cell in the colour of what it says, where its column says how things are.
    func painted(_ cell: String, under heading: String) -> String {
        guard isColoured, let tint = Tint(of: cell, under: heading) else { return cell }
        return "\u{1B}[\(tint.rawValue)m\(cell)\u{1B}[0m"
    }
}

/// The colours of states, by their codes (ECMA-48, Select Graphic Rendition).
enum Tint: Int {
    case bad = 31
    case good = 32
    case underWay = 33

    private static let headings: Set<String> = [
        "PHASE", "STATE", "VERIFIED", "CHANGE", "RESULT", "NEXT", "MARKS", "HEALTH", "STATUS",
    ]
    /// By how words begin, where the first that fits holds: `failed`, `errored`, `2 uncertain`.
    private static let words: [(word: String, tint: Tint)] = [
        ("fail", .bad), ("error", .bad), ("unhealthy", .bad), ("quarantined", .bad),
        ("uncertain", .bad), ("removed", .bad), ("aborted", .bad),
        ("held", .underWay), ("promoting", .underWay), ("pending", .underWay),
        ("running", .underWay), ("progressing", .underWay), ("open", .underWay),
        ("waits", .underWay), ("inconclusive", .underWay), ("changed", .underWay),
        ("added", .underWay), ("stale", .underWay), ("superseded", .underWay),
        ("succeeded", .good), ("passed", .good), ("ready", .good), ("approved", .good),
        ("healthy", .good), ("at rest", .good),
    ]

    /// The colour of a cell; nil where it says nothing that is good or bad.
    init?(of cell: String, under heading: String) {
        guard Self.headings.contains(heading) else { return nil }
        let words = cell.split { !$0.isLetter }
        let match = Self.words.first { word, _ in
            words.contains { $0.hasPrefix(word) } || cell.hasPrefix(word)
        }
        guard let match else { return nil }
        self = match.tint
    }
}

extension String {
    /// How many columns of a terminal the text takes.
    var columnCount: Int {
        reduce(0) { count, character in count + (character.isWide ? 2 : 1) }
    }

    /// The text in at most so many columns, with an ellipsis for what is left out at the end or
    /// in the middle.
    package func cut(to columns: Int, inTheMiddle: Bool) -> String {
        guard columnCount > columns, columns > 0 else { return self }
        let tail = inTheMiddle ? String(reversed()).beginning(columns / 3).reversed() : []
        let head = beginning(columns - 1 - String(tail).columnCount)
        return head + "…" + String(tail)
    }

    /// As many characters as fit into so many columns.
    private func beginning(_ columns: Int) -> String {
        var text = ""
        var left = columns
        for character in self {
            left -= character.isWide ? 2 : 1
            if left < 0 { break }
            text.append(character)
        }
        return text
    }
}

extension Character {
    /// Whether a terminal gives it two columns (Unicode Standard Annex 11, wide and fullwidth).
    fileprivate var isWide: Bool {
        guard let scalar = unicodeScalars.first, scalar.value >= 0x1100 else { return false }
        let ranges: [ClosedRange<UInt32>] = [
            0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1FAFF,
            0x20000...0x3FFFD,
        ]
        return ranges.contains { $0.contains(scalar.value) }
    }
}
