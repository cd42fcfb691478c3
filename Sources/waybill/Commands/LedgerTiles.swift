import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import Transparency

struct LedgerTiles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tiles",
        abstract: "Publish the log as static files that anybody can check: C2SP tlog-tiles.",
        discussion: """
            Signs a checkpoint if anything was recorded since the last one, and writes it, the \
            hashes and the events' headers (what they say is not in them) into a folder. A \
            later run adds what is new. It may be interrupted at any time: what is there is \
            complete for the checkpoint that is there, which is written last.

            For example: waybill ledger tiles --out /srv/www/shop-ledger
            """
    )

    @OptionGroup var options: LedgerOptions

    @Option(help: "The folder, which is made if it is not there.", completion: .directory)
    var out: String

    @Flag(help: "Write every file anew, not only what is new.")
    var complete = false

    func run() async throws {
        let session = try Session(writing: options)
        let log = session.ledger.log
        let progress = ProgressBar("tiles")
        let result: TilePublisher.Result
        do throws(TransparencyError) {
            let publisher = try TilePublisher(log, to: out)
            let note = try await CheckpointSigner(log).sign()
            result = try publisher.publish(note, isComplete: complete) {
                progress.show($0, of: $1)
            }
            progress.end()
        } catch {
            progress.end()
            throw CommandFailure(error, about: "\(out)/checkpoint")
        }
        await log.close()
        guard !options.isStructured else {
            return session.show(
                Shape.object([
                    ("size", .int(Int64(result.size))),
                    ("oldSize", result.oldSize.map { .int(Int64($0)) } ?? .null),
                    ("files", .int(Int64(result.fileCount))),
                ])
            )
        }
        if result.fileCount == 0 {
            Output.line("\(out) has all \(result.size) events already")
        } else {
            let files = result.fileCount == 1 ? "1 file" : "\(result.fileCount) files"
            Output.line("Published \(result.size) events to \(out), \(files) new")
        }
    }
}
