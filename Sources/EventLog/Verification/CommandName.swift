/// A command id, in place.
struct CommandName: Equatable {
    private var bytes = InlineArray<64, UInt8>(repeating: 0)
    private(set) var count = 0

    /// No command's id.
    init() {}

    /// The id that these bytes are; not possible if they are more than an id has.
    init(_ name: Span<UInt8>) {
        guard name.count <= Limits.commandIDByteCountMax else { return }
        count = name.count
        for index in name.indices { bytes[index] = name[index] }
    }

    /// Whether it has 1 to 64 bytes of `[A-Za-z0-9._:-]`.
    var isPossible: Bool {
        guard count > 0 else { return false }
        for index in 0..<count {
            switch bytes[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                continue
            default: return false
            }
        }
        return true
    }

    static func == (left: CommandName, right: CommandName) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left.bytes[index] != right.bytes[index] { return false }
        return true
    }

    /// Its bytes: the key of its row.
    var key: [UInt8] { (0..<count).map { bytes[$0] } }

    /// Hands `body` the bytes, zeros behind them.
    func combine(into hasher: inout Hasher) {
        hasher.combine(count)
        unsafe withUnsafeBytes(of: bytes) { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }
}

extension CommandName: CustomStringConvertible {
    var description: String { String(decoding: key, as: UTF8.self) }
}

/// What a set of rows of `commands` comes to: equal sets have equal sums, whatever the order, and
/// other sets have others.
///
/// Each row is hashed by a key that this process has drawn, to 128 bits, and the hashes are added.
/// So headers in the order of positions can be compared with rows in the order of their ids
/// without looking each one up.
struct CommandSum: Equatable {
    private(set) var count: UInt64 = 0
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// Adds the row that a command should have, or has.
    mutating func add(_ name: CommandName, _ row: CommandRow) {
        count += 1
        first &+= Self.hash(0, name, row)
        second &+= Self.hash(1, name, row)
    }

    /// Adds another sum's rows.
    mutating func add(_ other: CommandSum) {
        count += other.count
        first &+= other.first
        second &+= other.second
    }

    private static func hash(_ domain: UInt8, _ name: CommandName, _ row: CommandRow) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(domain)
        name.combine(into: &hasher)
        row.hash(into: &hasher)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
