import LMDB

/// The name of one ledger in the world: 16 random bytes, written as a UUID (version 4).
package struct LedgerID: Hashable, Sendable {
    /// 36 characters.
    package let text: String

    /// The name that a text is.
    package init(text: String) {
        self.text = text
    }

    /// A new ledger's name.
    package static func random() -> LedgerID {
        var bytes = RandomBytes.draw(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return LedgerID(text: String(decoding: text, as: UTF8.self))
    }
}

extension LedgerID {
    /// Reads 36 characters: lower-case hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    package init?(parsing text: some StringProtocol) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        let isSound =
            groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.utf8.allSatisfy(Self.isDigit) }
        guard isSound else { return nil }
        self.init(text: String(text))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension LedgerID: CustomStringConvertible {
    package var description: String { text }
}
