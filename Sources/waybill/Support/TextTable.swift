/// Columns of text, aligned to the left, two blanks apart.
struct TextTable {
    private var rows: [[String]]

    /// A table with these headings.
    init(_ headings: [String]) {
        rows = [headings]
    }

    /// Adds a row; line breaks and control characters are replaced.
    mutating func add(_ row: [String]) {
        rows.append(row.map(Self.cleaned))
    }

    /// Text with blanks for line breaks and control characters.
    static func cleaned(_ text: String) -> String {
        guard text.hasControlCharacters else { return text }
        let scalars = text.unicodeScalars.map { scalar -> Character in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        return String(scalars)
    }

    /// The table two blanks further in.
    var indented: String {
        text.split(separator: "\n").map { "  " + $0 + "\n" }.joined()
    }

    /// The table with a line break after each row.
    var text: String {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        return rows.map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                line += cell
                if index + 1 < row.count {
                    line += String(repeating: " ", count: widths[index] - cell.count + 2)
                }
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
