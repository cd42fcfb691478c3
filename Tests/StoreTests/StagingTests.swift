import Glibc
import LMDB
import Testing

/// Files and directories that are made beside their places.
@Suite struct StagingTests {
    private static func code(_ body: () throws -> Void) -> StagingError.Code? {
        do { try body() } catch { return (error as? StagingError)?.code }
        return nil
    }

    @Test func `a directory has its name only when it is published, and all of it`() throws {
        let directory = try TemporaryDirectory()
        let target = directory.sub("new")
        let staged = try StagedDirectory(for: target + "//")
        try staged.write("text", to: "file")
        #expect(try StoreDirectory(directory.path).names() == ["new.partial"])
        try staged.publish()
        staged.discard()
        #expect(try StoreDirectory(directory.path).names() == ["new"])
        #expect(try Files.bytes(target + "/file") == Array("text".utf8))
        #expect(Self.code { _ = try StagedDirectory(for: target) } == .exists)
    }

    @Test func `what is given up, or was left, is removed`() throws {
        let directory = try TemporaryDirectory()
        let target = directory.sub("new")
        do {
            let staged = try StagedDirectory(for: target)
            _ = try staged.makeFolder("inner")
            try Files.write([1], to: staged.path + "/inner/file")
        }
        #expect(try StoreDirectory(directory.path).names().isEmpty)
        Files.makeDirectory(target + ".partial")
        try Files.write([1], to: target + ".partial/old")
        let staged = try StagedDirectory(for: target)
        #expect(try StoreDirectory(staged.path).names().isEmpty)
        #expect(Self.code { _ = try StagedDirectory(for: target) } == .busy)
    }

    @Test func `a place that is taken meanwhile stays as it is`() throws {
        let directory = try TemporaryDirectory()
        let staged = try StagedDirectory(for: directory.sub("new"))
        Files.makeDirectory(directory.sub("new"))
        try Files.write([1], to: directory.sub("new/file"))
        #expect(Self.code { try staged.publish() } == .exists)
        #expect(try StoreDirectory(directory.sub("new")).names() == ["file"])
        let file = try StagedFile(for: directory.sub("file"))
        try Files.write([7], to: directory.sub("file"))
        #expect(Self.code { try file.publish() } == .exists)
        #expect(try Files.bytes(directory.sub("file")) == [7])
        try staged.write("a", to: "a")
        try staged.write("b", to: "b")
        let places = [("a", directory.sub("one")), ("b", directory.sub("file"))]
        let files = places.map { (name: $0.0, place: $0.1) }
        #expect(Self.code { try staged.publish(files) } == .exists)
        #expect(!(try StoreDirectory(directory.path).names().contains("one")))
    }

    @Test func `a file has its name only when it is published`() throws {
        let directory = try TemporaryDirectory()
        let target = directory.sub("file")
        let file = try StagedFile(for: target)
        let bytes: [UInt8] = [1, 2, 3]
        try file.write(bytes.span)
        try file.write(bytes.span)
        #expect(Self.code { _ = try StagedFile(for: target) } == .busy)
        try file.publish()
        #expect(try Files.bytes(target) == [1, 2, 3, 1, 2, 3])
        #expect(Self.code { _ = try StagedFile(for: target) } == .exists)
        #expect(Self.code { _ = try StagedFile(for: directory.sub("no/file")) } == .noParent)
        #expect(Self.code { _ = try StagedDirectory(for: directory.sub("no/d")) } == .noParent)
    }

    @Test func `a copy of an environment has what was committed when it began, and no more pages`()
        throws
    {
        let directory = try TemporaryDirectory()
        Files.makeDirectory(directory.sub("a"))
        let environment = try Environment(
            path: directory.sub("a"),
            options: EnvironmentOptions(mapSizeBytes: 1 << 28, creates: true)
        )
        let table = try environment.openTable("t", .positions, create: true)
        let value = [UInt8](repeating: 9, count: 2000)
        try environment.write { (transaction) throws(LMDBError) in
            for key in 0..<2000 {
                try transaction.append(value.span, forKey: UInt64(key), in: table)
            }
        }
        try environment.write { (transaction) throws(LMDBError) in
            for key in 0..<1900 { try transaction.delete(UInt64(key), in: table) }
        }
        var told: [UInt64] = []
        Files.makeDirectory(directory.sub("b"))
        try environment.copy(to: directory.sub("b/data.mdb"), byteRate: 100 << 20) {
            told.append($0)
        }
        let size = try Files.bytes(directory.sub("b/data.mdb")).count
        #expect(told.last == UInt64(size) && size < 500_000)
        let copy = try Environment(path: directory.sub("b"), options: EnvironmentOptions())
        let copied = try copy.openTable("t", .positions)
        let count = try copy.read { (transaction) throws(LMDBError) in
            try transaction.reader().count(of: copied)
        }
        #expect(count == 100)
        #expect(throws: CopyFailure.self) {
            try environment.copy(to: directory.sub("b/data.mdb"), byteRate: nil)
        }
        #expect(throws: CopyFailure.self) {
            try environment.copy(to: "/dev/full", byteRate: nil)
        }
    }
}
