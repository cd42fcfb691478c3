import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI

struct LedgerRebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make every projection anew from the log, and use it from then on.",
        discussion: """
            Others may read meanwhile, and write about once a second. Until the end the \
            projections that are there stay in use, so it may be interrupted at any time. The log \
            is only read.

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
