import Wire

/// What verification needs of a header, read without an allocation.
struct HeaderView {
    private(set) var position: UInt64 = 0
    private(set) var recorded: Int64 = 0
    private(set) var wallClock: Int64?
    private(set) var type: UInt64 = 0
    private(set) var command = CommandName()
    private(set) var contentHash: Digest?
    private(set) var indexInCommand: UInt64 = 0
    private(set) var cause: UInt64?
    private(set) var payloadHash = Digest.zero
    private var seen: UInt32 = 0

    /// Reads a header; nil unless its bytes are exactly those that `Header.encode` makes.
    ///
    /// So fields ascend, none is there twice or says its default, and numbers are as short as they
    /// can be.
    init?(canonical bytes: Span<UInt8>) {
        guard bytes.count <= Limits.headerByteCountMax else { return nil }
        var reader = CanonicalReader(end: bytes.count)
        var previous: UInt64 = 0
        while !reader.isAtEnd {
            guard let tag = reader.varint(bytes) else { return nil }
            let field = tag >> 3
            guard field > previous, field <= 17 else { return nil }
            previous = field
            seen |= 1 << UInt32(field)
            switch tag & 7 {
            case 0:
                guard let value = reader.varint(bytes), set(field, value) else { return nil }
            case 2:
                guard let range = reader.range(bytes), set(field, bytes.extracting(range)) else {
                    return nil
                }
            default: return nil
            }
        }
        guard seen & Self.required == Self.required else { return nil }
        // A source is both, or neither.
        guard (seen >> 15) & 1 == (seen >> 16) & 1 else { return nil }
    }

    /// Position, assurance, command id, payload hash.
    private static let required: UInt32 = 1 << 1 | 1 << 9 | 1 << 10 | 1 << 17

    private mutating func set(_ field: UInt64, _ value: UInt64) -> Bool {
        switch field {
        case 1: position = value
        case 2: recorded = Int64(bitPattern: value)
        case 3: wallClock = Int64(bitPattern: value)
        case 9: return UInt32(exactly: value).flatMap(Assurance.init(rawValue:)) != nil
        case 12: indexInCommand = value
        case 13: cause = value
        case 14: break
        case 4: type = value
        case 5: break
        default: return false
        }
        switch field {
        case 4, 5, 12: return value > 0 && value <= UInt64(UInt32.max)
        case 1, 2: return value != 0
        default: return true
        }
    }

    private mutating func set(_ field: UInt64, _ value: Span<UInt8>) -> Bool {
        switch field {
        case 6, 7, 8: return !value.isEmpty && Self.isText(value)
        case 10:
            command = CommandName(value)
            return command.isPossible
        case 11:
            contentHash = Digest(bytes: value)
            return contentHash != nil
        case 15, 16: return Self.isText(value)
        case 17:
            guard let hash = Digest(bytes: value) else { return false }
            payloadHash = hash
            return true
        default: return false
        }
    }

    private static func isText(_ bytes: Span<UInt8>) -> Bool {
        var bits: UInt8 = 0
        for index in bytes.indices { bits |= bytes[index] }
        return bits < 0x80 || (try? UTF8Span(validating: bytes)) != nil
    }
}

/// Reads numbers that are as short as they can be, and lengths that stay inside.
private struct CanonicalReader {
    private var offset = 0
    private let end: Int

    init(end: Int) {
        self.end = end
    }

    var isAtEnd: Bool { offset >= end }

    mutating func varint(_ bytes: Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end, shift < 70 {
            let byte = bytes[offset]
            offset += 1
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return byte == 0 && shift > 0 ? nil : value }
            shift += 7
        }
        return nil
    }

    mutating func range(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard let count = varint(bytes), count <= UInt64(end - offset) else { return nil }
        defer { offset += Int(count) }
        return offset..<offset + Int(count)
    }
}
