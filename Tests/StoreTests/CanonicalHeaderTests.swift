import EventLog
import Testing
import Wire

/// Headers whose bytes verification takes for the ones that the log would write.
@Suite struct CanonicalHeaderTests {
    /// Protobuf bytes of a header, fields as they are given.
    private func bytes(_ change: (inout [(UInt64, [UInt8])]) -> Void = { _ in }) -> [UInt8] {
        var fields: [(UInt64, [UInt8])] = [
            (1 << 3, [7]), (2 << 3, [0x80, 0x02]), (4 << 3, [9]), (5 << 3, [1]),
            (6 << 3 | 2, [1, 0x61]), (7 << 3 | 2, [1, 0x62]), (8 << 3 | 2, [1, 0x63]),
            (9 << 3, [1]), (10 << 3 | 2, [2, 0x61, 0x2d]),
            (11 << 3 | 2, [32] + [UInt8](repeating: 1, count: 32)), (13 << 3, [3]),
            (17 << 3 | 2, [32] + [UInt8](repeating: 2, count: 32)),
        ]
        change(&fields)
        return fields.flatMap { tag, value in
            (tag < 0x80 ? [UInt8(tag)] : [UInt8(tag & 0x7f) | 0x80, UInt8(tag >> 7)]) + value
        }
    }

    @Test func `a header as the log writes it is canonical`() {
        #expect(Header.isCanonical(bytes()))
    }

    @Test func `a header that says the same in another way is not`() {
        let others: [[UInt8]] = [
            // Fields in another order, twice, unknown, or a default that is left out.
            bytes { $0.swapAt(2, 3) }, bytes { $0.insert($0[0], at: 0) },
            bytes { $0.append((18 << 3, [1])) }, bytes { $0.insert((12 << 3, [0]), at: 10) },
            bytes { $0[4].1 = [0] },
            // A number that is longer than it need be.
            bytes { $0[0].1 = [0x87, 0x00] },
            // Something behind the end, and an end too early.
            bytes() + [0], bytes().dropLast(),
        ].map { Array($0) }
        for other in others { #expect(!Header.isCanonical(other)) }
    }

    @Test func `a header without what it needs, or with what cannot be, is not`() {
        let others: [[UInt8]] = [
            bytes { $0.remove(at: 0) }, bytes { $0.remove(at: 7) }, bytes { $0.remove(at: 8) },
            bytes { $0.removeLast() },
            // Assurance 9, a digest of 31 bytes, text that is none, an id with a blank.
            bytes { $0[7].1 = [9] }, bytes { $0[9].1 = [31] + [UInt8](repeating: 1, count: 31) },
            bytes { $0[4].1 = [1, 0xff] }, bytes { $0[8].1 = [2, 0x61, 0x20] },
            // One half of a source.
            bytes { $0.insert((15 << 3 | 2, [1, 0x61]), at: 11) },
            // Another type than the field has.
            bytes { $0[0] = (1 << 3 | 2, [1, 7]) },
        ]
        for other in others { #expect(!Header.isCanonical(other)) }
    }

    @Test func `what is canonical can be read, whatever was changed`() throws {
        var random = SeededGenerator()
        let whole = bytes()
        for _ in 0..<20_000 {
            var changed = whole
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                changed[place] = UInt8(truncatingIfNeeded: random.next())
            }
            guard Header.isCanonical(changed) else { continue }
            let header = try? Header(decoding: changed.span)
            #expect(header != nil, "seed \(random.seed): \(changed)")
        }
    }
}
