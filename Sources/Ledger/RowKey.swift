import EventLog
import PromotionModel
import Wire

/// Builds keys: texts with a zero byte behind each, then numbers of eight bytes, most significant
/// first.
///
/// No name has a zero byte, so no key is a prefix of another's text, and rows of one thing stand
/// together in the order of their positions.
struct RowKey: Sendable {
    private(set) var bytes: [UInt8] = []

    /// A key of these texts.
    init(_ texts: String...) {
        bytes.reserveCapacity(texts.reduce(16) { $0 + $1.utf8.count + 1 })
        for text in texts { add(text) }
    }

    private mutating func add(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    /// A key of a text, and of others that are too long to stand in it: 32 bytes, SHA-256 over
    /// each with a zero byte behind it.
    init(_ text: String, hashing others: String...) {
        self.init(text)
        var content: [UInt8] = []
        for other in others {
            content.append(contentsOf: other.utf8)
            content.append(0)
        }
        bytes.append(contentsOf: Digest.sha256(content).bytes)
    }

    /// Puts a text and a zero byte behind what is there.
    mutating func append(_ text: String) {
        add(text)
    }

    /// Puts a number behind what is there.
    mutating func append(_ number: UInt64) {
        bytes.append(bigEndian: number)
    }

    /// The key with a number behind it.
    func adding(_ number: UInt64) -> [UInt8] {
        var bytes = bytes
        bytes.append(bigEndian: number)
        return bytes
    }
}

extension [UInt8] {
    /// Appends eight bytes, most significant first.
    mutating func append(bigEndian number: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension Span<UInt8> {
    /// The number in the last eight bytes; 0 if there are fewer.
    var trailingNumber: UInt64 {
        guard count >= 8 else { return 0 }
        var value: UInt64 = 0
        for index in count - 8..<count { value = value << 8 | UInt64(self[index]) }
        return value
    }

    /// The number in the eight bytes before the last `tail` bytes; 0 if there are fewer.
    func number(endingBefore tail: Int) -> UInt64 {
        guard tail >= 0, count >= tail + 8 else { return 0 }
        var value: UInt64 = 0
        for index in count - tail - 8..<count - tail { value = value << 8 | UInt64(self[index]) }
        return value
    }

    /// A copy of the bytes from `start` up to the next zero byte.
    func text(from start: Int) -> String {
        var end = start
        while end < count, self[end] != 0 { end += 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end - start)
        for index in start..<end { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A copy of all bytes.
    var copied: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in indices { bytes.append(self[index]) }
        return bytes
    }
}
