package import EventLog

/// The size and root of a log, as the text that a log signs (c2sp.org/tlog-checkpoint).
package struct Checkpoint: Hashable, Sendable {
    /// Which log it is: a name without a scheme, such as `example.com/ledger`.
    package let origin: String
    /// How many events it has.
    package let size: UInt64
    /// The Merkle root over them.
    package let root: Digest

    /// A checkpoint; nil if the origin is empty or has a line break, so that it is no line.
    package init?(origin: String, size: UInt64, root: Digest) {
        guard !origin.isEmpty, !origin.contains(where: \.isNewline) else { return nil }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the three lines of a checkpoint; nil if they are not that.
    ///
    /// Further lines are let be.
    package init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, let size = UInt64(lines[1]), String(size) == lines[1],
            let bytes = Base64.decode(lines[2]), let root = Digest(bytes: bytes.span)
        else { return nil }
        self.init(origin: String(lines[0]), size: size, root: root)
    }

    /// Three lines: origin, size, root in base 64.
    package var text: String {
        "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n"
    }
}

extension Checkpoint {
    /// The checkpoint of a log as a snapshot shows it.
    package init?(origin: String, _ snapshot: LogSnapshot) {
        self.init(origin: origin, size: snapshot.head.position.rawValue, root: snapshot.root)
    }
}

/// Base 64 with padding (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let index = Int(bits >> UInt32(18 - 6 * place) & 63)
                text.append(place <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes; nil unless the text is exactly what `encode` would have made of them.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        var bytes: [UInt8] = []
        for character in text.utf8 where character != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        return encode(bytes) == text ? bytes : nil
    }
}
