import Wire

/// The name of one attempt to change something; accepted once.
///
/// 1 to 64 bytes of `[A-Za-z0-9._:-]`.
package struct CommandID: Identifier {
    package let rawValue: String

    package init?(rawValue: String) {
        let isAllowed = rawValue.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: ":"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard (1...Limits.commandIDByteCountMax).contains(rawValue.utf8.count), isAllowed else {
            return nil
        }
        self.rawValue = rawValue
    }

    package init(unchecked: String) {
        rawValue = unchecked
    }
}
