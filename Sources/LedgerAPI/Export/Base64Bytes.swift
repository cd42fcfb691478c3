/// Base 64 with padding (RFC 4648, section 4), from bytes to bytes by tables.
package enum Base64Bytes {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    /// The value of each character; 255 for what is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() {
            values[Int(character)] = UInt8(value)
        }
        return values
    }()

    /// Appends the text of `bytes`.
    package static func encode(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        let alphabet = Self.alphabet
        text.append(addingCapacity: (bytes.count + 2) / 3 * 4) { output in
            var index = 0
            while index + 3 <= bytes.count {
                let bits =
                    UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
                    | UInt32(bytes[index + 2])
                output.append(alphabet[Int(bits >> 18)])
                output.append(alphabet[Int(bits >> 12 & 63)])
                output.append(alphabet[Int(bits >> 6 & 63)])
                output.append(alphabet[Int(bits & 63)])
                index += 3
            }
            let rest = bytes.count - index
            if rest == 0 { return }
            let bits =
                UInt32(bytes[index]) << 16 | (rest == 2 ? UInt32(bytes[index + 1]) << 8 : 0)
            output.append(alphabet[Int(bits >> 18)])
            output.append(alphabet[Int(bits >> 12 & 63)])
            output.append(rest == 2 ? alphabet[Int(bits >> 6 & 63)] : UInt8(ascii: "="))
            output.append(UInt8(ascii: "="))
        }
    }

    /// Appends the bytes of `text`; false unless it is exactly what `encode` makes of them.
    package static func decode(_ text: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard text.count % 4 == 0 else { return false }
        if text.isEmpty { return true }
        let values = Self.values
        let end = UInt8(ascii: "=")
        let padding = text[text.count - 1] != end ? 0 : text[text.count - 2] != end ? 1 : 2
        var isSound = true
        bytes.append(addingCapacity: text.count / 4 * 3) { output in
            var index = 0
            let whole = padding == 0 ? text.count : text.count - 4
            while index < whole {
                let (first, second) = (values[Int(text[index])], values[Int(text[index + 1])])
                let (third, fourth) = (values[Int(text[index + 2])], values[Int(text[index + 3])])
                guard first | second | third | fourth < 64 else {
                    isSound = false
                    return
                }
                output.append(first << 2 | second >> 4)
                output.append(second << 4 | third >> 2)
                output.append(third << 6 | fourth)
                index += 4
            }
            if padding == 0 { return }
            let (first, second) = (values[Int(text[index])], values[Int(text[index + 1])])
            let third = padding == 1 ? values[Int(text[index + 2])] : 0
            // Bits that no byte needs must be 0, or two texts would mean the same bytes.
            let spare = padding == 1 ? third & 3 : second & 15
            guard first | second | third < 64, spare == 0 else {
                isSound = false
                return
            }
            output.append(first << 2 | second >> 4)
            if padding == 1 { output.append(second << 4 | third >> 2) }
        }
        return isSound
    }
}
