import Testing
import Wire

/// Everything that a field can be.
private struct Sample: Message, Equatable {
    enum Color: UInt32, WireEnum {
        case red = 1
        case green = 2
    }

    struct Inner: Message, Equatable {
        var name = ""

        mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
            try visitor.field(1, "name", &name)
        }
    }

    var number: UInt64 = 0
    var signed: Int64 = 0
    var maybe: UInt64?
    var flag = false
    var ratio: Double?
    var text = ""
    var maybeText: String?
    var texts: [String] = []
    var bytes: [UInt8] = []
    var color = Color.red
    var maybeColor: Color?
    var inner = Inner()
    var maybeInner: Inner?
    var inners: [Inner] = []

    mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "number", &number)
        try visitor.field(2, "signed", &signed)
        try visitor.field(3, "maybe", &maybe)
        try visitor.field(4, "flag", &flag)
        try visitor.field(5, "ratio", &ratio)
        try visitor.field(6, "text", &text)
        try visitor.field(7, "maybe_text", &maybeText)
        try visitor.field(8, "texts", &texts)
        try visitor.field(9, "bytes", &bytes)
        try visitor.field(10, "color", &color)
        try visitor.field(11, "maybe_color", &maybeColor)
        try visitor.field(12, "inner", &inner)
        try visitor.field(13, "maybe_inner", &maybeInner)
        try visitor.field(14, "inners", &inners)
    }
}

@Suite struct WireTests {
    private static func random(_ generator: inout SeededGenerator) -> Sample {
        func text(_ generator: inout SeededGenerator) -> String {
            String(
                (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                    "aß→🦆".randomElement() ?? "a"
                }
            )
        }
        var sample = Sample()
        sample.number = generator.next() >> (generator.next() % 64)
        sample.signed = Int64(bitPattern: generator.next())
        sample.maybe = Bool.random(using: &generator) ? 0 : nil
        sample.flag = .random(using: &generator)
        sample.ratio = Bool.random(using: &generator) ? Double(generator.next()) : nil
        sample.text = text(&generator)
        sample.maybeText = Bool.random(using: &generator) ? "" : nil
        sample.texts = (0..<3).map { _ in text(&generator) }
        sample.bytes = generator.bytes(Int.random(in: 0...300, using: &generator))
        sample.color = .green
        sample.maybeColor = Bool.random(using: &generator) ? .red : nil
        sample.inner.name = text(&generator)
        sample.maybeInner = Bool.random(using: &generator) ? Sample.Inner() : nil
        sample.inners = (0..<2).map { _ in Sample.Inner(name: text(&generator)) }
        return sample
    }

    @Test func `a record is read back as it was written`() throws {
        var generator = SeededGenerator()
        for _ in 0..<500 {
            let sample = Self.random(&generator)
            let read = try Sample(decoding: sample.encoded())
            #expect(read == sample, "seed \(generator.seed)")
        }
    }

    @Test func `bytes of any kind are read or refused, never more`() {
        var generator = SeededGenerator()
        for _ in 0..<2000 {
            var bytes = Self.random(&generator).encoded()
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8(
                    truncatingIfNeeded: generator.next()
                )
            }
            // A trap would end the test; a result of either kind is right.
            _ = try? Sample(decoding: bytes)
            _ = try? Sample(decoding: Array(bytes.prefix(Int(generator.next() % 40))))
        }
    }

    @Test func `unknown fields are skipped`() throws {
        var writer = WireWriter()
        writer.field(1, varint: 7)
        writer.field(10, varint: 2)
        writer.field(90, varint: 1)
        writer.field(91, text: "later")
        writer.field(92, double: 1)
        let read = try Sample(decoding: writer.bytes)
        #expect(read.number == 7)
        #expect(read.color == .green)
    }

    @Test(
        arguments: [
            ([0x08], WireError.truncated(field: 0)),
            ([0x32, 0x05, 0x61], WireError.truncated(field: 0)),
            ([0x00, 0x01], WireError.malformedTag(0)),
            ([0x0f, 0x01], WireError.malformedTag(0x0f)),
            ([0x08] + [UInt8](repeating: 0xff, count: 10), WireError.malformedVarint),
            ([0x0a, 0x00], WireError.unexpectedWireType(field: 1)),
            ([0x32, 0x01, 0xff, 0x50, 0x01], WireError.invalidText(field: 6)),
            ([0x50, 0x09], WireError.unknownValue(field: 10, value: 9)),
        ] as [([UInt8], WireError)]
    )
    func `malformed bytes are refused by name`(bytes: [UInt8], error: WireError) {
        #expect(throws: error) { try Sample(decoding: bytes) }
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, UInt64.max] as [UInt64])
    func `a number of any size is read back`(number: UInt64) throws {
        var writer = WireWriter()
        writer.varint(number)
        var cursor = WireCursor(0..<writer.bytes.count)
        let bytes = writer.bytes
        #expect(try cursor.varint(in: bytes.span) == number)
        #expect(cursor.isAtEnd)
    }
}
