/// How wide a text is drawn: measured by a table, as nobody can ask the browser.
///
/// Widths of Helvetica in thousandths of the size, a twentieth more for wider system fonts.
enum TextWidth {
    private static let ascii: [Int] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556,
        556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722,
        722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
        667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
        556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,
        500, 334, 260, 334, 584,
    ]

    /// The width of a text at a size, in the same unit.
    static func width(_ text: String, size: Double = 12.5, isBold: Bool = false) -> Double {
        var sum = 0
        for scalar in text.unicodeScalars {
            let value = Int(scalar.value)
            if value >= 32, value < 127 {
                sum += ascii[value - 32]
            } else {
                // Wide scripts begin at Hangul's first block.
                sum += value >= 0x1100 ? 1000 : 600
            }
        }
        return Double(sum) / 1000 * size * (isBold ? 1.11 : 1.05)
    }

    /// The text, or its beginning and its end with "…" between them, no wider than `width`.
    static func cut(
        _ text: String,
        to width: Double,
        size: Double = 12.5,
        isBold: Bool = false
    ) -> String {
        guard self.width(text, size: size, isBold: isBold) > width else { return text }
        let characters = Array(text)
        var low = 0
        var high = characters.count
        while low < high {
            let middle = (low + high + 1) / 2
            let candidate = shortened(characters, to: middle)
            if self.width(candidate, size: size, isBold: isBold) <= width {
                low = middle
            } else {
                high = middle - 1
            }
        }
        return shortened(characters, to: low)
    }

    private static func shortened(_ characters: [Character], to count: Int) -> String {
        let head = (count + 1) / 2
        return String(characters[..<head]) + "…"
            + String(characters[(characters.count - count / 2)...])
    }
}
