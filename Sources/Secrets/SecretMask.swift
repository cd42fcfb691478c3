/// Finds secrets in text and hides them, as they are and in the forms in which programs write them:
/// Base64, percent-encoded, as JSON.
///
/// A secret of less than ``wordCountMax`` bytes is hidden only where it stands as a word of its
/// own; hidden everywhere, it would take every text apart.
package struct SecretMask: Sendable {
    /// What stands where a secret stood.
    package static let mark = "***"
    /// Shorter secrets are looked for as words.
    package static let wordCountMax = 4

    private var needles: Set<[UInt8]> = []

    package init() {}

    /// Whether there is nothing to hide.
    package var isEmpty: Bool { needles.isEmpty }

    /// Hides `secret` from now on; of several lines each long one by itself, too.
    package mutating func add(_ secret: String) {
        let trimmed = String(
            secret.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }
                .reversed()
        )
        guard !trimmed.isEmpty else { return }
        for text in Set([secret, trimmed]) {
            for form in SecretForms.all(of: text) { needles.insert(form) }
        }
        let lines = trimmed.split(whereSeparator: \.isNewline)
        if lines.count > 1 {
            for line in lines where line.utf8.count >= 8 { needles.insert(Array(line.utf8)) }
        }
    }

    /// Whether a secret stands in `text`.
    package func finds(in text: String) -> Bool {
        !needles.isEmpty && !spans(in: Array(text.utf8)).isEmpty
    }

    /// `text` with `***` in the place of every secret.
    package func masking(_ text: String) -> String {
        guard !needles.isEmpty else { return text }
        let bytes = Array(text.utf8)
        let spans = spans(in: bytes)
        guard !spans.isEmpty else { return text }
        var result: [UInt8] = []
        var start = 0
        for span in spans {
            result += bytes[start..<span.lowerBound]
            result += Array(Self.mark.utf8)
            start = span.upperBound
        }
        result += bytes[start...]
        return String(decoding: result, as: UTF8.self)
    }

    /// Where secrets stand, in order; those that overlap or touch are one.
    private func spans(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for needle in needles {
            let isWord = needle.count < Self.wordCountMax
            var place = 0
            while let start = Self.firstIndex(of: needle, in: bytes, from: place) {
                let end = start + needle.count
                place = start + 1
                let isApart =
                    (start == 0 || !Self.isWordPart(bytes[start - 1]))
                    && (end == bytes.count || !Self.isWordPart(bytes[end]))
                if !isWord || isApart { found.append(start..<end) }
            }
        }
        found.sort { $0.lowerBound < $1.lowerBound }
        var merged: [Range<Int>] = []
        for span in found {
            if let last = merged.last, span.lowerBound <= last.upperBound {
                let end = max(last.upperBound, span.upperBound)
                merged[merged.count - 1] = last.lowerBound..<end
            } else {
                merged.append(span)
            }
        }
        return merged
    }

    private static func firstIndex(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = needle.first, bytes.count >= needle.count else { return nil }
        var index = start
        let last = bytes.count - needle.count
        while index <= last {
            if bytes[index] == first, bytes[index..<(index + needle.count)].elementsEqual(needle) {
                return index
            }
            index += 1
        }
        return nil
    }

    private static func isWordPart(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
            || (0x30...0x39).contains(byte) || byte == 0x5f || byte >= 0x80
    }
}
