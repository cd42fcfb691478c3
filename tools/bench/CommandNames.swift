import Glibc
import Synchronization

/// Command ids as clients make them: UUIDs of version 7, which start with the time.
enum CommandNames {
    private static let counter = Atomic<UInt64>(0)
    private static let digits = Array("0123456789abcdef".utf8)

    /// A new id, like `01936d4e-8f6a-7c3e-9b0a-4f1d2c3b4a59`.
    static func next() -> String {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
        // Mixed, so that ids of one millisecond come in no order, as random ones do.
        let number = counter.add(1, ordering: .relaxed).newValue &* 0x9e37_79b9_7f4a_7c15
        let words = [milliseconds << 16 | 0x7000 | number >> 52, 0x8000 << 48 | number >> 2]
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for word in words {
            for place in 0..<16 {
                let isBreak = text.count == 8 || text.count == 13 || text.count == 18
                if isBreak || text.count == 23 { text.append(UInt8(ascii: "-")) }
                text.append(digits[Int(word >> UInt64(60 - 4 * place) & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
