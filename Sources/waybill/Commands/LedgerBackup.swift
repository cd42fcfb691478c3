import ArgumentParser
import EventLog
import Expressions
import Glibc
import LMDB
import Ledger
import LedgerAPI
import Requests

struct LedgerBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the ledger while it is in use, verify the copy, and put it in its place.",
        discussion: """
            TARGET must not be there yet. If it ends in .mdb, the copy is that one file, and its \
            checkpoint TARGET.checkpoint; otherwise TARGET becomes a directory with data.mdb and \
            checkpoint, which is signed if the ledger's key is there. The copy has the pages that \
            are in use only. It never has keys, nor secrets, settings and credentials, which lie \
            beside the ledger.

            Others read and write meanwhile. Until the copy is made, pages that they free cannot \
            be used again, so the ledger's file grows by what they write; --rate says how fast the \
            copy goes. It is made as TARGET.partial and gets its name when every hash in it has \
            been checked; what is interrupted leaves nothing under that name.

            For example: waybill ledger backup /backups/ledger-2026-11-23
            or: waybill ledger backup ledger.mdb --rate 20
            """
    )

    @OptionGroup var options: LedgerOptions

    @Argument(help: "Where the backup goes: a directory, or a file NAME.mdb.", completion: .file())
    var target: String

    @Option(help: "MiB a second that are written at most, from 1 to 10000.")
    var rate = 64

    func run() async throws {
        guard (1...10_000).contains(rate) else {
            throw CommandFailure.usage("--rate is \(rate); write a number from 1 to 10000")
        }
        // Writers and readers go first.
        _ = nice(Self.niceness)
        let signing = try Signing(options)
        let session = signing.session
        let isFile = target.hasSuffix(".mdb")
        if isFile { try requireFree(Self.checkpointPath(target)) }
        let (staged, guardian) = try StopGuard.making { () throws(StagingError) in
            try StagedDirectory(for: target, allowsEmptyDirectory: false)
        } discard: {
            $0.discard()
        }
        let copy: LedgerCopy
        do {
            copy = try CopyBars.show { progress throws(MovementFailure) in
                try session.ledger.copy(into: staged, byteRate: rate << 20, progress: progress)
            }
            let position = copy.head.position
            try staged.write(
                try await signing.checkpoint(at: position, root: copy.root),
                to: "checkpoint"
            )
            try guardian.finish { () throws(StagingError) in
                if isFile {
                    try staged.publish([
                        ("checkpoint", Self.checkpointPath(target)), ("data.mdb", target),
                    ])
                } else {
                    try staged.publish()
                }
            }
        } catch {
            staged.discard()
            throw CommandFailure.moving(
                error,
                "cannot back up the ledger in \(options.directory)",
                advice: "run waybill ledger verify"
            )
        }
        await signing.end()
        tell(copy, session)
    }

    private static let niceness: CInt = 10

    private static func checkpointPath(_ target: String) -> String { target + ".checkpoint" }

    private func requireFree(_ path: String) throws(StagingError) {
        guard unsafe access(path, F_OK) == 0 else { return }
        throw StagingError(.exists, path: path)
    }

    private func tell(_ copy: LedgerCopy, _ session: Session) {
        let count = copy.head.position.rawValue
        guard !options.isStructured else {
            return session.show([
                "path": .string(target), "id": .string(copy.id.text),
                "events": .int(Int64(clamping: count)), "root": .string(copy.root.hex),
                "bytes": .int(Int64(clamping: copy.byteCount)),
            ])
        }
        Output.line("Backed up \(count) events to \(target), \(copy.byteCount) bytes, verified")
        Output.line("root \(copy.root)")
    }
}
