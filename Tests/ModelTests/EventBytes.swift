import EventLog
import Expressions
import LedgerAPI
import PromotionModel
import Testing
import Wire

/// The bytes of every kind of event: what is in a ledger can be read for ever.
@Suite struct EventBytes {
    /// A kind of event with all of its fields set.
    private static func sample(_ type: EventType) -> any Message {
        for (kind, blank) in Event.blanks where kind == type { return Filler.filled(blank) }
        preconditionFailure("\(type) has no blank")
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if index > 0, index % 32 == 0 { text += "\n" }
            text += String(
                decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]],
                as: UTF8.self
            )
        }
        return text + "\n"
    }

    private static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.utf8).filter { $0 != 10 }
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
        }
    }

    @Test(arguments: EventType.allCases)
    func `a kind of event is encoded as it always was, and read back whole`(
        type: EventType
    ) throws {
        let path = "fixtures/events/\(type.name).hex"
        let bytes = Self.sample(type).encoded()
        try Golden.expect(Self.hex(bytes), in: path)
        let stored = Golden.text(of: path).map(Self.bytes(hex:)) ?? bytes
        #expect(try Event(type, decoding: stored).payload.encoded() == bytes)
    }

    @Test(arguments: EventType.allCases)
    func `a field that only a newer version knows is passed over`(type: EventType) throws {
        var writer = WireWriter()
        writer.field(900, text: "news")
        writer.field(901, double: 1.5)
        let bytes = Self.sample(type).encoded()
        #expect(try Event(type, decoding: bytes + writer.bytes).payload.encoded() == bytes)
    }

    @Test(arguments: EventType.allCases)
    func `a payload that was cut off is never read as a whole one`(type: EventType) {
        let bytes = Self.sample(type).encoded()
        let whole = Self.sample(type).encoded()
        for count in stride(from: 1, to: bytes.count, by: 7) {
            let read = try? Event(type, decoding: Array(bytes[..<count]))
            #expect(read?.payload.encoded() != whole)
        }
    }

    @Test func `the published schema is what the records say`() throws {
        try Golden.expect(SchemaWriter.schema(), in: "docs/waybill.proto")
    }

    @Test(arguments: [
        Value.null, .bool(false), .int(-5), .double(0.25), .string(""), .array([]), .object([:]),
        .array([.int(1), .null, .array([.string("x")])]),
        .object(["b": .object(["c": .null]), "a": .bool(true)]),
    ])
    func `every value comes back as it was stored`(value: Value) throws {
        let bytes = ValueMessage(value).encoded()
        #expect(try ValueMessage(decoding: bytes).value == value)
    }

    @Test func `kinds of events have names and numbers of their own`() {
        #expect(Set(EventType.allCases.map(\.name)).count == EventType.allCases.count)
        for type in EventType.allCases { #expect(EventType(name: type.name) == type) }
        #expect(Event.blanks.map(\.type) == EventType.allCases)
    }
}
