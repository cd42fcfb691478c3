import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Testing
import Wire

/// The JSON of exports, written in one pass, is the JSON of answers.
@Suite struct WritingEvents {
    private static func json(_ message: any Message) -> String {
        var json = JSONBytes()
        message.writeJSON(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test(arguments: EventType.allCases)
    func `a kind of event is written as answers show it`(_ type: EventType) {
        for (kind, blank) in Event.blanks where kind == type {
            for message in [blank, Filler.filled(blank)] as [any Message] {
                #expect(Self.json(message) == PayloadReader.value(of: message).json)
            }
        }
    }

    @Test(arguments: [
        Value.null, .bool(true), .int(.min), .int(.max), .double(0.1), .double(1e30),
        .double(.nan), .string(""), .array([]), .object([:]),
        .string("\u{0}\u{1}\u{8}\u{9}\u{A}\u{C}\u{D}\u{1F} \"\\/ \u{7F} é \u{2028}\u{2029} 🎉"),
        .string("\u{2027}\u{202A}\u{A8}\u{E8}"),
        .array([.int(1), .array([.null]), .object(["z": .int(1), "a": .string("\n")])]),
    ])
    func `a value is written as answers show it`(_ value: Value) {
        #expect(Self.json(ValueMessage(value)) == value.json)
    }

    @Test func `every event of a ledger is written as answers show it`() async throws {
        try await Shop.withEventful { ledger, _, _ in
            var lines: [String] = []
            let export = try EventExport(
                ledger,
                origin: "o",
                from: Position(rawValue: 1),
                through: try ledger.log.head().position
            )
            var text: [UInt8] = []
            try export.write { bytes throws(Never) in
                for index in bytes.indices { text.append(bytes[index]) }
            }
            lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
            #expect(lines.count == Int(export.eventCount) + 2)
            try ledger.asked { view in
                for (index, line) in lines.dropFirst().dropLast().enumerated() {
                    let event = try view.event(at: Position(rawValue: UInt64(index + 1)))
                    let shape = Shape.event(event).json
                    #expect(line.hasSuffix(",\"event\":\(shape)}"), "\(line)")
                }
            }
        }
    }

    @Test func `times are written as they are told, whenever they are`() {
        var generator = SystemRandomNumberGenerator()
        var times: [Int64] = [0, -1, 999, 1000, 253_402_300_799_999, 253_402_300_800_000]
        for _ in 0..<1000 {
            times.append(.random(in: -100_000_000_000...4_102_444_800_000, using: &generator))
        }
        for time in times {
            var bytes: [UInt8] = []
            Timestamp(rawValue: time).append(to: &bytes)
            #expect(String(decoding: bytes, as: UTF8.self) == Timestamp(rawValue: time).text)
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `base 64 is that of RFC 4648`(_ plain: String, _ encoded: String) {
        var text: [UInt8] = []
        let bytes = Array(plain.utf8)
        Base64Bytes.encode(bytes.span, to: &text)
        #expect(String(decoding: text, as: UTF8.self) == encoded)
        var back: [UInt8] = []
        #expect(Base64Bytes.decode(text.span, to: &back))
        #expect(back == bytes)
    }

    @Test(arguments: ["Zg=", "Zg", "Zh==", "Zm9=", "Z===", "Zm9v!A==", "Zg==Zg==", "=Zg=", "===="])
    func `base 64 that is not exactly that is refused`(_ text: String) {
        var bytes: [UInt8] = []
        let characters = Array(text.utf8)
        #expect(!Base64Bytes.decode(characters.span, to: &bytes), "\(text)")
    }
}
