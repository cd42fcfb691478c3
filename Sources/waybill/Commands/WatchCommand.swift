import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import LedgerClient
import PromotionModel
import Requests

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "What happens, as it happens: a line for each event, until it is stopped.",
        discussion: """
            Events as they are recorded, by whichever process, oldest first. With -o json each \
            event is an object on a line of its own. SIGINT and SIGTERM end it, with exit code \
            0.

            For example: waybill watch --subject stage/prod
            or: waybill watch --since "1h ago" --type PromotionFailed
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var events: EventFilterOptions

    @Option(help: "Begin with what happened since this moment; default with what comes next.")
    var since: String?

    /// How many positions are gone through before their events are written.
    private static let windowLength: UInt64 = 1000

    func run() async throws {
        let asked = self
        if let address = try options.serverAddress() {
            let desk = RemoteDesk(address, options.choice, options.output.form)
            return try await StopSignals.run { try await asked.follow(desk) }
        }
        let session = try Session(reading: options)
        let now = try session.ledger.log.head().position
        let first = try since.map { try session.desk.first(since: $0) } ?? now.next
        // What is wrong with the options is said at once, not with the first event.
        try session.read { view, _ in _ = try events.selection.filter(options.choice, view) }
        try await StopSignals.run {
            var next = first
            for await head in try session.ledger.log.follow(
                after: Position(rawValue: max(first.rawValue, 1) - 1)
            ) {
                try Task.checkCancellation()
                next = try asked.tell(from: next, through: head.position, session)
            }
        }
        await session.ledger.log.close()
    }

    /// Writes what the filter lets through of these positions; returns the position behind them.
    private func tell(
        from first: Position,
        through last: Position,
        _ session: Session
    ) throws -> Position {
        var next = first
        while next <= last {
            let end = min(last, Position(rawValue: next.rawValue + Self.windowLength - 1))
            let found = try session.desk.events(events.selection, from: next, through: end)
            for event in found { tell(event) }
            next = end.next
        }
        return next
    }

    private func tell(_ event: LedgerEvent) {
        switch options.output {
        case .json: Output.line(Shape.event(event).json)
        case .yaml: Output.text("---\n" + Shape.event(event).yaml)
        case .name: Output.line("\(event.header.position)")
        case .table, .wide: Output.line(Narrator.logLine(event))
        }
    }

    /// Writes what a server sends, until the task is cancelled.
    private func follow(_ desk: RemoteDesk) async throws {
        let isText = options.output == .table || options.output == .wide
        try await desk.watch(events.selection, since: since, asText: isText) { event in
            switch options.output {
            case .json, .table, .wide: Output.line(event.data)
            case .yaml: Output.text("---\n" + (try Value(json: event.data)).yaml)
            case .name: Output.line(event.id)
            }
        }
    }
}
