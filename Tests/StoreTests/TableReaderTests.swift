import LMDB
import Testing

@Suite struct TableReaderTests {
    /// Rows a, ab, abc, b with their keys as values, and a key of 255s.
    private func harness() throws -> EnvironmentHarness {
        let harness = try EnvironmentHarness()
        try harness.environment.write { (transaction) throws(LMDBError) in
            for key in Self.keys {
                try transaction.put(key.span, forKey: key.span, in: harness.rows)
            }
        }
        return harness
    }

    private static let keys = ["a", "ab", "abc", "b"].map { Array($0.utf8) } + [[255, 255]]

    @Test func `the last row at or before a key keeps to the prefix`() throws {
        let harness = try harness()
        try harness.read { (reader) throws(LMDBError) in
            func last(_ key: String, _ prefixCount: Int) throws(LMDBError) -> String? {
                try reader.last(
                    atOrBefore: Array(key.utf8),
                    prefixCount: prefixCount,
                    in: harness.rows
                ).map { String(decoding: $0.value, as: UTF8.self) }
            }
            #expect(try last("abd", 0) == "abc")
            #expect(try last("abc", 3) == "abc")
            #expect(try last("abd", 2) == "abc")
            #expect(try last("abd", 3) == nil)
            #expect(try last("aa", 1) == "a")
            #expect(try last("aa", 2) == nil)
            #expect(try last("A", 0) == nil)
            #expect(try last("zz", 0) == "b")
            #expect(
                try reader.last(atOrBefore: [255, 255, 255], in: harness.rows)?.key == [255, 255]
            )
        }
    }

    @Test func `the first row at or after a key keeps to the prefix`() throws {
        let harness = try harness()
        try harness.read { (reader) throws(LMDBError) in
            func first(_ key: String, _ prefixCount: Int) throws(LMDBError) -> [UInt8]? {
                try reader.first(
                    atOrAfter: Array(key.utf8),
                    prefixCount: prefixCount,
                    in: harness.rows
                )?.key
            }
            #expect(try first("aa", 1) == Array("ab".utf8))
            #expect(try first("ac", 1) == nil)
            #expect(try first("ac", 0) == Array("b".utf8))
            #expect(try first("", 0) == Array("a".utf8))
        }
    }

    @Test func `rows of a prefix or range come in both orders, until one has enough`() throws {
        let harness = try harness()
        try harness.read { (reader) throws(LMDBError) in
            func keys(
                _ iterate: ((Span<UInt8>, Span<UInt8>) -> Bool) throws(LMDBError) -> Void,
                atMost limit: Int = 100
            ) throws(LMDBError) -> [String] {
                var keys: [String] = []
                try iterate { key, value in
                    #expect(key.count == value.count)
                    keys.append(String((0..<key.count).map { Character(Unicode.Scalar(key[$0])) }))
                    return keys.count < limit
                }
                return keys
            }
            let table = harness.rows
            for (prefix, expected) in [
                ("a", ["a", "ab", "abc"]), ("ab", ["ab", "abc"]), ("c", []), ("b", ["b"]),
            ] {
                let bytes = Array(prefix.utf8)
                let forward = try keys { (body) throws(LMDBError) in
                    try reader.forEach(prefix: bytes, in: table, body)
                }
                #expect(forward == expected)
                let backward = try keys { (body) throws(LMDBError) in
                    try reader.forEach(prefix: bytes, reverse: true, in: table, body)
                }
                #expect(backward == expected.reversed())
            }
            let high = try keys { (body) throws(LMDBError) in
                try reader.forEach(prefix: [255], reverse: true, in: table, body)
            }
            #expect(high == ["ÿÿ"])
            let all = try keys { (body) throws(LMDBError) in try reader.forEach(in: table, body) }
            #expect(all.count == 5)
            let range = try keys { (body) throws(LMDBError) in
                try reader.forEach(
                    from: Array("ab".utf8),
                    before: Array("b".utf8),
                    in: table,
                    body
                )
            }
            #expect(range == ["ab", "abc"])
            let two = try keys(
                { (body) throws(LMDBError) in try reader.forEach(reverse: true, in: table, body) },
                atMost: 2
            )
            #expect(two == ["ÿÿ", "b"])
        }
    }

    @Test func `numbers are found from both sides and in ranges`() throws {
        let harness = try EnvironmentHarness()
        try harness.fill(10)
        try harness.read { (reader) throws(LMDBError) in
            let table = harness.numbers
            #expect(try reader.last(atOrBefore: 10, in: table)?.key == 9)
            #expect(try reader.last(atOrBefore: 9, in: table)?.value == [3])
            #expect(try reader.last(atOrBefore: 1000, in: table)?.key == 27)
            #expect(try reader.first(atOrAfter: 10, in: table)?.key == 12)
            #expect(try reader.first(atOrAfter: 28, in: table) == nil)
            var seen: [UInt64] = []
            try reader.forEach(in: 4...15, reverse: true, of: table) { key, _ in
                seen.append(key)
                return true
            }
            #expect(seen == [15, 12, 9, 6])
        }
    }

    @Test func `bytes are lent, and reads may nest`() throws {
        let harness = try EnvironmentHarness()
        try harness.fill(10)
        try harness.read { (reader) throws(LMDBError) in
            var pairs = 0
            try reader.forEach(in: harness.rows) { key, value in
                let number = UInt64(key[0])
                let same = try? reader.withValue(forKey: number, in: harness.numbers) { $0[0] }
                if same == value[0] { pairs += 1 }
                return true
            }
            #expect(pairs == 10)
            #expect(try reader.withValue(forKey: [1], in: harness.rows) { $0.count } == nil)
        }
    }

    @Test func `a reader of a write transaction sees each change at once`() throws {
        let harness = try EnvironmentHarness()
        try harness.environment.write { (transaction) throws(LMDBError) in
            let reader = transaction.reader()
            for number in 0..<2000 as Range<UInt64> {
                let value = [UInt8(truncatingIfNeeded: number), 1, 2, 3, 4, 5, 6, 7, 8, 9]
                let key = Array("\(number)".utf8)
                try transaction.append(value.span, forKey: number, in: harness.numbers)
                try transaction.put(value.span, forKey: key.span, in: harness.rows)
                let last = try reader.last(atOrBefore: .max, in: harness.numbers)
                #expect(last?.key == number)
                #expect(try reader.value(forKey: number, in: harness.numbers) == value)
                let found = try reader.last(atOrBefore: key, in: harness.rows)
                #expect(found?.key == key)
            }
        }
    }

    @Test func `a use after the end of the transaction ends the program`() async throws {
        let directory = try TemporaryDirectory()
        let exit = await #expect(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) { [path = directory.path as String] in
            let harness = try EnvironmentHarness(at: path)
            var kept: TableReader?
            try harness.read { (reader) throws(LMDBError) in kept = reader }
            _ = try kept?.value(forKey: 1, in: harness.numbers)
        }
        let text = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("used after its transaction had ended"))
    }

    @Test func `a change while bytes are lent ends the program`() async throws {
        let directory = try TemporaryDirectory()
        let exit = await #expect(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) { [path = directory.path as String] in
            let harness = try EnvironmentHarness(at: path)
            try harness.fill(1)
            try harness.write { (transaction) throws(LMDBError) in
                let reader = transaction.reader()
                var copy: Result<Void, LMDBError> = .success(())
                try reader.forEach(in: harness.rows) { _, _ in
                    do throws(LMDBError) {
                        try transaction.delete(0, in: harness.numbers)
                    } catch {
                        copy = .failure(error)
                    }
                    return true
                }
                try copy.get()
            }
        }
        let text = String(decoding: exit?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("changed while its bytes were lent"))
    }
}
