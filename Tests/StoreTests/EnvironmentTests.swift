import Glibc
import LMDB
import Testing

/// An environment in a directory of its own, with a table of each kind.
final class EnvironmentHarness: Sendable {
    /// nil where somebody else removes it.
    private let temporary: TemporaryDirectory?
    let path: String
    let environment: Environment
    let rows: Table
    let numbers: Table

    /// In a directory of its own, or at `path`, as an exit test needs it: its process ends before
    /// anything could be removed.
    init(
        at path: String? = nil,
        mapSizeBytes: Int = 64 << 20,
        readerCountMax: UInt32 = 1024
    ) throws {
        temporary = path == nil ? try TemporaryDirectory() : nil
        self.path = path ?? temporary?.path ?? ""
        environment = try Environment(
            path: self.path,
            options: EnvironmentOptions(
                mapSizeBytes: mapSizeBytes,
                readerCountMax: readerCountMax,
                creates: true
            )
        )
        rows = try environment.openTable("rows", .bytes, create: true)
        numbers = try environment.openTable("numbers", .positions, create: true)
    }

    /// Puts rows into both tables: the byte 3n and the number 3n, for n below `count`.
    func fill(_ count: Int) throws {
        try environment.write { (transaction) throws(LMDBError) in
            for number in 0..<count {
                let value = [UInt8(number)]
                let key = [UInt8(number * 3)]
                try transaction.put(value.span, forKey: key.span, in: rows)
                try transaction.append(value.span, forKey: UInt64(number * 3), in: numbers)
            }
        }
    }

    /// A write transaction; callable from an exit test, whose body is async.
    func write(_ body: (inout WriteTransaction) throws(LMDBError) -> Void) throws {
        try environment.write(body)
    }

    func read<T>(_ body: (TableReader) throws(LMDBError) -> T) throws -> T {
        do {
            return try environment.read { (transaction) throws(LMDBError) in
                try body(transaction.reader())
            }
        } catch {
            throw error.error
        }
    }
}

@Suite struct EnvironmentTests {
    @Test func `what is put is read, replaced, deleted`() throws {
        let harness = try EnvironmentHarness()
        let key: [UInt8] = [1]
        let missing: [UInt8] = [2]
        let values: [[UInt8]] = [[1, 2, 3], [4]]
        for value in values {
            try harness.environment.write { (transaction) throws(LMDBError) in
                try transaction.put(value.span, forKey: key.span, in: harness.rows)
                try transaction.put(value.span, forKey: 9, in: harness.numbers)
                let own = try transaction.value(forKey: key.span, in: harness.rows)?.count
                #expect(own == value.count)
            }
            try harness.environment.read { (transaction) throws(LMDBError) in
                let count = try transaction.value(forKey: key.span, in: harness.rows)?.count
                #expect(count == value.count)
                let none = try transaction.value(forKey: missing.span, in: harness.rows) == nil
                #expect(none)
                let number = try transaction.value(forKey: 9, in: harness.numbers)?.count
                #expect(number == value.count)
            }
        }
        try harness.environment.write { (transaction) throws(LMDBError) in
            let first = try transaction.delete(key.span, in: harness.rows)
            let second = try transaction.delete(key.span, in: harness.rows)
            let third = try transaction.delete(9, in: harness.numbers)
            #expect(first && !second && third)
        }
        #expect(
            try harness.read { (reader) throws(LMDBError) in try reader.count(of: harness.rows) }
                == 0
        )
    }

    @Test func `a table is emptied and stays`() throws {
        let harness = try EnvironmentHarness()
        try harness.fill(10)
        try harness.environment.write { (transaction) throws(LMDBError) in
            try transaction.deleteAll(in: harness.numbers)
            let value: [UInt8] = [1]
            try transaction.append(value.span, forKey: 0, in: harness.numbers)
        }
        try harness.read { (reader) throws(LMDBError) in
            #expect(try reader.count(of: harness.numbers) == 1)
            #expect(try reader.count(of: harness.rows) == 10)
        }
    }

    @Test func `a value is written in place, and what is left out is zero`() throws {
        let harness = try EnvironmentHarness()
        let key: [UInt8] = [1]
        try harness.environment.write { (transaction) throws(LMDBError) in
            try transaction.reserve(byteCount: 3000, forKey: key.span, in: harness.rows) {
                $0[1] = 7
            }
            try transaction.reserve(byteCount: 2, forKey: 1, in: harness.numbers) { $0[0] = 8 }
            let head: [UInt8] = [1, 2]
            let tail: [UInt8] = [3]
            try transaction.append(head.span, tail.span, forKey: 2, in: harness.numbers)
        }
        try harness.read { (reader) throws(LMDBError) in
            let value = try reader.value(forKey: key, in: harness.rows)
            #expect(value == [0, 7] + [UInt8](repeating: 0, count: 2998))
            #expect(try reader.value(forKey: 1, in: harness.numbers) == [8, 0])
            #expect(try reader.value(forKey: 2, in: harness.numbers) == [1, 2, 3])
        }
    }

    @Test func `rows are appended in the order of their keys only`() throws {
        let harness = try EnvironmentHarness()
        let value: [UInt8] = [1]
        func append(_ keys: [UInt64]) -> LMDBError.Code? {
            do {
                try harness.environment.write { (transaction) throws(LMDBError) in
                    for key in keys {
                        try transaction.append(value.span, forKey: key, in: harness.numbers)
                    }
                }
                return nil
            } catch {
                return error.error.code
            }
        }
        #expect(append([1, 2, 300]) == nil)
        #expect(append([300]) == .keyOrder)
        #expect(append([299]) == .keyOrder)
        #expect(append([301]) == nil)
    }

    @Test func `appending, putting, deleting and reading take turns in one transaction`() throws {
        let harness = try EnvironmentHarness()
        var generator = SeededGenerator()
        var expected: [UInt64: [UInt8]] = [:]
        var end: UInt64 = 0
        try harness.environment.write { (transaction) throws(LMDBError) in
            let reader = transaction.reader()
            for _ in 0..<5000 {
                let value = generator.bytes(Int.random(in: 0...300, using: &generator))
                let key = UInt64.random(in: 0...end, using: &generator)
                switch generator.next() % 8 {
                case 0:
                    try transaction.put(value.span, forKey: key, in: harness.numbers)
                    expected[key] = value
                    end = max(end, key)
                case 1:
                    let isThere = try transaction.delete(key, in: harness.numbers)
                    #expect(isThere == (expected.removeValue(forKey: key) != nil))
                case 2:
                    let read = try reader.value(forKey: key, in: harness.numbers)
                    #expect(read == expected[key], "seed \(generator.seed)")
                default:
                    end += 1
                    try transaction.append(value.span, forKey: end, in: harness.numbers)
                    expected[end] = value
                }
            }
        }
        try harness.read { (reader) throws(LMDBError) in
            var rows: [UInt64: [UInt8]] = [:]
            try reader.forEach(in: 0...UInt64.max, of: harness.numbers) { key, value in
                rows[key] = (0..<value.count).map { value[$0] }
                return true
            }
            #expect(rows == expected, "seed \(generator.seed)")
        }
    }

    @Test func `a transaction whose closure throws changes nothing`() throws {
        let harness = try EnvironmentHarness()
        let key: [UInt8] = [1]
        #expect(throws: TransactionFailure<TestFailure>.self) {
            try harness.environment.write { (transaction) throws(TestFailure) in
                do {
                    try transaction.put(key.span, forKey: key.span, in: harness.rows)
                } catch {
                    throw TestFailure("\(error)")
                }
                throw TestFailure("on purpose")
            }
        }
        #expect(
            try harness.read { (reader) throws(LMDBError) in
                try reader.contains(key, in: harness.rows)
            } == false
        )
    }

    @Test func `a reader sees the state as of its beginning`() throws {
        let harness = try EnvironmentHarness()
        try harness.fill(1)
        try harness.environment.read { (transaction) throws(LMDBError) in
            do {
                try harness.fill(5)
            } catch {
                // Key 0 is appended again.
            }
            let key: [UInt8] = [200]
            let value: [UInt8] = [1]
            try? harness.environment.write { (writer) throws(LMDBError) in
                try writer.put(value.span, forKey: key.span, in: harness.rows)
            }
            #expect(try transaction.reader().contains(key, in: harness.rows) == false)
        }
    }

    @Test func `a cursor goes forward, backward, and to a key`() throws {
        let harness = try EnvironmentHarness()
        try harness.fill(10)
        try harness.environment.read { (transaction) throws(LMDBError) in
            var cursor = try transaction.cursor(in: harness.rows)
            var forward: [UInt8] = []
            while try cursor.next() { forward.append(cursor.key[0]) }
            #expect(forward == (0..<10).map { $0 * 3 })
            var backward: [UInt8] = []
            var isThere = try cursor.last()
            while isThere {
                backward.append(cursor.value[0])
                isThere = try cursor.previous()
            }
            #expect(backward == (0..<10).reversed())
            for key in 0...40 as ClosedRange<UInt8> {
                let bytes = [key]
                let after = try cursor.seek(atOrAfter: bytes.span) ? cursor.key[0] : nil
                #expect(after == (key > 27 ? nil : (key + 2) / 3 * 3))
                let before = try cursor.seek(atOrBefore: bytes.span) ? cursor.key[0] : nil
                #expect(before == min(key / 3 * 3, 27))
            }
            var numbers = try transaction.cursor(in: harness.numbers)
            for key in 0...40 as ClosedRange<UInt64> {
                let after = try numbers.seek(atOrAfter: key) ? numbers.number : nil
                #expect(after == (key > 27 ? nil : (key + 2) / 3 * 3))
                let before = try numbers.seek(atOrBefore: key) ? numbers.number : nil
                #expect(before == min(key / 3 * 3, 27))
            }
        }
    }

    @Test func `a cursor in a write transaction sees its changes`() throws {
        let harness = try EnvironmentHarness()
        try harness.environment.write { (transaction) throws(LMDBError) in
            for key in [5, 1, 3] as [UInt8] {
                let bytes = [key]
                try transaction.put(bytes.span, forKey: bytes.span, in: harness.rows)
                var cursor = try transaction.cursor(in: harness.rows)
                let found = try cursor.first() ? cursor.key[0] : nil
                #expect(found == min(key, 5) || key == 3)
            }
        }
    }

    @Test func `numbers sort as numbers`() throws {
        let harness = try EnvironmentHarness()
        let value: [UInt8] = []
        let keys: [UInt64] = [0, 1, 255, 256, 1 << 32, .max]
        try harness.environment.write { (transaction) throws(LMDBError) in
            for key in keys.shuffled() {
                try transaction.put(value.span, forKey: key, in: harness.numbers)
            }
        }
        try harness.read { (reader) throws(LMDBError) in
            var seen: [UInt64] = []
            try reader.forEach(in: 0...UInt64.max, of: harness.numbers) { key, _ in
                seen.append(key)
                return true
            }
            #expect(seen == keys)
        }
    }

    @Test func `keys that are empty or too long are refused`() throws {
        let harness = try EnvironmentHarness()
        for count in [0, 512] {
            let key = [UInt8](repeating: 1, count: count)
            #expect(throws: TransactionFailure<LMDBError>.self) {
                try harness.environment.write { (transaction) throws(LMDBError) in
                    try transaction.put(key.span, forKey: key.span, in: harness.rows)
                }
            }
        }
    }

    @Test func `a full map is its own error, and the environment goes on`() throws {
        let harness = try EnvironmentHarness(mapSizeBytes: 256 << 10)
        let value = [UInt8](repeating: 7, count: 10_000)
        var failure: LMDBError?
        for key in 0..<100 as Range<UInt64> where failure == nil {
            do {
                try harness.environment.write { (transaction) throws(LMDBError) in
                    try transaction.append(value.span, forKey: key, in: harness.numbers)
                }
            } catch {
                failure = error.error
            }
        }
        #expect(failure?.code == .mapFull)
        #expect(failure?.description.contains("map size is used up") == true)
        #expect(
            try harness.read { (reader) throws(LMDBError) in
                try reader.value(forKey: 0, in: harness.numbers)
            } == value
        )
        try harness.environment.write { (transaction) throws(LMDBError) in
            _ = try transaction.delete(0, in: harness.numbers)
        }
    }

    @Test func `one reader too many is refused by name, and a free slot serves again`() throws {
        let harness = try EnvironmentHarness(readerCountMax: 3)
        func nested(_ depth: Int) -> LMDBError? {
            do {
                return try harness.environment.read { (_) throws(LMDBError) in
                    depth == 0 ? nil : nested(depth - 1)
                }
            } catch {
                return error.error
            }
        }
        #expect(nested(2) == nil)
        #expect(nested(3)?.code == .readersFull)
        #expect(nested(2) == nil)
    }

    @Test func `a directory is opened once in a process, by whatever path`() throws {
        let harness = try EnvironmentHarness()
        let path = harness.path
        for path in [path, path + "/.", "/proc/self/cwd/../../../../../.." + path] {
            #expect(throws: LMDBError(.alreadyOpen, "open", path: path)) {
                try Environment(path: path, options: EnvironmentOptions())
            }
        }
    }

    @Test func `a directory can be opened again after it was closed`() throws {
        let directory = try TemporaryDirectory()
        let options = EnvironmentOptions(mapSizeBytes: 1 << 20, creates: true)
        for _ in 0..<3 {
            let environment = try Environment(path: directory.path, options: options)
            _ = try environment.openTable("t", .bytes, create: true)
        }
    }

    @Test func `a table that is not there is named`() throws {
        let harness = try EnvironmentHarness()
        let error = #expect(throws: LMDBError.self) {
            try harness.environment.openTable("nothing", .bytes)
        }
        #expect(error?.code == .tableMissing("nothing"))
        #expect(error?.description.contains("no table nothing") == true)
    }

    @Test func `statistics tell sizes and how far the oldest reader is behind`() throws {
        let harness = try EnvironmentHarness()
        try harness.fill(10)
        try harness.environment.read { (_) throws(LMDBError) in
            try? harness.environment.write { (transaction) throws(LMDBError) in
                _ = try transaction.delete(0, in: harness.numbers)
            }
            let statistics = try harness.environment.statistics()
            #expect(statistics.mapSizeBytes == 64 << 20)
            #expect(statistics.tables["rows"]?.rowCount == 10)
            #expect(statistics.tables["numbers"]?.rowCount == 9)
            #expect(statistics.readerCount == 2)
            #expect(statistics.oldestReaderLag == 1)
            #expect(statistics.usedBytes > 0)
        }
        #expect(try harness.environment.statistics().oldestReaderLag == 0)
    }
}
