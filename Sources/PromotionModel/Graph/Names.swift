import Wire

/// The rule of names: an RFC 1123 subdomain, as Kubernetes and Kargo have it.
///
/// Lower-case letters, digits, `-` and `.`; each part between dots begins and ends with a letter
/// or digit.
package enum NameRule {
    /// Whether `text` is a name of at most `byteCountMax` bytes.
    package static func isName(_ text: String, byteCountMax: Int = 253) -> Bool {
        guard (1...byteCountMax).contains(text.utf8.count) else { return false }
        var previous = UInt8(ascii: ".")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                break
            case UInt8(ascii: "-"):
                if previous == UInt8(ascii: ".") { return false }
            case UInt8(ascii: "."):
                if previous == UInt8(ascii: ".") || previous == UInt8(ascii: "-") { return false }
            default:
                return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: ".") && previous != UInt8(ascii: "-")
    }
}

/// The name of a project: at most 63 bytes.
package struct ProjectName: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue, byteCountMax: 63) else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a warehouse in its project.
package struct WarehouseName: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a stage in its project.
package struct StageName: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a junction in its project.
package struct JunctionName: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a promotion task in its project.
package struct TaskName: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a promotion: `<stage>.<ULID>.<7 digits of what is promoted>`.
package struct PromotionName: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }
}

/// The id of a piece of freight: 64 hexadecimal digits of a SHA-256 over its content.
package struct FreightID: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard rawValue.utf8.count == 64, rawValue.isLowercaseHex else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }

    /// The first seven digits: how freight without an alias is shown.
    package var short: String { String(rawValue.prefix(7)) }
}

/// The id of a combination of components: 64 hexadecimal digits.
package struct CollectionID: Identifier {
    package let rawValue: String
    package init?(rawValue: String) {
        guard rawValue.utf8.count == 64, rawValue.isLowercaseHex else { return nil }
        self.rawValue = rawValue
    }
    package init(unchecked: String) { rawValue = unchecked }

    /// The first seven digits.
    package var short: String { String(rawValue.prefix(7)) }
}

extension String {
    /// Whether every byte is one of `0123456789abcdef`.
    package var isLowercaseHex: Bool {
        utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
            default: false
            }
        }
    }
}
