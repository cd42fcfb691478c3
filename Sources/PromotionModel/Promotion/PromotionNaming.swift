package import EventLog

extension PromotionName {
    /// The name of a promotion to `stage` that the event at `position` asks for.
    ///
    /// `<stage>.<ULID>.<suffix>`, lower case, as Kargo names promotions; the ULID is the recorded
    /// time and the position, so the order of names is the order of positions. The stage's part
    /// is cut to 218 bytes, so that the whole stays a name.
    package static func name(
        stage: StageName,
        at recorded: Timestamp,
        position: Position,
        suffix: String
    ) -> PromotionName {
        var prefix = stage.rawValue
        if prefix.utf8.count > 218 {
            prefix = String(decoding: prefix.utf8.prefix(218), as: UTF8.self)
            while prefix.hasSuffix(".") || prefix.hasSuffix("-") { prefix.removeLast() }
        }
        let ulid = lexicographicID(recorded, position)
        return PromotionName(unchecked: "\(prefix).\(ulid).\(suffix.prefix(7))".lowercased())
    }

    /// A ULID of 26 digits: 48 bits of milliseconds, then the position in 80 bits.
    private static func lexicographicID(_ recorded: Timestamp, _ position: Position) -> String {
        let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        let time = UInt64(max(0, recorded.rawValue)) & 0xffff_ffff_ffff
        var text: [UInt8] = []
        for shift in stride(from: UInt64(45), through: 0, by: -5) {
            text.append(digits[Int(time >> shift & 31)])
        }
        for shift in stride(from: UInt64(75), through: 0, by: -5) {
            text.append(digits[shift >= 64 ? 0 : Int(position.rawValue >> shift & 31)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
