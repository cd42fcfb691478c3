import ArgumentParser
import Glibc
import Requests

/// The command `waybill`.
@main
struct Waybill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waybill",
        abstract: "A promotion ledger: what ran where, since when, who put it there, and back.",
        discussion: """
            Start with 'waybill init', then 'waybill apply -f DIR' and 'waybill run \
            --until-idle'. Reads take --at MOMENT: a position ('#1234'), a time \
            (2026-11-23T09:00:00Z), an age ('2h ago'), promotion/NAME or @BOOKMARK.

            WAYBILL_LEDGER names the ledger's directory, or WAYBILL_SERVER a server with \
            WAYBILL_TOKEN or WAYBILL_TOKEN_FILE; WAYBILL_PROJECT names the project. \
            WAYBILL_LOCK_WAIT says how many seconds (0 to 3600) to wait while another process \
            writes to the ledger (default 10).
            """,
        version: WaybillVersion.current,
        subcommands: [
            InitCommand.self, ApplyCommand.self, ValidateCommand.self, DeleteCommand.self,
            AdoptCommand.self,
            GetCommand.self, DescribeCommand.self,
            RunCommand.self, ServeCommand.self, LoginLinkCommand.self,
            ConfigCommand.self, DiscoverCommand.self, AssembleCommand.self,
            ApproveCommand.self,
            RevokeCommand.self,
            QuarantineCommand.self, UnquarantineCommand.self, AliasCommand.self,
            CollectCommand.self, RepackageCommand.self, PromoteCommand.self,
            RollbackCommand.self, AnswerCommand.self, AbortCommand.self, ResumeCommand.self,
            ReportCommand.self, HistoryCommand.self, TraceCommand.self, DiffCommand.self,
            BlameCommand.self, ExplainCommand.self, AuditCommand.self, MetricsCommand.self,
            WatchCommand.self,
            TokenCommand.self, RoleCommand.self, BookmarkCommand.self, NoteCommand.self,
            StepsCommand.self,
            LedgerCommand.self, CompletionCommand.self, VersionCommand.self,
        ]
    )

    /// Parses and runs, and ends the process with the code that the outcome has.
    static func main() async {
        // Who reads our answers, or a program that we write to, may go away: that is an error of
        // that write, and no reason to end in the middle of other work.
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = try ProcessArguments.checked()
            // Before they are understood, so that even what cannot be is told in the right format.
            unsafe Report.isJSON = OutputFormat.isAsked(for: .json, in: arguments)
            try await TextLayout.$current.withValue(.ofStandardOutput) {
                var command = try parseAsRoot(arguments)
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            }
        } catch {
            StopGuard.waitIfStopping()
            Glibc.exit(Report.end(error))
        }
    }
}

/// The version of this program.
enum WaybillVersion {
    static let current = "0.1.0"
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version.",
        discussion: "For example: waybill version"
    )

    func run() {
        print(WaybillVersion.current)
    }
}
