import PromotionModel
import Wire

/// Sets every field that it visits to a value that follows from its name and number, so that a
/// record with all fields set needs no list of its own.
struct Filler: FieldVisitor {
    /// Values may hold values; below this many levels nothing is filled.
    private let depth: Int

    private init(depth: Int) {
        self.depth = depth
    }

    /// `blank` with all fields set.
    static func filled<M: Message>(_ blank: M, depth: Int = 4) -> M {
        var filler = Filler(depth: depth)
        var message = blank
        do throws(WireError) {
            try message.visit(&filler)
        } catch {
            preconditionFailure("filling decodes nothing, yet threw \(error)")
        }
        return message
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64) {
        value = UInt64(number) * 100 + 1
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout UInt64?) {
        value = UInt64(number) * 100 + 2
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64) {
        value = 1_700_000_000_000 + Int64(number)
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Int64?) {
        value = -Int64(number)
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool) {
        value = true
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Bool?) {
        value = false
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout Double?) {
        value = Double(number) + 0.5
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String) {
        value = "\(name) ü"
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout String?) {
        value = ""
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [String]) {
        value = ["\(name)-1", "", "\(name)-3"]
    }

    mutating func field(_ number: UInt32, _ name: StaticString, _ value: inout [UInt8]) {
        value = [0, 255, UInt8(truncatingIfNeeded: number)]
    }

    mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E
    ) {
        value = Array(E.allCases)[E.allCases.count - 1]
    }

    mutating func field<E: WireEnum>(
        _ number: UInt32,
        _ name: StaticString,
        _ value: inout E?
    ) {
        value = Array(E.allCases)[0]
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M) {
        if depth > 0 { value = Self.filled(M(), depth: depth - 1) }
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout M?) {
        if depth > 0 { value = Self.filled(M(), depth: depth - 1) }
    }

    mutating func field<M: Message>(_ number: UInt32, _ name: StaticString, _ value: inout [M]) {
        if depth > 0 {
            value = [Self.filled(M(), depth: depth - 1), Self.filled(M(), depth: 0)]
        }
    }
}
