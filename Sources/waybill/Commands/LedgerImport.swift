import ArgumentParser
import EventLog
import Expressions
import LMDB
import Ledger
import LedgerAPI
import Transparency
import Requests

struct LedgerImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a ledger of an export: the same events, the same roots.",
        discussion: """
            The ledger must not be there yet, or be an empty directory. It is made beside its \
            place and gets its name when it is complete: all or nothing. Every hash is computed \
            anew, and positions, times, command ids, payloads and roots are compared with what \
            the export says; then the projections are made. A line that is changed, missing, \
            repeated or in another order is named, and ends with exit code 5.

            The ledger has the id of the one that was exported. It has no key: see docs/BACKUP.md \
            for moving a ledger to another machine.

            For example: waybill ledger import ledger.jsonl --ledger ./moved
            """
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "The export, as 'waybill ledger export' wrote it.", completion: .file())
    var file: String

    func run() throws {
        let logOptions = try options.logOptions()
        let path = try options.path
        let (staged, guardian) = try StopGuard.making { () throws(StagingError) in
            try StagedDirectory(for: path)
        } discard: {
            $0.discard()
        }
        let result: ImportResult
        do {
            result = try make(in: staged.path, logOptions)
            try check(result, staged.path)
            try guardian.finish { () throws(StagingError) in try staged.publish() }
        } catch {
            staged.discard()
            throw failure(error, staged)
        }
        let count = result.head.position.rawValue
        guard !options.isStructured else {
            return options.show([
                "id": .string(result.id.text),
                "path": .string(options.directory),
                "events": .int(Int64(clamping: count)),
                "root": .string(result.root.hex),
            ])
        }
        Output.line("Imported \(count) events into \(options.directory), ledger \(result.id)")
        Output.line("root \(result.root)")
    }

    private func make(in path: String, _ logOptions: LogOptions) throws -> ImportResult {
        let bars = (log: ProgressBar("import"), projections: ProgressBar("projections"))
        defer {
            bars.log.end()
            bars.projections.end()
        }
        return try EventImport.make(of: file, in: path, options: logOptions) { progress in
            switch progress {
            case .log(let done, let size): bars.log.show(done, of: size)
            case .projections(let done, let size): bars.projections.show(done, of: size)
            }
        }
    }

    /// The checkpoint that the export ends with must be one of these events.
    ///
    /// Whether its signature is good, who has the key can say: tools/verify-ledger.py.
    private func check(_ result: ImportResult, _ path: String) throws {
        guard let text = result.checkpoint else { return }
        let line = result.head.position.rawValue + 2
        let note = try? SignedNote(parsing: text.utf8)
        guard let note, let checkpoint = Checkpoint(text: note.text),
            checkpoint.origin == result.origin, checkpoint.size <= result.head.position.rawValue
        else { throw ImportFailure.line(line, what: "has no checkpoint of these events") }
        let root = try EventLog.open(at: path, access: .read).read {
            (snapshot) throws(EventLogError) in
            try snapshot.root(at: Position(rawValue: checkpoint.size))
        }
        guard root == checkpoint.root else {
            throw ImportFailure.line(line, what: "has a checkpoint with another root")
        }
    }

    private func failure(_ error: any Error, _ staged: StagedDirectory) -> any Error {
        switch error {
        case ImportFailure.ledger(let error):
            NewLedger.failure(error, staged, "cannot import \(file)")
        case let error as ImportFailure: CommandFailure(error, importing: file)
        default: error
        }
    }
}

extension CommandFailure {
    /// Nothing was imported.
    fileprivate init(_ failure: ImportFailure, importing file: String) {
        let start = "cannot import \(file): "
        let end = "; nothing was imported, make it again with waybill ledger export"
        switch failure {
        case .line(let number, _), .changed(let number, _):
            self.init(
                .integrity,
                "changedExport",
                start + "\(failure)" + end,
                details: [("line", .int(Int64(clamping: number)))]
            )
        case .unsuitable: self.init(.failure, "unsuitableExport", start + "\(failure)")
        case .unreadable: self.init(.failure, "unreadable", start + "\(failure); name another file")
        case .ledger(let error): self.init(error)
        }
    }
}
