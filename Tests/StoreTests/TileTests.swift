import EventLog
import Glibc
import LMDB
import Testing
import Transparency

/// The log as static files (c2sp.org/tlog-tiles).
@Suite struct TileTests {
    /// A log, its signer, and a folder to publish to.
    private struct Fixture {
        let harness: LogHarness
        let signer: CheckpointSigner
        var folder: String { harness.directory.sub("tiles") }

        init() async throws {
            harness = try LogHarness()
            signer = CheckpointSigner(harness.log)
            _ = try await signer.makeKey(origin: "example.com/log")
        }

        func grow(to size: Int) async throws {
            let missing = size - Int(try harness.size)
            if missing == 0 { return }
            try await harness.append("to-\(size)", (0..<missing).map { [UInt8($0 & 0xff)] })
        }

        func publish(
            to folder: String? = nil,
            isComplete: Bool = false
        ) async throws -> TilePublisher.Result {
            let note = try await signer.sign()
            return try TilePublisher(harness.log, to: folder ?? self.folder)
                .publish(note, isComplete: isComplete)
        }
    }

    /// The paths of all files below a folder, and their bytes.
    private func files(_ folder: String, _ prefix: String = "") throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for name in try StoreDirectory(folder).names() {
            let path = "\(folder)/\(name)"
            if try StoreDirectory(path).kind() == .directory {
                found.merge(try files(path, prefix + name + "/")) { $1 }
            } else {
                found[prefix + name] = try Files.bytes(path)
            }
        }
        return found
    }

    private static let sizes = [0, 1, 2, 255, 256, 257, 511, 512, 700]

    @Test func `what is added step by step is what a run at once writes`() async throws {
        let fixture = try await Fixture()
        for size in Self.sizes {
            try await fixture.grow(to: size)
            let result = try await fixture.publish()
            #expect(result.size == UInt64(size))
            let whole = fixture.harness.directory.sub("whole-\(size)")
            _ = try await fixture.publish(to: whole)
            let added = try files(fixture.folder)
            for (path, bytes) in try files(whole) { #expect(added[path] == bytes, "\(path)") }
        }
    }

    @Test func `the files of each size are those of the specification`() async throws {
        let fixture = try await Fixture()
        try await fixture.grow(to: 700)
        _ = try await fixture.publish()
        let found = try files(fixture.folder)
        #expect(
            Set(found.keys) == [
                "checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2",
                "tile/entries/000", "tile/entries/001", "tile/entries/002.p/188",
            ]
        )
        #expect(found["tile/0/000"]?.count == 8192)
        #expect(found["tile/0/002.p/188"]?.count == 188 * 32)
        #expect(found["tile/1/000.p/2"]?.count == 64)
        let hashes = try fixture.harness.log.read { (snapshot) throws(EventLogError) in
            try (0..<2).map { (offset) throws(EventLogError) in
                try snapshot.hashes.hash(MerkleTree.Subtree(level: 8, offset: UInt64(offset)))
            }
        }
        #expect(found["tile/1/000.p/2"] == hashes.flatMap(\.bytes))
    }

    @Test func `256 events make a full tile and one hash above it`() async throws {
        let fixture = try await Fixture()
        try await fixture.grow(to: 256)
        _ = try await fixture.publish()
        #expect(
            Set(try files(fixture.folder).keys) == [
                "checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000",
            ]
        )
    }

    @Test func `partial tiles stay until the full one is there`() async throws {
        let fixture = try await Fixture()
        for size in [100, 200] {
            try await fixture.grow(to: size)
            _ = try await fixture.publish()
        }
        var names = Set(try files(fixture.folder).keys)
        #expect(names.isSuperset(of: ["tile/0/000.p/100", "tile/0/000.p/200"]))
        try await fixture.grow(to: 300)
        _ = try await fixture.publish()
        names = Set(try files(fixture.folder).keys)
        #expect(
            names == [
                "checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
                "tile/entries/000", "tile/entries/001.p/44",
            ]
        )
    }

    @Test func `a second run writes nothing, and a complete one mends what was lost`()
        async throws
    {
        let fixture = try await Fixture()
        try await fixture.grow(to: 300)
        _ = try await fixture.publish()
        let before = try files(fixture.folder)
        #expect(try await fixture.publish().fileCount == 0)
        #expect(unsafe unlink(fixture.folder + "/tile/0/000") == 0)
        #expect(try await fixture.publish().fileCount == 0)
        #expect(try await fixture.publish(isComplete: true).fileCount == 5)
        #expect(try files(fixture.folder) == before)
    }

    @Test func `what an interrupted run left is overwritten`() async throws {
        let fixture = try await Fixture()
        try await fixture.grow(to: 300)
        for folder in ["", "/tile", "/tile/0"] { Files.makeDirectory(fixture.folder + folder) }
        for name in ["/checkpoint.new", "/tile/0/000.new", "/tile/0/000"] {
            try Files.write([1, 2, 3], to: fixture.folder + name)
        }
        _ = try await fixture.publish()
        let found = try files(fixture.folder)
        #expect(found["tile/0/000"]?.count == 8192)
        #expect(!found.keys.contains { $0.hasSuffix(".new") })
    }

    @Test func `a folder with other things in it is left alone`() async throws {
        let fixture = try await Fixture()
        try await fixture.grow(to: 3)
        Files.makeDirectory(fixture.folder)
        try Files.write([1], to: fixture.folder + "/index.html")
        await #expect(
            throws: TransparencyError.folderInUse(path: fixture.folder, by: "index.html")
        ) { try await fixture.publish() }
        #expect(try files(fixture.folder).count == 1)
    }

    @Test func `another log's tiles are not gone on with`() async throws {
        let fixture = try await Fixture()
        try await fixture.grow(to: 3)
        _ = try await fixture.publish()
        let before = try files(fixture.folder)
        let other = try await Fixture()
        try await other.grow(to: 5)
        await #expect(throws: TransparencyError.self) {
            try await other.publish(to: fixture.folder)
        }
        // Neither are those of the same ledger under the name that it had before.
        _ = try await fixture.signer.makeKey(origin: "example.com/second")
        await #expect(
            throws: TransparencyError.otherOrigin(
                "example.com/log",
                expected: "example.com/second"
            )
        ) { try await fixture.publish() }
        #expect(try files(fixture.folder) == before)
    }

    @Test func `two do not publish to one folder at once`() async throws {
        let fixture = try await Fixture()
        let first = try TilePublisher(fixture.harness.log, to: fixture.folder)
        #expect(throws: TransparencyError.publishing(path: fixture.folder)) {
            _ = try TilePublisher(fixture.harness.log, to: fixture.folder)
        }
        _ = try first.publish(try await fixture.signer.sign())
    }

    @Test(arguments: [
        ("headers", 51), ("hashes", MerkleTree.storedIndex(level: 0, offset: 50)),
        ("hashes", MerkleTree.storedIndex(level: 8, offset: 0)),
    ])
    func `what rotted in the store is not published`(
        _ table: String,
        _ key: UInt64
    ) async throws {
        let fixture = try await Fixture()
        try await fixture.grow(to: 300)
        let note = try await fixture.signer.sign()
        try fixture.harness.rot(table, key)
        let publisher = try TilePublisher(fixture.harness.log, to: fixture.folder)
        do {
            _ = try publisher.publish(note)
            Issue.record("it was published")
        } catch {
            guard case .log(.damaged) = error else { throw error }
        }
        #expect(try !StoreDirectory(fixture.folder).names().contains("checkpoint"))
    }
}

extension LogHarness {
    /// Changes the last byte of a row behind the log's back.
    fileprivate func rot(_ name: String, _ key: UInt64) throws {
        try log.vandalise(name, .positions) { (transaction, table) throws(LMDBError) in
            let stored = try transaction.reader().withValue(forKey: key, in: table) { bytes in
                (0..<bytes.count).map { bytes[$0] }
            }
            guard var bytes = stored else { preconditionFailure("\(name) has no row \(key)") }
            bytes[bytes.count - 1] ^= 1
            let changed = bytes
            try transaction.put(changed.span, forKey: key, in: table)
        }
    }
}
