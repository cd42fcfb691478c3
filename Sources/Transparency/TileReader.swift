import EventLog

/// Reads the bytes of tiles, and hashes them again.
struct TileReader {
    private let snapshot: LogSnapshot

    init(_ snapshot: LogSnapshot) {
        self.snapshot = snapshot
    }

    func bytes(
        _ kind: TilePath.Kind,
        _ range: Range<UInt64>
    ) throws(TransparencyError) -> [UInt8] {
        do throws(EventLogError) {
            switch kind {
            case .hashes(let level): return try hashes(level: 8 * level, range)
            case .entries: return try entries(range)
            }
        } catch {
            throw .log(error)
        }
    }

    /// Each entry behind its length in two bytes.
    private func entries(_ range: Range<UInt64>) throws(EventLogError) -> [UInt8] {
        var bytes: [UInt8] = []
        for index in range {
            let header = try snapshot.headerBytes(at: Position(rawValue: index + 1))
            let leaf = try hash(level: 0, index)
            guard leaf == .leaf(header.span) else { throw rotten("event #\(index + 1)") }
            precondition(header.count <= Int(UInt16.max), "a header has less than 4 KiB")
            bytes.append(UInt8(header.count >> 8))
            bytes.append(UInt8(header.count & 0xff))
            bytes += header
        }
        return bytes
    }

    private func hashes(level: Int, _ range: Range<UInt64>) throws(EventLogError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count * 32)
        var row: [Digest] = []
        for index in range {
            let hash = try hash(level: level, index)
            bytes += hash.bytes
            row.append(hash)
        }
        guard row.count == Int(TilePath.width) else { return bytes }
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { .node(row[$0], row[$0 + 1]) }
        }
        let above = try hash(level: level + 8, range.lowerBound / TilePath.width)
        guard row[0] == above else { throw rotten("a hash of level \(level + 8)") }
        return bytes
    }

    private func hash(level: Int, _ offset: UInt64) throws(EventLogError) -> Digest {
        try snapshot.hashes.hash(MerkleTree.Subtree(level: level, offset: offset))
    }

    private func rotten(_ what: String) -> EventLogError {
        .damaged(path: snapshot.path, what: "\(what) does not have the hash that is stored of it")
    }
}
