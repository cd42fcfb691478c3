package import EventLog
import Glibc

/// Writes a log as static files that anybody can serve, fetch and check (C2SP tlog-tiles).
///
/// The checkpoint is written last, so whatever is there at any moment is complete for the
/// checkpoint that is there. Every file is written under another name, flushed, renamed, and its
/// folder flushed: a crash leaves whole files only, and the next run goes on from the checkpoint.
package struct TilePublisher: Sendable {
    /// What a run has done.
    package struct Result: Hashable, Sendable {
        /// The size that was published before; nil if nothing was.
        package let oldSize: UInt64?
        /// The size that is published now.
        package let size: UInt64
        /// How many tiles and bundles were written.
        package let fileCount: Int
    }

    private static let checkpointName = "checkpoint"
    /// Tiles that are read in one transaction, so that none is long.
    private static let batchCount: UInt64 = 16

    private let log: EventLog
    private let directory: String
    private let lock: FolderLock

    /// A publisher to a folder, which is made if it is not there.
    ///
    /// - Throws: `.publishing` if another one is at work there, `.folderInUse`, `.file`
    package init(_ log: EventLog, to directory: String) throws(TransparencyError) {
        try DurableFile.makeFolder(directory)
        lock = try FolderLock(directory)
        self.log = log
        self.directory = directory
    }

    /// Publishes what a signed checkpoint of the log covers; writes only what is new since the
    /// checkpoint that is there, or everything anew if `isComplete` says so.
    ///
    /// Each event is hashed again, and each full tile, before it is written: what rotted in the
    /// store is not published. `progress` is told how many events are written.
    ///
    /// - Throws: what `LogSnapshot.signedCheckpoint(_:)` throws of either checkpoint,
    ///   `.otherOrigin` if the one that is there was signed under another name: nothing is
    ///   written then; `.folderInUse` if the folder has no checkpoint and other things; `.file`
    package func publish(
        _ note: SignedNote,
        isComplete: Bool = false,
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(TransparencyError) -> Result {
        let published = try publishedCheckpoint()
        let (old, new) = try log.read { (snapshot) throws(TransparencyError) in
            (
                try published.map { (note) throws(TransparencyError) in
                    try snapshot.signedCheckpoint(note)
                },
                try snapshot.signedCheckpoint(note)
            )
        }
        if let old, !old.origin.utf8.elementsEqual(new.origin.utf8) {
            throw .otherOrigin(old.origin, expected: new.origin)
        }
        if let old, old.size > new.size || old.size == new.size && !isComplete {
            return Result(oldSize: old.size, size: old.size, fileCount: 0)
        }
        let start = isComplete ? 0 : old?.size ?? 0
        var fileCount = try write(.entries, from: start, to: new.size, progress)
        var level = 0
        while case let kind = TilePath.Kind.hashes(level: level), kind.count(in: new.size) > 0 {
            fileCount += try write(kind, from: start, to: new.size)
            level += 1
        }
        try DurableFile.write(
            Array(note.encoded.utf8),
            to: "\(directory)/\(Self.checkpointName)"
        )
        if let old { removePartial(of: old.size, at: new.size) }
        return Result(oldSize: old?.size, size: new.size, fileCount: fileCount)
    }

    /// The checkpoint that is there; nil in a folder where nothing was published.
    private func publishedCheckpoint() throws(TransparencyError) -> SignedNote? {
        let path = "\(directory)/\(Self.checkpointName)"
        if let bytes = try DurableFile.read(path, byteCountMax: 1 << 20) {
            return try SignedNote(parsing: bytes)
        }
        // A first run that was cut short leaves tiles.
        let ours = ["tile", DurableFile.draft(of: Self.checkpointName)]
        if let other = try FolderLock.names(in: directory).first(where: { !ours.contains($0) }) {
            throw .folderInUse(path: directory, by: other)
        }
        return nil
    }

    /// Writes all tiles of a kind that are new or wider than at size `old`.
    private func write(
        _ kind: TilePath.Kind,
        from old: UInt64,
        to size: UInt64,
        _ progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(TransparencyError) -> Int {
        let count = kind.count(in: size)
        let oldCount = kind.count(in: old)
        guard count > oldCount else { return 0 }
        let first = oldCount / TilePath.width
        let last = (count - 1) / TilePath.width
        var folder: String?
        for start in stride(from: first, through: last, by: Int(Self.batchCount)) {
            let numbers = start...min(start + Self.batchCount - 1, last)
            let tiles = try log.read { (snapshot) throws(TransparencyError) in
                var tiles: [[UInt8]] = []
                for number in numbers {
                    let range =
                        number * TilePath.width..<min((number + 1) * TilePath.width, count)
                    tiles.append(try TileReader(snapshot).bytes(kind, range))
                }
                return tiles
            }
            for (number, bytes) in zip(numbers, tiles) {
                let width = min(count - number * TilePath.width, TilePath.width)
                let path = "\(directory)/\(TilePath.path(kind, number, width: width))"
                try write(bytes, to: path, &folder)
                progress(min((number + 1) * TilePath.width, size), size)
            }
        }
        if let folder { try DurableFile.flush(folder) }
        return Int(last - first) + 1
    }

    /// Writes one file; flushes the folder of the one before if this one is in another.
    private func write(
        _ bytes: [UInt8],
        to path: String,
        _ folder: inout String?
    ) throws(TransparencyError) {
        let parent = DurableFile.folder(of: path)
        if parent != folder {
            if let folder { try DurableFile.flush(folder) }
            try DurableFile.makeFolder(parent)
            folder = parent
        }
        try DurableFile.writeDraft(bytes, of: path)
        try DurableFile.adopt(path)
    }

    /// Removes the partial tiles of an earlier checkpoint whose full tiles are there by now.
    ///
    /// Clients take the full tile in their place. What cannot be removed stays, and harms nobody.
    private func removePartial(of old: UInt64, at size: UInt64) {
        var kinds: [TilePath.Kind] = [.entries]
        kinds += (0..<8).map { .hashes(level: $0) }
        for kind in kinds {
            let number = kind.count(in: old) / TilePath.width
            guard kind.count(in: old) % TilePath.width > 0,
                kind.count(in: size) / TilePath.width > number
            else { continue }
            FolderLock.remove("\(directory)/\(TilePath.partialFolder(kind, number))")
        }
    }
}

/// Reads the bytes of tiles, and hashes them again.
private struct TileReader {
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
