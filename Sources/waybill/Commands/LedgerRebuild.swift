import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import Requests

struct LedgerRebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make every projection anew from the log, and use it from then on.",
        discussion: """
            It mends what waybill ledger replay found, and is asked for where another version of \
            Waybill made the projections. The log is only read.

            Until the end the projections that are there stay in use: others read, and those who \
            wait to write have their turn about once a second. It may be interrupted at any time; \
            then nothing has changed, and the next one begins anew. Other processes go on with the \
            new projections; one that lives through several rebuilds is told to run its command \
            again. The data file grows by the size of the projections; that room is used again.

            For example: waybill ledger rebuild
            """
    )

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let session = try Session(writing: options)
        let progress = ProgressBar("rebuild")
        let result: RebuildResult
        do throws(LedgerError) {
            result = try await session.ledger.rebuild { progress.show($0, of: $1) }
        } catch {
            progress.end()
            throw error
        }
        progress.end()
        await session.ledger.log.close()
        guard !options.isStructured else {
            return session.show([
                "events": .int(Int64(clamping: result.eventCount)),
                "rows": .int(Int64(clamping: result.rowCount)),
                "generation": .int(Int64(clamping: result.generation)),
                "removedOld": .bool(result.hasRemovedOld),
            ])
        }
        Output.line(
            "Rebuilt \(result.rowCount) rows from \(result.eventCount) events, as generation "
                + "\(result.generation)"
        )
        if !result.hasRemovedOld {
            Output.line("The rows of before could not be removed; the next rebuild does it.")
        }
    }
}
