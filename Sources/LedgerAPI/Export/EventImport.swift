package import EventLog
import Ledger
import Wire

/// What an import came to.
package struct ImportResult: Hashable, Sendable {
    /// The new ledger's id.
    package let id: LedgerID
    /// The end of the new log.
    package let head: LogHead
    /// Its root.
    package let root: Digest
    /// What checkpoints called the log that was exported.
    package let origin: String
    /// The signed checkpoint that the export ends with.
    package let checkpoint: String?
}

/// How far an import is.
package enum ImportProgress: Sendable {
    /// The log is being made: bytes of the file that are done, of all.
    case log(done: UInt64, size: UInt64)
    /// The projections are being made: events that are done, of all.
    case projections(done: UInt64, size: UInt64)
}

/// Makes a ledger of an export.
package enum EventImport {
    /// How many lines are taken between two reports of progress.
    private static let progressInterval: UInt64 = 4096

    /// Makes the ledger in a directory that is there and empty: log, projections, all on disk.
    ///
    /// The new ledger has the id that the export names, or `id`. Where the file was changed and yet
    /// all raw bytes fit together, it is read again, to tell the first line whose raw bytes do not
    /// say what the line says.
    package static func make(
        of file: String,
        in path: String,
        id: LedgerID? = nil,
        options: LogOptions = LogOptions(),
        progress: (ImportProgress) -> Void = { _ in }
    ) throws(ImportFailure) -> ImportResult {
        var log = LogImport(into: path, id: id, options: Ledger.withTables(options))
        try forEachLine(of: file, { progress(.log(done: $0, size: $1)) }) {
            line,
            _ throws(ImportFailure) in
            try log.take(line)
        }
        let result: ImportResult
        do throws(ImportFailure) {
            result = try log.finish()
        } catch {
            guard case .changed = error, let line = try firstChange(in: file) else { throw error }
            throw .line(line, what: "was changed: its raw bytes do not say what it says")
        }
        try log.project { progress(.projections(done: $0, size: $1)) }
        return result
    }

    private static func forEachLine(
        of file: String,
        _ progress: (UInt64, UInt64) -> Void,
        _ body: (Span<UInt8>, UInt64) throws(ImportFailure) -> Void
    ) throws(ImportFailure) {
        var lines: LineFile
        do throws(LineFailure) { lines = try LineFile(file) } catch { throw ImportFailure(error) }
        var hasMore = true
        while hasMore {
            let number = lines.lineNumber + 1
            do throws(LineError<ImportFailure>) {
                hasMore = try lines.next { line throws(ImportFailure) in try body(line, number) }
            } catch {
                switch error {
                case .file(let failure): throw ImportFailure(failure)
                case .body(let failure): throw failure
                }
            }
            if number % progressInterval == 0 { progress(lines.done, lines.byteCount) }
        }
    }

    /// The number of the first line of an event that is not what its raw bytes make it.
    private static func firstChange(in file: String) throws(ImportFailure) -> UInt64? {
        var changed: UInt64?
        var event = ExportedEvent()
        var json = JSONBytes()
        try forEachLine(of: file, { _, _ in }) { line, number throws(ImportFailure) in
            // Where a payload was redacted, only later lines say so.
            guard changed == nil, event.read(line), !event.body.isEmpty else { return }
            let (header, body) = (event.header, event.body)
            let position = Position(rawValue: event.position)
            json.removeAll()
            do throws(LedgerError) {
                let event = try LedgerEvent(header: header.span, body: body.span, at: position)
                ExportLine.write(header: header.span, body: body.span, event, to: &json)
            } catch {
                // What cannot be read is told by who makes the projections.
                return
            }
            if !json.isLine(line) { changed = number }
        }
        return changed
    }
}

extension ImportFailure {
    fileprivate init(_ failure: LineFailure) {
        switch failure {
        case .unreadable(let code): self = .unreadable(code)
        case .cutOff(let line): self = .line(line, what: "has no end: the file was cut off")
        case .tooLong(let line): self = .line(line, what: "is longer than any line of an export")
        }
    }
}
