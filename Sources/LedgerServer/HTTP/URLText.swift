/// The parts of a request's target, decoded (RFC 3986).
struct URLText: Sendable {
    /// What stands between the slashes, decoded.
    let segments: [String]
    /// Names and values behind the question mark, decoded, in order.
    let query: [(name: String, value: String)]

    /// Parts of `path`; nil if it is no path in UTF-8 with each `%` followed by two digits, or
    /// has empty parts, `.`, `..` or control characters.
    init?(_ target: String) {
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.count <= Self.byteCountMax else {
            return nil
        }
        let halves = target.split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        var segments: [String] = []
        if halves[0] != "/" {
            for part in halves[0].dropFirst().split(
                separator: "/",
                omittingEmptySubsequences: false
            ) {
                guard let text = Self.decoded(part, plusIsBlank: false), !text.isEmpty,
                    text != ".", text != "..",
                    !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
                else { return nil }
                segments.append(text)
            }
        }
        self.segments = segments
        var query: [(name: String, value: String)] = []
        if halves.count == 2, !halves[1].isEmpty {
            for pair in halves[1].split(separator: "&", omittingEmptySubsequences: true) {
                let sides = pair.split(
                    separator: "=",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                guard let name = Self.decoded(sides[0], plusIsBlank: true),
                    let value = Self.decoded(sides.count == 2 ? sides[1] : "", plusIsBlank: true)
                else { return nil }
                query.append((name, value))
            }
        }
        self.query = query
    }

    /// A longer target is no question that somebody asks.
    static let byteCountMax = 16_384

    /// Text in which bytes are written as `%` and two digits; nil if it is not so, or no UTF-8.
    static func decoded(_ text: Substring, plusIsBlank: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var index = text.utf8.startIndex
        while index < text.utf8.endIndex {
            let byte = text.utf8[index]
            index = text.utf8.index(after: index)
            if byte == UInt8(ascii: "+"), plusIsBlank {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%") {
                var value: UInt8 = 0
                for _ in 0..<2 {
                    guard index < text.utf8.endIndex, let digit = digit(text.utf8[index]) else {
                        return nil
                    }
                    value = value << 4 | digit
                    index = text.utf8.index(after: index)
                }
                bytes.append(value)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
