import ArgumentParser
import EventLog
import Expressions
import Glibc
import LMDB
import Ledger
import LedgerAPI
import Transparency

/// How events are exported.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    /// The stored bytes, and what they say.
    case raw
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

            The last line has the checkpoint at the last event, signed if the ledger's key is \
            there. Without --out it goes to standard output. A file that is there is never overwritten, \
            and one that could not be finished is removed.

            For example: waybill ledger export --out ledger.jsonl
            or: waybill ledger export --from 2026-10-01 --to 2026-11-01 --out october.jsonl
            """
    )

    @OptionGroup var options: LedgerOptions

    @Option(help: "Events from this moment on; default the first.")
    var from: String?

    @Option(help: "Events up to this moment; default the last.")
    var to: String?

    @Option(help: "The file, which must not be there yet; default standard output.")
    var out: String?

    @Option(help: "The format: raw (JSON Lines with stored bytes).")
    var format: ExportFormat = .raw

    func run() async throws {
        let signing = try Signing(options)
        let session = signing.session
        let first = try from.map { try EventFilterOptions.first(since: $0, session) }
        // Where nobody names a moment, projections of another version do not matter.
        let last =
            try to.map { text in
                try session.read(at: try MomentOptions.reference(text)) { view, _ in
                    view.moment.position
                }
            } ?? session.ledger.log.head().position
        let begin = first ?? Position(rawValue: 1)
        guard begin <= last.next else {
            throw CommandFailure.usage(
                "--from is after --to: event \(begin) and event \(last); name them the other way"
            )
        }
        let export = try EventExport(
            session.ledger,
            origin: try signing.origin(),
            from: begin,
            through: last,
            checkpoint: await signing.note(at: last)?.encoded
        )
        try write(export, begin, last, session)
        await signing.end()
    }

    private func write(
        _ export: EventExport,
        _ begin: Position,
        _ last: Position,
        _ session: Session
    ) throws {
        guard let out else { return try write(export) { Output.bytes($0) } }
        let file = try StagedFile(for: out)
        let guardian = StopGuard { file.discard() }
        do {
            try write(export) { bytes throws(StagingError) in try file.write(bytes) }
            try file.publish()
        } catch {
            file.discard()
            throw error
        }
        guardian.end()
        try tell(export, begin, last, out, session)
    }

    private func write<E: Error>(
        _ export: EventExport,
        to sink: (Span<UInt8>) throws(E) -> Void
    ) throws {
        let progress = ProgressBar("export")
        defer { progress.end() }
        do throws(ExportFailure<E>) {
            try export.write(progress: { progress.show($0, of: $1) }, to: sink)
        } catch {
            switch error {
            case .ledger(let error): throw error
            case .sink(let error): throw error
            }
        }
    }

    private func tell(
        _ export: EventExport,
        _ first: Position,
        _ last: Position,
        _ out: String,
        _ session: Session
    ) throws {
        guard !options.isStructured else {
            return session.show([
                "events": .int(Int64(clamping: export.eventCount)),
                "first": .int(Int64(clamping: first.rawValue)),
                "last": .int(Int64(clamping: last.rawValue)),
                "root": .string(export.root.hex),
                "file": .string(out),
            ])
        }
        guard export.eventCount > 0 else { return Output.line("Exported no event to \(out)") }
        Output.line("Exported \(export.eventCount) events, \(first) to \(last), to \(out)")
    }
}
