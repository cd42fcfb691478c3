/// Values as text, and text as values.
enum TextForm {
    /// As `string(value)` writes it: text as it is, numbers as Go's `%v`, the rest as JSON.
    static func display(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .double(let number): NumberText.display(number)
        case .null: "nil"
        default: value.json
        }
    }

    /// What Go's `strconv.ParseBool` makes of `text`.
    static func bool(_ text: some StringProtocol) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }

    /// Whether `part` stands somewhere in `text`, byte for byte.
    static func contains(_ text: String, _ part: String) -> Bool {
        firstOffset(of: Array(part.utf8), in: Array(text.utf8), from: 0) != nil
    }

    /// The first place of `part` in `bytes`, not before `start`.
    ///
    /// - Complexity: O(*n* + *m*) (Knuth, Morris and Pratt), so that no text is a slow one.
    static func firstOffset(of part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard !part.isEmpty else { return start <= bytes.count ? start : nil }
        guard start + part.count <= bytes.count else { return nil }
        // How much of `part` still fits after a mismatch behind its first n bytes.
        var fallback = [0]
        fallback.reserveCapacity(part.count)
        var matched = 0
        for byte in part.dropFirst() {
            while matched > 0, byte != part[matched] { matched = fallback[matched - 1] }
            if byte == part[matched] { matched += 1 }
            fallback.append(matched)
        }
        matched = 0
        for index in start..<bytes.count {
            while matched > 0, bytes[index] != part[matched] { matched = fallback[matched - 1] }
            if bytes[index] == part[matched] { matched += 1 }
            if matched == part.count { return index + 1 - matched }
        }
        return nil
    }
}
