package import EventLog

/// A tile or entry bundle, by the path that clients ask for (C2SP tlog-tiles).
package struct TileAddress: Hashable, Sendable {
    let kind: TilePath.Kind
    let number: UInt64
    let width: UInt64

    /// Whether it will never be another: a full tile has nothing left to grow.
    package var isFull: Bool { width == TilePath.width }

    /// The tile at a path below `tile/`: `0/x001/234`, `entries/005.p/7`; nil if it is none.
    package init?(path: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.count <= 12 else { return nil }
        var width = TilePath.width
        if parts.count >= 3, parts[parts.count - 2].hasSuffix(".p") {
            guard let said = Self.number(parts.removeLast()), (1..<TilePath.width).contains(said)
            else { return nil }
            width = said
            parts[parts.count - 1] = parts[parts.count - 1].dropLast(2)
        }
        if parts[0] == "entries" {
            kind = .entries
        } else {
            guard let level = Self.number(parts[0]), level < 8 else { return nil }
            kind = .hashes(level: Int(level))
        }
        var number: UInt64 = 0
        for (index, part) in parts.dropFirst().enumerated() {
            let isLast = index == parts.count - 2
            guard isLast || part.hasPrefix("x") else { return nil }
            let digits = isLast ? part : part.dropFirst()
            guard digits.utf8.count == 3, let three = Self.digits(digits) else { return nil }
            let (product, isTooMuch) = number.multipliedReportingOverflow(by: 1000)
            guard !isTooMuch, product < 1 << 56 else { return nil }
            number = product + three
        }
        self.number = number
        self.width = width
        // Every tile has one path: no digits in front that say nothing.
        guard TilePath.path(kind, number, width: width) == "tile/\(path)" else { return nil }
    }

    private static func digits(_ text: Substring) -> UInt64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }

    /// A number without digits in front that say nothing.
    private static func number(_ text: Substring) -> UInt64? {
        guard let number = digits(text), String(number) == text else { return nil }
        return number
    }
}

extension LogSnapshot {
    /// The bytes of a tile, each hashed again; nil if the log has not grown that far.
    package func tile(_ address: TileAddress) throws(TransparencyError) -> [UInt8]? {
        let count = address.kind.count(in: head.position.rawValue)
        let start = address.number * TilePath.width
        guard start + address.width <= count else { return nil }
        return try TileReader(self).bytes(address.kind, start..<start + address.width)
    }
}
