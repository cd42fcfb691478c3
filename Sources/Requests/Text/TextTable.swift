/// Columns of text, aligned to the left, two blanks apart.
package struct TextTable {
    private var rows: [[String]]
    private static let gap = 2

    /// A table with these headings.
    package init(_ headings: [String]) {
        rows = [headings]
    }

    /// Adds a row; line breaks and control characters are replaced.
    package mutating func add(_ row: [String]) {
        rows.append(row.map(Self.cleaned))
    }

    /// Text with blanks for line breaks and control characters.
    package static func cleaned(_ text: String) -> String {
        guard text.hasControlCharacters else { return text }
        let scalars = text.unicodeScalars.map { scalar -> Character in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        return String(scalars)
    }

    /// The table two blanks further in, laid out for standard output.
    package var indented: String {
        var layout = TextLayout.current
        layout.columns = layout.columns.map { max(1, $0 - Self.gap) }
        return text(in: layout).split(separator: "\n").map { "  " + $0 + "\n" }.joined()
    }

    /// The table with a line break after each row, laid out for standard output.
    package var text: String { text(in: .current) }

    /// The table with a line break after each row.
    package func text(in layout: TextLayout) -> String {
        let rows = rows.map { $0.map(layout.shortened) }
        let widths = Self.widths(of: rows, in: layout)
        let headings = rows[0]
        return rows.enumerated().map { number, row in
            var line = ""
            var pending = 0
            for (index, cell) in row.enumerated() {
                let cell = cell.cut(to: widths[index], inTheMiddle: index == 0)
                line += String(repeating: " ", count: cell.isEmpty ? 0 : pending)
                if cell.isEmpty { pending += widths[index] + Self.gap; continue }
                pending = widths[index] - cell.columnCount + Self.gap
                let heading = index < headings.count ? headings[index] : ""
                line += number == 0 ? cell : layout.painted(cell, under: heading)
            }
            return line + "\n"
        }.joined()
    }

    /// The width of each column; the widest gives way first, the first column last.
    private static func widths(of rows: [[String]], in layout: TextLayout) -> [Int] {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.columnCount)
            }
        }
        guard let columns = layout.columns else { return widths }
        var excess = widths.reduce(0, +) + gap * (widths.count - 1) - columns
        // People copy what is in the first column.
        let steps: [(places: ArraySlice<Int>, min: Int)] = [
            (Array(widths.indices)[1...], 9), (Array(widths.indices)[..<1], 16),
            (Array(widths.indices)[1...], 5),
            (Array(widths.indices)[1...], 3),
        ]
        for step in steps {
            while excess > 0 {
                let candidates = step.places.filter { widths[$0] > step.min }
                guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
                excess -= 1
            }
        }
        return widths
    }
}
