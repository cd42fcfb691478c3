import EventLog
import Hummingbird
import HTTPTypes
import Ledger
import LedgerAPI
import NIOCore
import Requests
import ServiceLifecycle
import PromotionModel
import Expressions

/// Events as they are recorded, sent to one reader (server-sent events, HTML Standard 9.2).
///
/// The reader has a position and nothing else: what it has not read stays in the log, so however
/// slow it is, no more than one window is in memory for it.
struct EventStream: Sendable {
    let core: ServerCore
    let caller: Caller
    /// The project of which events are wanted; nil for all that are seen.
    let project: String?
    let selection: EventSelection
    let sender: PatientWriter
    /// Whether events are told in a line each, or sent as JSON.
    let isText: Bool
    /// The next position to be sent.
    let first: Position

    /// Positions that are looked at in one transaction.
    private static let windowLength: UInt64 = 64

    /// Sends events until the reader goes, takes nothing for long, or the server stops.
    @concurrent
    func write(to writer: inout any ResponseBodyWriter) async throws {
        core.counters.count { $0.eventReaders += 1 }
        defer { core.counters.count { $0.eventReaders -= 1 } }
        // So that the reader knows at once that it is connected, and where it goes on if the
        // connection breaks before the first event (HTML Standard 9.2.6: an id alone is kept).
        try await send(": waybill\nid: \(Self.before(first))\n\n", to: &writer)
        var next = first
        for await tick in try Self.ticks(core, after: first).cancelOnGracefulShutdown() {
            switch tick {
            case .beat: try await send(":\n\n", to: &writer)
            case .grown(let last):
                // What was taken back meanwhile is not read any more.
                guard let caller = core.access.renewed(caller) else {
                    return try await writer.finish(nil)
                }
                let choice = ProjectChoice(said: project, seen: caller.powers.seenProjects)
                let desk = Desk(core.ledger, choice, .value)
                while next <= last {
                    let end = min(last, Position(rawValue: next.rawValue + Self.windowLength - 1))
                    let events = try desk.events(selection, from: next, through: end)
                    let text = events.map(text).joined()
                    if !text.isEmpty { try await send(text, to: &writer) }
                    next = end.next
                }
            }
        }
        try await writer.finish(nil)
    }

    private func text(_ event: LedgerEvent) -> String {
        let data = isText ? Narrator.logLine(event) : Shape.event(event).json
        return "id: \(event.header.position.rawValue)\nevent: \(event.type.name)\n"
            + "data: \(data)\n\n"
    }

    /// The position behind which a stream that begins here goes on.
    private static func before(_ first: Position) -> UInt64 { max(first.rawValue, 1) - 1 }

    private enum Tick: Sendable {
        case grown(Position)
        case beat
    }

    /// The ends of the log, and a beat when nothing came for a while.
    private static func ticks(
        _ core: ServerCore,
        after first: Position
    ) throws -> AsyncStream<Tick> {
        let heads = try core.ledger.log.follow(after: Position(rawValue: before(first)))
        let pause = core.settings.heartbeat
        // Of ends only the newest counts, and a beat that is overtaken by one is not needed.
        let (stream, continuation) = AsyncStream<Tick>.makeStream(
            bufferingPolicy: .bufferingNewest(2)
        )
        let follower = Task {
            for await head in heads { continuation.yield(.grown(head.position)) }
            continuation.finish()
        }
        let beater = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: pause)
                continuation.yield(.beat)
            }
        }
        continuation.onTermination = { _ in
            follower.cancel()
            beater.cancel()
        }
        return stream
    }

    @concurrent
    private func send(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
        try await sender.write(ByteBuffer(string: text), to: &writer)
    }
}
