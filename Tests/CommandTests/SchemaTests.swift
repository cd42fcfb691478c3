import EventLog
import Foundation
import Testing

/// A ledger can be read without this program: by protoc, with the published schema.
@Suite struct SchemaTests {
    @Test func `protoc reads every header and payload of the main job, and agrees with get events`()
        async throws
    {
        let shop = try await MainJob.done.shop
        let size = Int(try shop.place.state().size)
        let events = try await shop.json("get", "events", "--limit", "100000")["items"].items
        #expect(events.count == size)
        #expect(size > 250)

        let reading = try await ProtocReading(of: shop.place.ledger)
        #expect(reading.headers.count == size)
        for event in events {
            let position = event["position"].int
            let header = try #require(reading.headers[position])
            #expect(header == expected(header: event))
            let payload = try #require(reading.payloads[position])
            #expect(payload == event["payload"].normalized(free: ["outputs", "config"]))
        }
        let types = Set(events.map { $0["type"].text })
        #expect(types.count >= 14, "the main job should make most kinds of events")
    }

    /// A header as its fields should be, made of what `get events` says.
    private func expected(header event: JSON) -> JSON {
        let members: [String: JSON] = [
            "position": event["position"],
            "recorded_ms": milliseconds(event["at"]),
            "wall_clock_ms": milliseconds(event["wallClock"]),
            "type": .string(event["type"].text.startingSmall),
            "type_version": event["typeVersion"],
            "project": event["project"],
            "subject": event["subject"],
            "actor_name": event["actor"]["name"],
            "assurance": event["actor"]["assurance"],
            "command_id": event["commandId"],
            "content_hash": event["contentHash"],
            "index_in_command": event["indexInCommand"],
            "cause": event["cause"],
            "payload_hash": event["payloadHash"],
        ]
        return .object(members.filter { !$0.value.isZero })
    }

    private func milliseconds(_ time: JSON) -> JSON {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? style.parse(time.text) else { return .null }
        return .number(Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }
}

/// All of a ledger's events as protoc decodes them: one run for the headers, and one for the
/// payloads of each type, in a message that repeats them.
struct ProtocReading {
    let schema: ProtoSchema
    private(set) var headers: [Int: JSON] = [:]
    private(set) var payloads: [Int: JSON] = [:]

    init(of ledger: String) async throws {
        let text = try Files.text("\(Program.root)/docs/waybill.proto")
        schema = try ProtoSchema(parsing: text)
        let raw = try RawEvents(of: ledger)
        let folder = try TemporaryDirectory()
        let messages = ["Header"] + schema.payloads
        let containers = messages.map {
            "message \($0)List { repeated waybill.v1.\($0) items = 1; }\n"
        }
        try Files.write(
            "syntax = \"proto3\";\nimport \"waybill.proto\";\n" + containers.joined(),
            to: folder.sub("lists.proto")
        )
        let header = try await Self.decode(raw.headers, "Header", schema, folder)
        for (index, value) in header.enumerated() { headers[index + 1] = value }
        for name in schema.payloads {
            let positions = raw.headers.indices.map { $0 + 1 }
                .filter { headers[$0]?["type"] == .string(name.startingSmall) }
            if positions.isEmpty { continue }
            let bytes = positions.map { raw.payloads[$0 - 1] }
            let values = try await Self.decode(bytes, name, schema, folder)
            for (position, value) in zip(positions, values) { payloads[position] = value }
        }
    }

    private static func decode(
        _ items: [[UInt8]],
        _ name: String,
        _ schema: ProtoSchema,
        _ folder: TemporaryDirectory
    ) async throws -> [JSON] {
        var bytes: [UInt8] = []
        for item in items {
            // Field 1, length-delimited.
            bytes.append(0x0a)
            var count = item.count
            while count > 0x7f {
                bytes.append(UInt8(count & 0x7f) | 0x80)
                count >>= 7
            }
            bytes.append(UInt8(count))
            bytes += item
        }
        let ending = try await Program.run(
            "protoc",
            [
                "--proto_path=\(Program.root)/docs", "--proto_path=\(folder.path)",
                "--decode=\(name)List", "lists.proto",
            ],
            in: folder.path,
            input: bytes
        ).checked()
        return try TextMessage(parsing: ending.output)["items"].map { node in
            guard case .message(let message) = node else { throw TestFailure("no message") }
            return try schema.json(message, name)
        }
    }
}

extension String {
    /// `StepStarted` → `stepStarted`.
    fileprivate var startingSmall: String { prefix(1).lowercased() + dropFirst() }
}

/// The bytes that the log stores.
private struct RawEvents {
    private(set) var headers: [[UInt8]] = []
    private(set) var payloads: [[UInt8]] = []

    init(of ledger: String) throws {
        let log = try EventLog.open(at: ledger, access: .read)
        (headers, payloads) = try log.read { (snapshot) throws(EventLogError) in
            var headers: [[UInt8]] = []
            var payloads: [[UInt8]] = []
            for number in 1...snapshot.head.position.rawValue {
                let position = Position(rawValue: number)
                headers.append(try snapshot.headerBytes(at: position))
                payloads.append(try snapshot.payload(at: position) ?? [])
            }
            return (headers, payloads)
        }
    }
}
