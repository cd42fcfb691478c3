/// JSON as bytes, written in one pass: for many messages, where a tree of values would cost more
/// than what is written.
///
/// Objects have their members in the order of their names' bytes, as the JSON of values has them.
@usableFromInline
package struct JSONBytes: Sendable {
    /// What is written so far.
    package private(set) var bytes: [UInt8] = []
    /// The members of the objects that are open, the innermost object's last: the name, and where
    /// the member begins.
    private var members: [(name: StaticString, start: Int)] = []
    /// Members on their way to their places; kept for its room.
    private var scratch: [UInt8] = []
    /// The names of the cases of enumerations, by type: asking for them is slow.
    @usableFromInline var caseNames: [ObjectIdentifier: [UInt32: [UInt8]]] = [:]

    /// An empty text.
    package init() {}

    /// Forgets what was written, and keeps its room.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    // MARK: - Pieces

    /// Appends bytes as they are.
    @usableFromInline
    package mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends bytes as they are.
    @usableFromInline
    package mutating func raw(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    /// Hands `body` the bytes, to append some of its own.
    package mutating func append(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
    }

    /// Writes a number.
    @usableFromInline
    package mutating func number(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        number(value.magnitude)
    }

    /// Writes a number.
    package mutating func number(_ value: UInt64) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var count = 0
        var rest = value
        repeat {
            digits[count] = UInt8(ascii: "0") + UInt8(rest % 10)
            count += 1
            rest /= 10
        } while rest > 0
        while count > 0 {
            count -= 1
            bytes.append(digits[count])
        }
    }

    /// Writes a text in quotation marks, escaped as the JSON of values is.
    @usableFromInline
    package mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let span = text.utf8Span.span
        if Self.isPlain(span) {
            unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        } else {
            escape(span)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether nothing is to be escaped.
    ///
    /// U+2028 and U+2029 begin with 0xE2 in UTF-8.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let byte = text[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0xe2 { return false }
        }
        return true
    }

    private mutating func escape(_ text: Span<UInt8>) {
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x0a: raw("\\n")
            case 0x0d: raw("\\r")
            case 0x09: raw("\\t")
            case 0x08: raw("\\b")
            case 0x0c: raw("\\f")
            case 0..<0x20:
                raw(byte < 0x10 ? "\\u000" : "\\u001")
                bytes.append(Self.hexDigit(byte & 15))
            case 0xa8, 0xa9:
                // The last byte of E2 80 A8 or E2 80 A9: the first two are written already.
                if index >= 2, text[index - 1] == 0x80, text[index - 2] == 0xe2 {
                    bytes.removeLast(2)
                    raw(byte == 0xa8 ? "\\u2028" : "\\u2029")
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
    }

    /// Writes bytes as hexadecimal digits in quotation marks.
    @usableFromInline
    package mutating func hex(_ value: Span<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for index in value.indices {
            bytes.append(Self.hexDigit(value[index] >> 4))
            bytes.append(Self.hexDigit(value[index] & 15))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    // MARK: - Objects and lists

    /// Begins an object; what it returns is for `endObject`.
    @usableFromInline
    package mutating func beginObject() -> Int {
        bytes.append(UInt8(ascii: "{"))
        return members.count
    }

    /// Begins a member of the innermost object; its value must follow, and then `endMember`.
    @usableFromInline
    package mutating func beginMember(_ name: StaticString) {
        members.append((name, bytes.count))
        bytes.append(UInt8(ascii: "\""))
        raw(name)
        raw("\":")
    }

    /// Ends a member, or an element of a list.
    @usableFromInline
    package mutating func endMember() {
        bytes.append(UInt8(ascii: ","))
    }

    /// Ends the innermost object, and puts its members in their order.
    @usableFromInline
    package mutating func endObject(_ base: Int) {
        let count = members.count - base
        if count > 1 { sortMembers(base) }
        members.removeLast(count)
        close(count > 0, UInt8(ascii: "}"))
    }

    /// Begins a list of elements, each ended by `endMember`.
    @usableFromInline
    package mutating func beginList() {
        bytes.append(UInt8(ascii: "["))
    }

    /// Ends a list.
    @usableFromInline
    package mutating func endList(isEmpty: Bool) {
        close(!isEmpty, UInt8(ascii: "]"))
    }

    private mutating func close(_ hasElements: Bool, _ bracket: UInt8) {
        if hasElements {
            // In the place of the last comma.
            bytes[bytes.count - 1] = bracket
        } else {
            bytes.append(bracket)
        }
    }

    private mutating func sortMembers(_ base: Int) {
        let indices = base..<members.count
        let isSorted = indices.dropFirst().allSatisfy {
            Self.isLess(members[$0 - 1].name, members[$0].name)
        }
        if isSorted { return }
        let start = members[base].start
        let end = bytes.count
        let order = indices.sorted { Self.isLess(members[$0].name, members[$1].name) }
        scratch.removeAll(keepingCapacity: true)
        for index in order {
            let next = index + 1 < members.count ? members[index + 1].start : end
            scratch.append(contentsOf: bytes[members[index].start..<next])
        }
        bytes.replaceSubrange(start..<end, with: scratch)
    }

    private static func isLess(_ left: StaticString, _ right: StaticString) -> Bool {
        left.withUTF8Buffer { left in
            right.withUTF8Buffer { right in
                unsafe left.lexicographicallyPrecedes(right)
            }
        }
    }
}
