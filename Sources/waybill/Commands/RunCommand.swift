import ArgumentParser
import EventLog
import Expressions
import Ledger

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Look at warehouses, follow the rules, and perform promotions.",
        discussion: """
            Looks at the warehouses of all projects: at first, then by their interval, sooner \
            after a failure; 16 at a time. One such process for a ledger. While idle it wakes \
            when any process records something, when a warehouse is due or a time comes that the \
            rules wait for; while promotions are being performed it does nothing else.

            SIGINT and SIGTERM end it; a promotion that was running is taken over by the next \
            run, from its first step. With --until-idle it ends when nothing is left to do now, \
            with exit code 0 whatever became of promotions.

            git runs without the configuration of machine and user, without credential helpers \
            and prompts: private repositories are entered with credentials beside the ledger \
            (see docs/SECRETS.md#credentials-of-git-repositories), or by ssh (SSH_AUTH_SOCK). A \
            run of git takes 300 s at most.

            For example: waybill run --until-idle
            """
    )

    @OptionGroup var options: LedgerOptions

    @Flag(help: "End when nothing is left to do now.")
    var untilIdle = false

    @Flag(help: "Allow repositories on this machine (file:// and paths).")
    var allowFileRepos = false

    func run() async throws {
        let ledger = try Ledger.open(at: try options.path, options: try options.logOptions())
        let isStructured = options.isStructured
        let settings = Conductor.Settings(allowFileRepositories: allowFileRepos) { line in
            if !isStructured { Output.line(line) }
        }
        let conductor = try Conductor(ledger, settings)
        let first = try ledger.log.head().position
        if untilIdle {
            let wakeAt = try await conductor.runUntilIdle()
            finish(from: first, to: try ledger.log.head().position, wakeAt: wakeAt)
        } else {
            try await StopSignals.run { try await conductor.run() }
        }
        await ledger.log.close()
    }

    private func finish(from first: Position, to last: Position, wakeAt: Timestamp?) {
        let count = last.rawValue - first.rawValue
        if options.isStructured {
            options.show([
                "events": .int(Int64(count)), "position": .int(Int64(last.rawValue)),
                "wakeAt": wakeAt.map { .string($0.text) } ?? .null,
            ])
        } else {
            let later = wakeAt.map { "; something changes by itself at \($0.text)" } ?? ""
            Output.line("Idle at \(last), \(count) events later\(later)")
        }
    }
}
