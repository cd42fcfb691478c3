import EventLog

extension LedgerTable {
    /// What stands behind the texts of a key: see `docs/DATA_LAYOUT.md`.
    private enum KeyTail {
        /// Nothing.
        case none
        /// The position of the event that wrote the row.
        case position
        /// A number, and the position.
        case numberAndPosition
        /// 32 bytes for names, a number, and the position.
        case hashNumberAndPosition
        /// 32 bytes for names, the position, and a text.
        case hashPositionAndText
    }

    private var keyTail: KeyTail {
        switch self {
        case .freight, .freightNames, .promotions: .none
        case .steps: .numberAndPosition
        case .verifiedByCreation, .approvedByCreation: .hashNumberAndPosition
        case .verifiedByTime: .hashPositionAndText
        case .projects, .projectState, .consumers, .bookmarks, .warehouses, .warehouseState,
            .stages, .stageState, .junctions, .junctionState, .tasks, .cluster, .tokens,
            .tokensByDigest, .roles, .freightStatus,
            .freightAliases, .freightByOrigin, .freightByProject, .freightByArtifact,
            .bundlesByLeaf, .promotionState, .promotionsByStage, .promotionsByProject,
            .collectionsByStage, .promotionsByCollection, .eventsBySubject, .notesBySubject:
            .position
        }
    }

    /// A key as people read it, and the event that wrote the row if the key says it.
    ///
    /// Texts with slashes between, then numbers; of 32 bytes for names the first four.
    func reading(_ key: [UInt8]) -> (text: String, position: Position?) {
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        func hash(_ bytes: ArraySlice<UInt8>) -> String {
            let digits = bytes.prefix(4).flatMap { [$0 >> 4, $0 & 15] }
            return digits.map { String($0, radix: 16) }.joined()
        }
        switch keyTail {
        case .none: return (Self.texts(key[...]), nil)
        case .position:
            guard key.count >= 8 else { break }
            return (Self.texts(key.dropLast(8)), Position(rawValue: number(key.suffix(8))))
        case .numberAndPosition:
            guard key.count >= 16 else { break }
            let other = number(key.suffix(16).prefix(8))
            return (
                Self.texts(key.dropLast(16)) + "/\(other)",
                Position(rawValue: number(key.suffix(8)))
            )
        case .hashNumberAndPosition:
            guard key.count >= 48 else { break }
            let other = number(key.suffix(16).prefix(8))
            return (
                Self.texts(key.dropLast(48)) + "/" + hash(key.suffix(48)) + "/\(other)",
                Position(rawValue: number(key.suffix(8)))
            )
        case .hashPositionAndText:
            guard let end = key.firstIndex(of: 0), key.count >= end + 41 else { break }
            let tail = key[(end + 1)...]
            return (
                Self.texts(key[..<end]) + "/" + hash(tail) + "/" + Self.texts(tail.dropFirst(40)),
                Position(rawValue: number(tail.dropFirst(32).prefix(8)))
            )
        }
        return (Self.texts(key[...]), nil)
    }

    /// Texts with slashes between; what no name has is shown as a dot.
    private static func texts(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = bytes.last == 0 ? bytes.dropLast() : bytes
        let text = bytes.map { byte -> UInt8 in
            byte == 0
                ? UInt8(ascii: "/") : byte < 0x21 || byte == 0x7f ? UInt8(ascii: ".") : byte
        }
        return String(decoding: text, as: UTF8.self)
    }
}
