/// Where tiles and entry bundles are, below a folder or an address (C2SP tlog-tiles).
enum TilePath {
    /// Hashes in a full tile, and entries in a full bundle.
    static let width: UInt64 = 256

    /// What a tile is of: the tree at a level, or the entries themselves.
    enum Kind: Hashable, Sendable {
        /// Hashes of complete subtrees of 256^level leaves.
        case hashes(level: Int)
        /// The leaves' own bytes.
        case entries

        /// The folder that all of a kind are in.
        var folder: String {
            switch self {
            case .hashes(let level): "tile/\(level)"
            case .entries: "tile/entries"
            }
        }

        /// How many of the things that it is made of a tree of `size` leaves has.
        func count(in size: UInt64) -> UInt64 {
            switch self {
            case .hashes(let level): level < 8 ? size >> UInt64(8 * level) : 0
            case .entries: size
            }
        }
    }

    /// The path of tile `number`, which has `width` of 256 hashes or entries.
    static func path(_ kind: Kind, _ number: UInt64, width: UInt64 = TilePath.width) -> String {
        let full = "\(kind.folder)/\(digits(number))"
        return width == Self.width ? full : "\(full).p/\(width)"
    }

    /// The folder of the partial forms of tile `number`.
    static func partialFolder(_ kind: Kind, _ number: UInt64) -> String {
        "\(kind.folder)/\(digits(number)).p"
    }

    /// Groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`.
    private static func digits(_ number: UInt64) -> String {
        var rest = number
        var text = three(rest % 1000)
        while rest >= 1000 {
            rest /= 1000
            text = "x\(three(rest % 1000))/\(text)"
        }
        return text
    }

    private static func three(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
}
