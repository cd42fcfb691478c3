private import Crypto

/// A SHA-256 value: 32 bytes.
package struct Digest: Hashable, Sendable {
    /// The value as four big-endian words, so that equality and order cost four comparisons.
    private let words: Words

    private struct Words: Hashable, Sendable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
    }

    /// 32 zero bytes: what a decoder starts from; never the digest of anything known.
    package static let zero = Digest()

    private init() {
        words = Words()
    }

    /// The digest whose bytes these are; nil unless there are 32.
    package init?(bytes: Span<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self = unsafe bytes.withUnsafeBytes { unsafe Digest(reading: $0) }
    }

    /// The digest that 64 lower-case hexadecimal digits write; nil if the text is not that.
    package init?(hex text: some StringProtocol) {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high { bytes.append(first << 4 | value) }
            high = high == nil ? value : nil
        }
        guard high == nil else { return nil }
        self.init(bytes: bytes.span)
    }

    /// The SHA-256 of `bytes`.
    package static func sha256(_ bytes: [UInt8]) -> Digest {
        let bytes = bytes
        return sha256(bytes.span)
    }

    /// The SHA-256 of `bytes`.
    package static func sha256(_ bytes: Span<UInt8>) -> Digest {
        var hasher = SHA256()
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        return Digest(finishing: hasher)
    }

    /// The SHA-256 of `first` followed by `second`.
    package static func sha256(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Digest {
        var hasher = SHA256()
        unsafe first.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        unsafe second.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        return Digest(finishing: hasher)
    }

    /// The hash of a leaf of the Merkle tree: SHA-256(0x00 ‖ `record`) (RFC 9162, 2.1.1).
    package static func leaf(_ record: Span<UInt8>) -> Digest {
        var hasher = SHA256()
        let prefix: InlineArray<1, UInt8> = [0x00]
        unsafe prefix.span.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        unsafe record.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        return Digest(finishing: hasher)
    }

    /// The hash of an inner node: SHA-256(0x01 ‖ `left` ‖ `right`) (RFC 9162, 2.1.1).
    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        var hasher = SHA256()
        unsafe withUnsafeTemporaryAllocation(byteCount: 65, alignment: 1) { buffer in
            unsafe buffer[0] = 0x01
            unsafe left.write(to: buffer, at: 1)
            unsafe right.write(to: buffer, at: 33)
            unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
        }
        return Digest(finishing: hasher)
    }

    /// The value that `hasher` has come to.
    private init(finishing hasher: SHA256) {
        self = unsafe hasher.finalize().withUnsafeBytes { unsafe Digest(reading: $0) }
    }

    private init(reading bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 32, "a SHA-256 value has 32 bytes")
        words = unsafe Words(
            first: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            second: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            third: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            fourth: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        )
    }

    private func write(to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
        unsafe buffer.storeBytes(
            of: words.first.bigEndian,
            toByteOffset: offset,
            as: UInt64.self
        )
        unsafe buffer.storeBytes(
            of: words.second.bigEndian,
            toByteOffset: offset + 8,
            as: UInt64.self
        )
        unsafe buffer.storeBytes(
            of: words.third.bigEndian,
            toByteOffset: offset + 16,
            as: UInt64.self
        )
        unsafe buffer.storeBytes(
            of: words.fourth.bigEndian,
            toByteOffset: offset + 24,
            as: UInt64.self
        )
    }

    /// The 32 bytes, in an array.
    package var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            unsafe write(to: UnsafeMutableRawBufferPointer(buffer), at: 0)
            count = 32
        }
    }

    /// The 32 bytes, without an allocation.
    package var inlineBytes: InlineArray<32, UInt8> {
        var result = InlineArray<32, UInt8>(repeating: 0)
        unsafe withUnsafeMutableBytes(of: &result) { unsafe write(to: $0, at: 0) }
        return result
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
