private import Crypto

/// A SHA-256 value: 32 bytes.
package struct Digest: Hashable, Sendable {
    /// The value as four big-endian words, so that equality and order cost four comparisons.
    private let words: InlineWords

    private struct InlineWords: Hashable, Sendable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
    }

    /// 32 zero bytes: what a decoder starts from; never the digest of anything known.
    package static let zero = Digest()

    private init() {
        words = InlineWords()
    }

    /// The digest whose bytes these are; nil unless there are 32.
    package init?(bytes: Span<UInt8>) {
        guard bytes.count == 32 else { return nil }
        func word(_ start: Int) -> UInt64 {
            var value: UInt64 = 0
            for index in start..<start + 8 { value = value << 8 | UInt64(bytes[index]) }
            return value
        }
        words = InlineWords(first: word(0), second: word(8), third: word(16), fourth: word(24))
    }

    /// The SHA-256 of `bytes`.
    package static func sha256(_ bytes: [UInt8]) -> Digest {
        var hasher = SHA256()
        hasher.update(data: bytes)
        return Digest(finishing: hasher)
    }

    /// The value that `hasher` has come to.
    private init(finishing hasher: SHA256) {
        let bytes = Array(hasher.finalize())
        guard let digest = Digest(bytes: bytes.span) else {
            preconditionFailure("SHA-256 gave \(bytes.count) bytes, not 32")
        }
        self = digest
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [words.first, words.second, words.third, words.fourth] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return bytes
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { hex }
}
