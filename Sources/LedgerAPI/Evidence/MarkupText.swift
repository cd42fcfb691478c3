/// HTML, written so that text of others cannot become markup.
struct MarkupText {
    /// What is written so far.
    private(set) var html = ""

    /// Writes markup of this program.
    mutating func raw(_ markup: StaticString) {
        html += "\(markup)"
    }

    /// Writes text of anybody: `&`, `<`, `>` and quotation marks are written as references, and
    /// control characters, which HTML does not know and which could turn a line around, by their
    /// numbers.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            case "\n", "\t": html.unicodeScalars.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned:
                    html += "\\u{" + String(scalar.value, radix: 16) + "}"
                default: html.unicodeScalars.append(scalar)
                }
            }
        }
    }

    /// Writes an element with text of anybody in it.
    mutating func element(_ name: StaticString, _ text: String) {
        html += "<\(name)>"
        self.text(text)
        html += "</\(name)>"
    }

    /// Writes a table: its head, and rows of cells that `cell` writes.
    mutating func table(_ heading: [String], _ rows: [[String]]) {
        raw("<div class=\"wide\"><table>\n<tr>")
        for cell in heading { element("th", cell) }
        raw("</tr>\n")
        for row in rows {
            raw("<tr>")
            for cell in row { element("td", cell) }
            raw("</tr>\n")
        }
        raw("</table></div>\n")
    }

    /// Writes names and what they stand for; what stands for nothing is left out.
    mutating func list(_ entries: [(String, String?)]) {
        raw("<dl>\n")
        for (name, value) in entries {
            guard let value, !value.isEmpty else { continue }
            element("dt", name)
            element("dd", value)
            raw("\n")
        }
        raw("</dl>\n")
    }
}
