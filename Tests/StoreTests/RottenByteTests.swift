import EventLog
import LMDB
import Testing

/// Random damage: whatever it is, verification ends, and does not call wrong rows right.
@Suite struct RottenByteTests {
    private static let trialCount = 1500

    @Test func `flipped bytes are found, or no row has changed`() async throws {
        var random = SeededGenerator()
        let whole = try await RottenLog.small.value
        let rows = try RottenLog(whole).rows()
        var unnoticed = 0
        for trial in 0..<Self.trialCount {
            var bytes = whole
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            let log = try RottenLog(bytes)
            do throws(EventLogError) {
                guard try log.findings().isEmpty else { continue }
            } catch {
                switch error {
                case .newerFormat, .damaged, .truncated: continue
                default: throw TestFailure("seed \(random.seed), trial \(trial): \(error)")
                }
            }
            unnoticed += 1
            // Sound, as it says: then LMDB can read it, and reads what was there.
            var now = try log.rows()
            var before = rows
            // The name of the ledger, and rows that only their author understands.
            for table in ["meta", "rows"] {
                now[table] = nil
                before[table] = nil
            }
            #expect(now == before, "seed \(random.seed), trial \(trial)")
        }
        // Most of a small file is room for more.
        #expect(unnoticed < Self.trialCount)
    }

    @Test func `pages full of nonsense are found`() async throws {
        var random = SeededGenerator()
        let whole = try await RottenLog.whole.value
        for trial in 0..<60 {
            var bytes = whole
            for _ in 0..<8 {
                let page = Int.random(in: 2..<bytes.count / 4096, using: &random)
                let other = Int.random(in: 0..<bytes.count / 4096, using: &random)
                for offset in 0..<4096 {
                    bytes[page * 4096 + offset] = whole[other * 4096 + offset]
                }
                // Its own number, so that it is not known by that.
                for offset in 0..<8 {
                    bytes[page * 4096 + offset] = UInt8(truncatingIfNeeded: page >> (8 * offset))
                }
            }
            let found = try RottenLog(bytes).findings(partLevel: 3)
            #expect(!found.isEmpty, "seed \(random.seed), trial \(trial)")
            #expect(found.count < 1000)
        }
    }

    @Test func `rows are read as LMDB reads them`() async throws {
        let log = try await RottenLog()
        let rows = try log.rows()
        let read = try LogInspection.read(at: log.path) {
            (inspection) throws(EventLogError) -> [String: [[UInt8]]] in
            var read: [String: [[UInt8]]] = [:]
            for (name, record) in inspection.tables {
                var scan = TableScan(inspection.snapshot, record)
                var goesOn = scan.first()
                while goesOn {
                    let (key, value) = (Self.key(scan), Self.value(scan))
                    read[name, default: []] += [key, value]
                    let isFound = Self.finds(key, value, TableScan(inspection.snapshot, record))
                    #expect(isFound)
                    goesOn = scan.next()
                }
            }
            return read
        }
        #expect(read == rows)
    }

    private static func key(_ scan: borrowing TableScan) -> [UInt8] {
        let key = scan.key
        return key.indices.map { key[$0] }
    }

    private static func value(_ scan: borrowing TableScan) -> [UInt8] {
        guard let value = scan.value else { return [] }
        return value.indices.map { value[$0] }
    }

    private static func finds(
        _ key: [UInt8],
        _ value: [UInt8],
        _ scan: consuming TableScan
    ) -> Bool {
        scan.find(key.span) && self.value(scan) == value
    }
}
