import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "What happens, as it happens: a line for each event, until it is stopped.",
        discussion: """
            With -o json each event is an object on a line of its own.
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
        let session = try Session(reading: options)
        let now = try session.ledger.log.head().position
        let first = try since.map { try EventFilterOptions.first(since: $0, session) } ?? now.next
        // What is wrong with the options is said at once, not with the first event.
        try session.read { view, _ in _ = try events.filter(options, view) }
        let asked = self
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
            try session.read(at: .position(end)) { view, _ in
                var filter = try events.filter(options, view)
                filter.from = next
                filter.through = end
                var found: [LedgerEvent] = []
                var before: Position? = end.next
                while let cursor = before {
                    let page = try view.events(
                        filter,
                        before: cursor,
                        limit: Int(Self.windowLength)
                    )
                    found += page.items
                    before = page.next
                }
                for event in found.reversed() { tell(event) }
            }
            next = end.next
        }
        return next
    }

    private func tell(_ event: LedgerEvent) {
        switch options.output {
        case .json: Output.line(Shape.event(event).json)
        case .yaml: Output.text("---\n" + Shape.event(event).yaml)
        case .name: Output.line("\(event.header.position)")
        case .table, .wide:
            let header = event.header
            let told = Narrator.line(event) ?? header.subject
            let line = "\(header.position) \(header.recorded.text) \(event.type.name) "
            Output.line(TextTable.cleaned(line + "by \(header.actor.name): \(told)"))
        }
    }
}
