import ArgumentParser
import EventLog
import Ledger
import PromotionModel

/// How an answer is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, yaml, name

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
    var path: String { ledger ?? Environment.variable("WAYBILL_LEDGER") ?? "ledger" }

    /// Whether somebody said which project is meant.
    var namesProject: Bool { project != nil || Environment.variable("WAYBILL_PROJECT") != nil }

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

    /// The project that somebody said is meant; nil if nobody did, or it cannot be one.
    var saidProject: ProjectName? {
        (project ?? Environment.variable("WAYBILL_PROJECT")).flatMap { ProjectName(rawValue: $0) }
    }

    /// The project that is meant.
    func projectName(_ facts: StoreFacts) throws(CommandFailure) -> ProjectName {
        if let text = project ?? Environment.variable("WAYBILL_PROJECT") {
            guard let name = ProjectName(rawValue: text) else {
                throw .usage(
                    "\(text.quotedForDisplay) cannot be the name of a project; "
                        + "see waybill get projects"
                )
            }
            let row = try failing { () throws(FactsFailure) in try facts.project(name) }
            guard row != nil else { throw CommandFailure(.unknownProject(name)) }
            return name
        }
        let projects = try failing { () throws(FactsFailure) in try facts.projects() }
        guard let only = projects.first else {
            throw .notFound(
                "the ledger has no project at \(facts.position); apply a manifest with one: "
                    + "waybill apply -f FILE"
            )
        }
        guard projects.count == 1 else {
            throw .usage(
                "the ledger has \(projects.count) projects; say which with --project, see waybill "
                    + "get projects"
            )
        }
        return only
    }
}

/// Runs `body`, whose failures of facts become failures of the command.
func failing<T>(_ body: () throws(FactsFailure) -> T) throws(CommandFailure) -> T {
    do throws(FactsFailure) { return try body() } catch { throw CommandFailure(.facts(error)) }
}

/// As of when a question is asked.
struct MomentOptions: ParsableArguments {
    @Option(
        help: "The moment: #1234, a time, \"2h ago\", yesterday, promotion/NAME, @BOOKMARK."
    )
    var at: String?

    /// The moment that is meant.
    func reference() throws(CommandFailure) -> MomentReference {
        try Self.reference(at ?? "now")
    }

    /// The moment that `text` means.
    static func reference(_ text: String) throws(CommandFailure) -> MomentReference {
        guard let reference = MomentReference(parsing: text) else {
            throw .usage(
                "\(text.quotedForDisplay) is no moment; write \(MomentReference.forms)"
            )
        }
        return reference
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
        if let reason, reason.utf8.count > Self.reasonByteCountMax {
            throw .usage("--reason has at most \(Self.reasonByteCountMax) bytes; shorten it")
        }
        return (try id(), try who())
    }

    private static let reasonByteCountMax = 4096

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

    private func who() throws(CommandFailure) -> EventActor {
        guard let actor else { return EventActor(name: Environment.login, assurance: .osUser) }
        guard (1...256).contains(actor.utf8.count), !actor.hasControlCharacters else {
            throw .usage("--actor takes 1 to 256 bytes of text without control characters")
        }
        return EventActor(name: actor, assurance: .asserted)
    }
}

extension String {
    /// Whether a terminal could be disturbed by it.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension CommandID {
    /// A UUID of version 7 (RFC 9562): the time, then random digits.
    static func version7(at time: Timestamp) -> CommandID {
        var bits = UInt64.random(in: .min ... .max)
        let head = UInt64(max(0, time.rawValue)) << 16 | 0x7000 | bits & 0x0fff
        bits = UInt64.random(in: .min ... .max) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let digits = Self.hex(head) + Self.hex(bits)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return CommandID(unchecked: text)
    }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
