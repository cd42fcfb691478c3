package import Wire

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

/// A name that follows the rule of names, up to 253 bytes.
package protocol ResourceName: Identifier {}

extension ResourceName {
    package init?(rawValue: String) {
        guard NameRule.isName(rawValue) else { return nil }
        self.init(unchecked: rawValue)
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
package struct WarehouseName: ResourceName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a stage in its project.
package struct StageName: ResourceName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a junction in its project.
package struct JunctionName: ResourceName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a promotion task in its project.
package struct TaskName: ResourceName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
}

/// The name of a promotion: `<stage>.<ULID>.<7 digits of what is promoted>`.
package struct PromotionName: ResourceName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
}

/// An id of 64 hexadecimal digits, lower case: a SHA-256.
package protocol DigestIdentifier: Identifier {}

extension DigestIdentifier {
    package init?(rawValue: String) {
        guard rawValue.utf8.count == 64, rawValue.isLowercaseHex else { return nil }
        self.init(unchecked: rawValue)
    }

    /// The first seven digits: how it is shown where there is no better name.
    package var short: String { String(rawValue.prefix(7)) }
}

/// The id of a piece of freight: 64 hexadecimal digits of a SHA-256 over its content.
package struct FreightID: DigestIdentifier {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
}

/// The id of a combination of components: 64 hexadecimal digits.
package struct CollectionID: DigestIdentifier {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
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
