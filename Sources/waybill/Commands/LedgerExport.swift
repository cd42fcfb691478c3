import ArgumentParser
import EventLog
import Expressions
import Glibc
import LMDB
import Ledger
import LedgerAPI
import Transparency
import Requests

/// How events are exported.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    /// The stored bytes, and what they say.
    case raw
    /// A CloudEvent for each event.
    case cloudevents
    /// What CDEvents has a word for, in CloudEvents.
    case cdevents
}

struct LedgerExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write events as JSON Lines, with their stored bytes, for other ledgers and tools.",
        discussion: """
            One line for each event, between a first line that names ledger and roots and a last \
            one with a SHA-256 over all others: header, salt and payload as they are stored, in \
            base 64, and beside them the event as 'get events -o json' shows it. docs/BACKUP.md \
            describes the format. waybill ledger import makes a ledger with the same roots of it. \
            Payloads and the root are checked on the way; whoever writes meanwhile is not kept \
            waiting.

            --format cloudevents writes each event as a CloudEvent instead, a line each and \
            nothing else; cdevents what CDEvents has a word for, such as that a service was \
            upgraded, as CloudEvents, too. Both are for other systems (docs/INTERCHANGE.md): \
            they cannot be imported, and prove nothing.

            The last line has the checkpoint at the last event, signed if the ledger's key is \
            there. Without --out it goes to standard output. A file that is there is never \
            overwritten, and one that could not be finished is removed.

            For example: waybill ledger export --out ledger.jsonl
            or: waybill ledger export --from 2026-10-01 --to 2026-11-01 --out october.jsonl
            or: waybill ledger export --format cdevents --from '30d ago'
            """
    )

    @OptionGroup var options: LedgerOptions

    @Option(help: "Events from this moment on; default the first.")
    var from: String?

    @Option(help: "Events up to this moment; default the last.")
    var to: String?

    @Option(help: "The file, which must not be there yet; default standard output.")
    var out: String?

    @Option(help: "raw (stored bytes), cloudevents or cdevents; all are JSON Lines.")
    var format: ExportFormat = .raw

    func run() async throws {
        guard format == .raw else { return try exportWords() }
        let signing = try Signing(options)
        let session = signing.session
        let (begin, last) = try period(session)
        let export = try EventExport(
            session.ledger,
            origin: try signing.origin(),
            from: begin,
            through: last,
            checkpoint: await signing.note(at: last)?.encoded
        )
        try write { try export.write(progress: $0.show, to: $0.take) }
        if out != nil {
            try tell(begin, last, export.eventCount, session, [("root", .string(export.root.hex))])
        }
        await signing.end()
    }

    /// Exports for other systems, which takes no signature.
    private func exportWords() throws {
        let session = try Session(reading: options)
        let (begin, last) = try period(session)
        let export = InterchangeExport(
            session.ledger,
            in: format == .cdevents ? .cdEvents : .waybill,
            from: begin,
            through: last
        )
        var count: UInt64 = 0
        try write { count = try export.write(progress: $0.show, to: $0.take) }
        guard out != nil else { return }
        let lines = Int64(clamping: count)
        let events = last.rawValue + 1 - begin.rawValue
        try tell(begin, last, events, session, [("lines", .int(lines))])
    }

    private func period(_ session: Session) throws -> (first: Position, last: Position) {
        let first = try from.map { try session.desk.first(since: $0) }
        // Where nobody names a moment, projections of another version do not matter.
        let last =
            try to.map { text in
                try session.read(at: try MomentReference.said(text)) { view, _ in
                    view.moment.position
                }
            } ?? session.ledger.log.head().position
        let begin = first ?? Position(rawValue: 1)
        guard begin <= last.next else {
            throw CommandFailure.usage(
                "--from is after --to: event \(begin) and event \(last); name them the other way"
            )
        }
        return (begin, last)
    }

    /// Hands `body` where to write: a file that is there when it is whole, or standard output.
    private func write(_ body: (ExportSink) throws -> Void) throws {
        let staged = try out.map { path in
            try StopGuard.making { () throws(StagingError) in
                try StagedFile(for: path)
            } discard: {
                $0.discard()
            }
        }
        let (file, guardian) = (staged?.0, staged?.1)
        do {
            try body(ExportSink(file))
            try guardian?.finish { () throws(StagingError) in try file?.publish() }
        } catch {
            file?.discard()
            guard let error = error as? ExportFailure<StagingError> else { throw error }
            switch error {
            case .ledger(let error): throw error
            case .sink(let error): throw error
            }
        }
    }

    private func tell(
        _ first: Position,
        _ last: Position,
        _ count: UInt64,
        _ session: Session,
        _ more: [(String, Value)]
    ) throws {
        let out = out ?? "-"
        guard !options.isStructured else {
            return session.show(
                Shape.object(
                    [
                        ("events", .int(Int64(clamping: count))),
                        ("first", .int(Int64(clamping: first.rawValue))),
                        ("last", .int(Int64(clamping: last.rawValue))), ("file", .string(out)),
                    ] + more
                )
            )
        }
        guard count > 0 else { return Output.line("Exported no event to \(out)") }
        Output.line("Exported \(count) events, \(first) to \(last), to \(out)")
    }
}

/// Where the bytes of an export go.
private final class ExportSink {
    private let file: StagedFile?
    private let bar = ProgressBar("export")

    /// A file, or standard output.
    init(_ file: StagedFile?) {
        self.file = file
    }

    deinit { bar.end() }

    func take(_ bytes: Span<UInt8>) throws(StagingError) {
        guard let file else { return Output.bytes(bytes) }
        try file.write(bytes)
    }

    func show(_ done: UInt64, of size: UInt64) {
        bar.show(done, of: size)
    }
}
