/// The forms in which programs write one and the same text.
enum SecretForms {
    /// All of them, as bytes.
    static func all(of text: String) -> Set<[UInt8]> {
        let bytes = Array(text.utf8)
        var forms: Set<[UInt8]> = [bytes, json(text), percentEncoded(bytes, blankIsPlus: false)]
        forms.insert(percentEncoded(bytes, blankIsPlus: true))
        // Shorter ones would be found in texts that have nothing to do with them.
        guard bytes.count >= SecretMask.wordCountMax else { return forms }
        for alignment in 0..<3 {
            let core = base64Core(bytes, behind: alignment)
            guard core.count >= SecretMask.wordCountMax else { continue }
            forms.insert(core)
            forms.insert(core.map { $0 == 0x2b ? 0x2d : $0 == 0x2f ? 0x5f : $0 })
        }
        return forms
    }

    /// The digits that stand for nothing but `bytes`, if so many others come before them.
    private static func base64Core(_ bytes: [UInt8], behind count: Int) -> [UInt8] {
        let digits = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        )
        let padded = [UInt8](repeating: 0, count: count) + bytes
        var encoded: [UInt8] = []
        var index = 0
        // What the bytes behind would have a say in is left out.
        while index + 3 <= padded.count {
            let group =
                UInt32(padded[index]) << 16 | UInt32(padded[index + 1]) << 8
                | UInt32(padded[index + 2])
            for shift in [18, 12, 6, 0] { encoded.append(digits[Int(group >> UInt32(shift)) & 63]) }
            index += 3
        }
        let rest = padded[index...]
        if rest.count >= 1 { encoded.append(digits[Int(rest[index] >> 2)]) }
        if rest.count == 2 {
            let pair = UInt32(rest[index]) << 8 | UInt32(rest[index + 1])
            encoded.append(digits[Int(pair >> 4) & 63])
        }
        // 1 byte before has a say in 2 digits, 2 in 3.
        return Array(encoded.dropFirst(count == 0 ? 0 : count + 1))
    }

    private static func percentEncoded(_ bytes: [UInt8], blankIsPlus: Bool) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: result.append(byte)
            case 0x20 where blankIsPlus: result.append(0x2b)
            default: result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return result
    }

    /// As in JSON, without the quotes.
    private static func json(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x22: result += Array("\\\"".utf8)
            case 0x5c: result += Array("\\\\".utf8)
            case 0x0a: result += Array("\\n".utf8)
            case 0x0d: result += Array("\\r".utf8)
            case 0x09: result += Array("\\t".utf8)
            default: result.append(byte)
            }
        }
        return result
    }
}
