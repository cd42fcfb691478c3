import Glibc

/// A page in memory: its header, and its nodes (`MDB_page` and `MDB_node` in mdb.c of LMDB 0.9).
///
/// Nothing in it is trusted: what would lie outside is nil. Whoever has one keeps the memory alive.
@safe
struct PageView {
    /// The page's header; the offsets of its nodes follow.
    static let headerByteCount = 16
    /// A node's header; the key follows, then the data.
    static let nodeHeaderByteCount = 8

    /// What a page is, by its flags; on disk a page has exactly one.
    enum Kind: Int {
        case branch = 1
        case leaf = 2
        case overflow = 4
        case meta = 8
    }

    private let base: UnsafeRawPointer
    /// Its size.
    let byteCount: Int

    init(_ base: UnsafeRawPointer, byteCount: Int) {
        unsafe self.base = base
        self.byteCount = byteCount
    }

    /// The number that the page gives itself.
    var number: UInt64 { word(at: 0) }
    var flags: Int { half(at: 10) }
    /// The end of the offsets of nodes.
    var lower: Int { half(at: 12) }
    /// The start of the nodes.
    var upper: Int { half(at: 14) }
    /// How many pages an overflow page and those behind it are.
    var runPageCount: UInt64 { UInt64(number32(at: 12)) }

    /// What it is; nil if its flags are not those of one kind.
    var kind: Kind? { Kind(rawValue: flags) }

    /// How many nodes its header speaks of, at most as many as have room.
    var nodeCount: Int { (min(max(lower, Self.headerByteCount), byteCount) - 16) / 2 }

    /// The node number `index`; nil if any of it lies outside the page.
    func node(_ index: Int) -> PageNode? {
        let offset = half(at: Self.headerByteCount + 2 * index)
        guard offset >= Self.headerByteCount, offset + Self.nodeHeaderByteCount <= byteCount else {
            return nil
        }
        let low = number32(at: offset)
        let flags = half(at: offset + 4)
        let key = offset + Self.nodeHeaderByteCount
        let dataStart = key + half(at: offset + 6)
        let isBranch = self.flags == Kind.branch.rawValue
        let isLong = !isBranch && flags & PageNode.long != 0
        let inPlace = isBranch ? 0 : isLong ? 8 : Int(low)
        guard dataStart + inPlace <= byteCount else { return nil }
        return PageNode(
            offset: offset,
            flags: isBranch ? 0 : flags,
            key: key..<dataStart,
            data: dataStart..<dataStart + inPlace,
            valueByteCount: isBranch ? 0 : Int(low),
            child: isBranch ? UInt64(low) | UInt64(flags) << 32 : 0
        )
    }

    // MARK: - Numbers and bytes

    /// Two bytes.
    func half(at offset: Int) -> Int {
        precondition(offset >= 0 && offset + 2 <= byteCount, "a number lies in its page")
        return Int(unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// Four bytes.
    func number32(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset + 4 <= byteCount, "a number lies in its page")
        return unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }

    /// Eight bytes.
    func word(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset + 8 <= byteCount, "a number lies in its page")
        return unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// The bytes in `range`, as long as the page's memory is there.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "in the page")
        return unsafe UnsafeRawBufferPointer(
            start: base + range.lowerBound,
            count: range.count
        )
    }

    /// A copy of the bytes in `range`.
    func copy(_ range: Range<Int>) -> [UInt8] { unsafe Array(bytes(range)) }
}

/// A node of a page: a key with a value, or with the page that has the keys from there on.
struct PageNode {
    /// The flag of a value that has pages of its own (`F_BIGDATA`).
    static let long = 1
    /// The flag of the record of a table (`F_SUBDATA`).
    static let table = 2

    let offset: Int
    let flags: Int
    let key: Range<Int>
    /// The value, or the number of the first of its pages.
    let data: Range<Int>
    /// The size of the value, wherever it is.
    let valueByteCount: Int
    /// The page below, of a node in a branch page.
    let child: UInt64

    /// Bytes that it takes in its page: nodes begin at even offsets.
    var byteCount: Int { (data.upperBound - offset + 1) & ~1 }
}

/// Keys in the order of their table.
enum KeyOrder {
    /// Less than 0, 0, or more: by numbers, or by bytes and then by length.
    static func compare(
        _ left: UnsafeRawBufferPointer,
        _ right: UnsafeRawBufferPointer,
        _ kind: Table.Kind
    ) -> Int {
        if kind == .positions, left.count == 8, right.count == 8 {
            let numbers = unsafe (
                left.loadUnaligned(as: UInt64.self), right.loadUnaligned(as: UInt64.self)
            )
            return numbers.0 < numbers.1 ? -1 : numbers.0 == numbers.1 ? 0 : 1
        }
        let common = min(left.count, right.count)
        if common > 0, let first = left.baseAddress, let second = right.baseAddress {
            let order = unsafe memcmp(first, second, common)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }
}
