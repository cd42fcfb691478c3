import ArgumentParser
import EventLog
import Expressions
import LMDB
import Ledger
import LedgerAPI
import PromotionModel
import Transparency
import Requests

struct LedgerRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a ledger of a backup, as it was or as it was at an earlier moment.",
        discussion: """
            The ledger must not be there yet, or be an empty directory. It is made beside its \
            place, every hash in it is checked, and it gets its name when it is complete: all or \
            nothing. The checkpoint beside the backup is compared with it.

            A ledger that goes on from an earlier point than it once was at would tell two \
            stories under one name. So with --to, with --new-identity, and where --checkpoint \
            names a checkpoint of more events than the backup has, the new ledger gets an id of \
            its own, and a key and a name of its own in checkpoints (--origin); the events keep \
            their positions and roots, and an event LedgerRestored behind them says which \
            ledger, size and root it grew from. Otherwise it is the same ledger, and has no key: \
            docs/BACKUP.md says how to bring it back.

            For example: waybill ledger restore /backups/ledger-2026-11-23 --ledger ./ledger
            or: waybill ledger restore ledger.mdb --ledger ./before --to '#1234'
            """
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "The backup: a directory, or a file NAME.mdb.", completion: .file())
    var backup: String

    @Option(help: "Restore what was so at this moment: a position, a time, @BOOKMARK.")
    var to: String?

    @Option(
        help: "A checkpoint of the ledger that was kept elsewhere; the backup must fit it.",
        completion: .file()
    )
    var checkpoint: String?

    @Flag(help: "Give the new ledger an id of its own.")
    var newIdentity = false

    @Option(help: "What checkpoints call a ledger with an id of its own (default waybill/ID).")
    var origin: String?

    @Option(help: "Why, in your own words; kept with the event LedgerRestored.")
    var reason: String?

    @Option(help: "Who does it, recorded as asserted; default the login, recorded as OS user.")
    var actor: String?

    func run() async throws {
        if let origin {
            try telling { () throws(TransparencyError) in
                try CheckpointSigner.checkOrigin(origin)
            }
        }
        let source = try BackupFile(backup)
        let kept = try checkpoint.map { try CheckpointFile(path: $0) }
        let moment = try to.map { try MomentReference.said($0) }
        let logOptions = try options.logOptions()
        let path = try options.path
        let (staged, guardian) = try StopGuard.making { () throws(StagingError) in
            try StagedDirectory(for: path)
        } discard: {
            $0.discard()
        }
        let copy: LedgerCopy
        do {
            let made = try await make(source, kept, moment, staged, logOptions)
            try guardian.finish(made.publish)
            copy = made.copy
        } catch {
            staged.discard()
            throw CommandFailure.moving(error, "cannot restore \(backup)")
        }
        tell(copy)
    }

    /// Copies and checks; `publish` puts the ledger in its place.
    private func make(
        _ source: BackupFile,
        _ kept: CheckpointFile?,
        _ moment: MomentReference?,
        _ staged: StagedDirectory,
        _ logOptions: LogOptions
    ) async throws -> (copy: LedgerCopy, publish: () throws(StagingError) -> Void) {
        let copy = try CopyBars.show { progress throws(MovementFailure) in
            try source.copy(into: staged, progress)
        }
        let (ledger, mapSize) = try opened(staged, logOptions)
        try source.compare(with: copy, ledger.log)
        var isShorter = false
        if let kept { isShorter = try kept.isAhead(of: copy, ledger.log) }
        let last = try moment.map { try position($0, in: ledger) } ?? copy.head.position
        guard newIdentity || isShorter || last < copy.head.position else {
            try staged.write("\(mapSize)\n", to: "map-size")
            return (copy, { () throws(StagingError) in try staged.publish(without: ["lock.mdb"]) })
        }
        var options = logOptions
        options.mapSizeBytes = Int(clamping: mapSize)
        let made = try offshoot(of: ledger, last, staged, options)
        try await makeKey(of: staged.path + "/" + Self.folder, options)
        return (made, { () throws(StagingError) in try staged.publish(folder: Self.folder) })
    }

    private static let folder = "offshoot"

    private func opened(
        _ staged: StagedDirectory,
        _ logOptions: LogOptions
    ) throws -> (ledger: Ledger, mapSize: UInt64) {
        let ledger = try Ledger.open(at: staged.path, access: .read, options: logOptions)
        return (ledger, try ledger.log.statistics().mapSizeBytes)
    }

    private func position(_ moment: MomentReference, in ledger: Ledger) throws -> Position {
        try ledger.read(at: moment.of(options.choice.saidProject)) { (view) throws(LedgerError) in
            view.moment.position
        }
    }

    private func offshoot(
        of ledger: Ledger,
        _ last: Position,
        _ staged: StagedDirectory,
        _ logOptions: LogOptions
    ) throws -> LedgerCopy {
        var change = ChangeOptions()
        change.actor = actor
        change.reason = reason
        change.commandId = nil
        change.dryRun = false
        let identity = try change.identity()
        let request = OffshootRequest(
            last: last,
            origin: try ledger.log.read { (snapshot) throws(TransparencyError) in
                try snapshot.verifierKeys().first?.name
                    ?? CheckpointSigner.defaultOrigin(snapshot.id)
            },
            reason: reason,
            id: identity.id,
            actor: identity.actor
        )
        let progress = ProgressBar("projections")
        defer { progress.end() }
        return try ledger.offshoot(
            request,
            at: try staged.makeFolder(Self.folder),
            options: logOptions,
            now: .wallClock()
        ) { progress.show($0, of: $1) }
    }

    private func makeKey(of path: String, _ logOptions: LogOptions) async throws {
        let ledger = try Ledger.open(at: path, options: logOptions)
        _ = try await CheckpointSigner(ledger.log).makeKey(origin: origin)
        await ledger.log.close()
    }

    private func tell(_ copy: LedgerCopy) {
        let count = copy.head.position.rawValue
        guard !options.isStructured else {
            return options.show([
                "id": .string(copy.id.text), "path": .string(options.directory),
                "events": .int(Int64(clamping: count)), "root": .string(copy.root.hex),
            ])
        }
        Output.line("Restored \(count) events into \(options.directory), ledger \(copy.id)")
        Output.line("root \(copy.root)")
    }
}
