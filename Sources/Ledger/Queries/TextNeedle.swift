import PromotionModel
import Wire

/// A text that is looked for in events; letters A to Z match either case.
struct TextNeedle {
    private let folded: [UInt8]

    /// Looks for `text`; an empty one occurs everywhere.
    init(_ text: String) {
        folded = text.utf8.map(Self.fold)
    }

    func occurs(in text: String) -> Bool { occurs(in: Array(text.utf8)) }

    /// Whether bytes have the text, wherever it begins.
    func occurs(in bytes: [UInt8]) -> Bool {
        guard let first = folded.first else { return true }
        guard bytes.count >= folded.count else { return false }
        for start in 0...(bytes.count - folded.count) where Self.fold(bytes[start]) == first {
            let isHere = folded.indices.allSatisfy {
                Self.fold(bytes[start + $0]) == folded[$0]
            }
            if isHere { return true }
        }
        return false
    }

    /// Whether a text of the record has it.
    func occurs(in message: any Message) -> Bool {
        var finder = TextFinder(needle: self)
        finder.read(message)
        return finder.isFound
    }

    private static func fold(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

/// Visits the texts of a record until one has what is looked for.
private struct TextFinder: FieldVisitor {
    let needle: TextNeedle
    private(set) var isFound = false

    init(needle: TextNeedle) {
        self.needle = needle
    }

    mutating func read(_ message: some Message) {
        guard !isFound else { return }
        var copy = message
        do throws(WireError) {
            try copy.visit(&self)
        } catch {
            preconditionFailure("reading fields decodes nothing, yet threw \(error)")
        }
    }

    private mutating func look(_ text: String) {
        if !isFound { isFound = needle.occurs(in: text) }
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {}
    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {}

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        look(value)
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        if let value { look(value) }
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {
        for text in value { look(text) }
    }

    mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) {}

    mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) {}

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M) {
        read(value)
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M?) {
        if let value { read(value) }
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout [M]) {
        for message in value { read(message) }
    }
}
