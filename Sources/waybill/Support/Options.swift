import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerClient
import PromotionModel
import Requests

/// How an answer is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, yaml, name

    /// In which form answers are wanted.
    var form: AnswerForm {
        switch self {
        case .table, .wide: .text
        case .json: .value
        case .yaml: .manifests
        case .name: .names
        }
    }

    /// Whether arguments ask for a format, even if other parts of them make no sense.
    static func isAsked(for format: OutputFormat, in arguments: [String]) -> Bool {
        let name = format.rawValue
        let options = arguments.prefix { $0 != "--" }
        let values = zip(options, options.dropFirst()).compactMap { option, value in
            option == "-o" || option == "--output" ? value : nil
        }
        return values.contains(name)
            || options.contains { ["--output=\(name)", "-o=\(name)", "-o\(name)"].contains($0) }
    }
}

/// Where the ledger is, and which project is meant.
struct LedgerOptions: ParsableArguments {
    @Option(
        help: "The ledger's directory (WAYBILL_LEDGER; default ./ledger).",
        completion: .directory
    )
    var ledger: String?

    @OptionGroup var place: ServerOptions

    @Option(
        name: .shortAndLong,
        help: "The project (WAYBILL_PROJECT); not needed while the ledger has one.",
        completion: Completions.projects
    )
    var project: String?

    @Option(
        name: .shortAndLong,
        help: "The output: table, wide (nothing is cut), json, yaml or name (of 'get')."
    )
    var output: OutputFormat = .table

    /// The ledger's directory.
    ///
    /// - Throws: if a server is meant: whoever asks for the directory works on the ledger itself.
    var path: String {
        get throws(CommandFailure) {
            guard try serverURL() == nil else {
                throw CommandFailure(
                    .usage,
                    "onlyOnLedger",
                    "this works on the ledger itself, not on a server; name its directory with "
                        + "--ledger, on the machine where it is"
                )
            }
            return directory
        }
    }

    /// The ledger's directory, as it was said, for sentences.
    var directory: String { ledger ?? Environment.variable("WAYBILL_LEDGER") ?? "ledger" }

    /// The server that is meant; nil for a ledger in a directory.
    func serverAddress() throws(CommandFailure) -> ServerAddress? {
        guard let url = try serverURL() else { return nil }
        return try place.address(url)
    }

    /// Ledger or server, token and project, and where each comes from.
    func placeInEffect() throws(CommandFailure) -> [(name: String, value: Value, source: String)] {
        func from(_ option: Bool, _ name: String, _ variable: String) -> String {
            if option { return name }
            return Environment.variable(variable) == nil ? "default" : variable
        }
        var lines: [(name: String, value: Value, source: String)] = []
        if let url = try serverURL() {
            lines.append(
                ("server", .string(url), from(place.server != nil, "--server", "WAYBILL_SERVER"))
            )
            let source = place.tokenSource
            lines.append(("token", source == nil ? .null : "(not shown)", source ?? "default"))
        } else {
            lines.append(
                ("ledger", .string(directory), from(ledger != nil, "--ledger", "WAYBILL_LEDGER"))
            )
        }
        let said = choice.said
        lines.append(
            (
                "project", said.map { .string($0) } ?? .null,
                from(project != nil, "--project", "WAYBILL_PROJECT")
            )
        )
        return lines
    }

    /// What was said last counts: an option more than a variable.
    private func serverURL() throws(CommandFailure) -> String? {
        if let server = place.server {
            guard ledger == nil else {
                throw .usage("--ledger and --server name two places; leave one of them out")
            }
            return server
        }
        guard ledger == nil, let server = Environment.variable("WAYBILL_SERVER") else {
            return nil
        }
        guard Environment.variable("WAYBILL_LEDGER") == nil else {
            throw .usage(
                "WAYBILL_LEDGER and WAYBILL_SERVER name two places; say with --ledger or --server "
                    + "which is meant"
            )
        }
        return server
    }

    /// Whether answers are for programs.
    var isStructured: Bool { output == .json || output == .yaml }

    /// How the log is opened.
    func logOptions() throws(CommandFailure) -> LogOptions {
        var options = LogOptions()
        guard let text = Environment.variable("WAYBILL_LOCK_WAIT") else { return options }
        guard let seconds = Int64(text), (0...Self.lockWaitSecondsMax).contains(seconds) else {
            throw .usage(
                "WAYBILL_LOCK_WAIT is \(text.quotedForDisplay); write a number of seconds from 0 "
                    + "to \(Self.lockWaitSecondsMax)"
            )
        }
        options.lockPatience = .seconds(seconds)
        return options
    }

    private static let lockWaitSecondsMax: Int64 = 3600

    /// Which project is meant.
    var choice: ProjectChoice {
        ProjectChoice(said: project ?? Environment.variable("WAYBILL_PROJECT"))
    }

    /// The project that is meant.
    func projectName(_ facts: StoreFacts) throws(CommandFailure) -> ProjectName {
        try choice.name(facts)
    }
}

/// As of when a question is asked.
struct MomentOptions: ParsableArguments {
    @Option(
        help: "The moment: #1234, a time, \"2h ago\", yesterday, promotion/NAME, @BOOKMARK."
    )
    var at: String?

    /// The moment that is meant.
    func reference() throws(CommandFailure) -> MomentReference {
        try .said(at)
    }
}

extension Question where Self: MomentQuestion {
    /// The question about a moment.
    func of(_ moment: MomentOptions) -> Self {
        var question = self
        question.at = moment.at
        return question
    }
}

extension Question where Self: PagedQuestion {
    /// The question about a moment, and which page of the answer is wanted.
    func of(_ moment: MomentOptions, _ page: PageOptions) -> Self {
        var question = of(moment)
        question.limit = page.saidLimit
        question.cursor = page.after
        return question
    }
}

/// Who changes something, and why.
struct ChangeOptions: ParsableArguments {
    @Option(help: "Who does it, recorded as asserted; default the login, recorded as OS user.")
    var actor: String?

    @Option(help: "Why, in your own words, at most 4096 bytes; kept with the event.")
    var reason: String?

    @Option(
        help:
            "The command's id (64 letters, digits, . _ : -); the same id again is the same command."
    )
    var commandId: String?

    @Flag(help: "Print the events that it would append, and append nothing.")
    var dryRun = false

    /// All of this.
    func terms() throws(CommandFailure) -> ChangeTerms {
        ChangeTerms(id: try id(), actor: try who(), reason: reason, isDryRun: dryRun)
    }

    /// `command` with all of this.
    func envelope(_ command: Command) throws(CommandFailure) -> CommandEnvelope {
        let (id, actor) = try identity()
        return CommandEnvelope(
            id: id,
            actor: actor,
            command: command,
            reason: reason
        )
    }

    /// The command's id, and who gives it; the reason is checked, too.
    func identity() throws(CommandFailure) -> (id: CommandID, actor: EventActor) {
        if let reason, reason.utf8.count > ChangeTerms.reasonByteCountMax {
            throw .usage(
                "--reason has at most \(ChangeTerms.reasonByteCountMax) bytes; shorten it"
            )
        }
        return (try id(), try who())
    }

    private func id() throws(CommandFailure) -> CommandID {
        guard let commandId else { return .version7(at: .wallClock()) }
        guard let id = CommandID(rawValue: commandId) else {
            throw .usage(
                "\(commandId.quotedForDisplay) cannot be a command id; use up to 64 letters, "
                    + "digits, . _ : and -"
            )
        }
        return id
    }

    /// That nobody says who acts where the token does.
    func refuseActor() throws(CommandFailure) {
        guard actor == nil else {
            throw CommandFailure(
                .usage,
                "actorOfToken",
                "--actor goes with a ledger in a directory; a server knows who acts by the token, "
                    + "so leave --actor out"
            )
        }
    }

    private func who() throws(CommandFailure) -> EventActor {
        guard let actor else { return EventActor(name: Environment.login, assurance: .osUser) }
        guard (1...256).contains(actor.utf8.count), !actor.hasControlCharacters else {
            throw .usage("--actor takes 1 to 256 bytes of text without control characters")
        }
        return EventActor(name: actor, assurance: .asserted)
    }
}
