package import EventLog

extension CommandID {
    /// A UUID of version 7 (RFC 9562): the time, then random digits.
    package static func version7(at time: Timestamp) -> CommandID {
        var bits = UInt64.random(in: .min ... .max)
        let head = UInt64(max(0, time.rawValue)) << 16 | 0x7000 | bits & 0x0fff
        bits = UInt64.random(in: .min ... .max) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let digits = Self.hex(head) + Self.hex(bits)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return CommandID(unchecked: text)
    }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
