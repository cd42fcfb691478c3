import ArgumentParser
import EventLog
import Expressions
import LMDB
import Ledger
import LedgerAPI
import PromotionModel
import Transparency

/// Why a command ends without doing what it was asked to: one sentence, and an exit code.
struct CommandFailure: Error {
    /// The exit codes that scripts can rely on.
    enum Code: Int32 {
        case failure = 1
        case usage = 2
        case refused = 3
        case notFound = 4
        case integrity = 5
        /// The command may have been recorded or not; start again with the same command id.
        case inDoubt = 75
    }

    let exitCode: Code
    /// The code in JSON, in lowerCamelCase.
    let name: String
    let message: String
    /// What a program may want to know besides, in JSON.
    let details: [(String, Value)]
    /// The refusal that it comes from.
    private(set) var refusal: Refusal?

    init(
        _ exitCode: Code,
        _ name: String,
        _ message: String,
        details: [(String, Value)] = []
    ) {
        self.exitCode = exitCode
        self.name = name
        self.message = message
        self.details = details
    }

    /// What the caller wrote cannot be understood.
    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(.usage, "usage", message)
    }

    /// There is no such thing.
    static func notFound(_ message: String) -> CommandFailure {
        CommandFailure(.notFound, "notFound", message)
    }

    /// The command id was used for something else.
    static func conflict(_ id: CommandID, _ first: Position, _ last: Position) -> CommandFailure {
        let positions = [first, last].map { Value.int(Int64(clamping: $0.rawValue)) }
        return CommandFailure(
            .refused,
            "commandIdConflict",
            "the command id \(id) belongs to another command, recorded at \(first) to \(last); "
                + "give another --command-id, or see waybill describe event/\(first)",
            details: [("positions", .array(positions))]
        )
    }
}

extension CommandFailure {
    /// A rule of the ledger says no.
    init(_ refusal: Refusal, meant: String? = nil) {
        let name = Self.caseName(of: refusal) ?? "refused"
        let exitCode: Code =
            switch refusal {
            case .unknownProject, .unknownWarehouse, .unknownStage, .unknownJunction,
                .unknownPromotion, .unknownFreight, .unknownTask, .unknownCollection,
                .collectionNeverRan, .unknownSubject, .positionNotThere:
                .notFound
            case .freightReferenceTooShort, .collectionReferenceMalformed: .usage
            default: .refused
            }
        var details: [(String, Value)] = []
        if case .ambiguousFreight(_, let matches) = refusal {
            details.append(("matches", .array(matches.map { .string($0.rawValue) })))
        }
        if case .ambiguousCollection(_, let matches) = refusal {
            details.append(("matches", .array(matches.map { .string($0.rawValue) })))
        }
        if case .severalVerificationsOpen(let promotions) = refusal {
            details.append(("promotions", .array(promotions.map { .string($0.rawValue) })))
        }
        if case .collectionInSeveralStages(_, let stages) = refusal {
            details.append(("stages", .array(stages.map { .string($0.rawValue) })))
        }
        self.init(exitCode, name, refusal.sentence(meant: meant), details: details)
        self.refusal = refusal
    }

    /// The same error, and where it is about a name that is not known, the name that may have been
    /// meant.
    static func suggesting(_ error: any Error, _ view: View) -> any Error {
        let refusal: Refusal? =
            switch error {
            case let failure as CommandFailure: failure.refusal
            case LedgerError.unknown(let refusal): refusal
            default: nil
            }
        guard let refusal else { return error }
        let meant = try? view.ask { facts throws(FactsFailure) in try refusal.meantName(facts) }
        return CommandFailure(refusal, meant: meant ?? nil)
    }

    /// The name of an enumeration's case, which is the code in JSON.
    private static func caseName(of value: Any) -> String? {
        Mirror(reflecting: value).children.first?.label
    }

    /// The ledger could not do it.
    init(_ error: LedgerError) {
        switch error {
        case .log(let error): self.init(error)
        case .unknown(let refusal): self.init(refusal)
        case .futurePosition, .noSuchMoment, .notFound:
            self.init(.notFound, "notFound", "\(error)")
        case .facts, .undecodable: self.init(.integrity, "damaged", "\(error)")
        case .unknownEventType: self.init(.failure, "newerFormat", "\(error)")
        case .workFile: self.init(.failure, "failure", "\(error)")
        }
    }

    /// The ledger could not do it, in another sentence.
    init(_ error: LedgerError, sentence: String) {
        let known = CommandFailure(error)
        self.init(known.exitCode, known.name, sentence, details: known.details)
    }

    /// Something new could not be put in its place.
    init(_ error: StagingError) {
        let isMissing = error.code == .noParent || error.code == .missing
        let name = Self.caseName(of: error.code) ?? "\(error.code)"
        self.init(isMissing ? .notFound : .failure, name, "\(error)")
    }

    private init(_ error: EventLogError) {
        let exitCode: Code =
            switch error {
            case .noLedger, .noParentDirectory, .noSuchPosition: .notFound
            case .truncated, .damaged, .tableMissing: .integrity
            case .inDoubt: .inDoubt
            case .limitExceeded: .usage
            case .notADirectory, .directoryInUse, .ledgerExists, .alreadyOpen,
                .newerFormat, .tablesRebuilt, .tablesOlder, .tablesNewer, .rebuilding,
                .readOnlyDirectory, .permission, .held, .mapFull, .diskFull, .readersFull,
                .queueFull, .closed, .openForReading, .notDecided, .storage:
                .failure
            }
        var details: [(String, Value)] = []
        switch error {
        case .held(_, let holder, _), .rebuilding(_, let holder):
            if let id = holder.processID { details.append(("process", .int(Int64(id)))) }
        default: break
        }
        self.init(exitCode, Self.caseName(of: error) ?? "failure", "\(error)", details: details)
    }
}

/// Tells the user how a command ended.
enum Report {
    /// Whether errors are to be JSON.
    ///
    /// Written once, before anything else runs.
    nonisolated(unsafe) static var isJSON = false

    /// Prints an error to where it belongs; returns the exit code.
    static func end(_ error: any Error) -> Int32 {
        if let error = error as? ExitCode { return error.rawValue }
        return known(error).map(tell) ?? other(error)
    }

    /// Why a command failed, whatever it threw.
    static func failure(_ error: any Error) -> CommandFailure {
        known(error) ?? CommandFailure(.failure, "failure", "\(error)")
    }

    private static func known(_ error: any Error) -> CommandFailure? {
        switch error {
        case let error as CommandFailure: error
        case let error as LedgerError: CommandFailure(error)
        case let error as EventLogError: CommandFailure(.log(error))
        case let error as LMDBError: CommandFailure(.log(EventLogError(error)))
        case let error as StagingError: CommandFailure(error)
        case let error as TransparencyError: CommandFailure(error)
        case let error as EdgeFailure: known(error.error)
        case let error as FactsFailure: CommandFailure(.facts(error))
        default: nil
        }
    }

    private static func tell(_ failure: CommandFailure) -> Int32 {
        if unsafe isJSON {
            StandardError.write(
                Shape.error(
                    code: failure.name,
                    message: failure.message,
                    details: Shape.object(failure.details)
                ).json
            )
        } else {
            StandardError.write("waybill: \(failure.message)")
        }
        return failure.exitCode.rawValue
    }

    /// What the parser of arguments has to say; help and version are no errors.
    private static func other(_ error: any Error) -> Int32 {
        switch Waybill.exitCode(for: error) {
        case .success:
            Output.text(Waybill.fullMessage(for: error) + "\n")
            return 0
        case .validationFailure:
            guard unsafe !isJSON else {
                let message = presentable(Waybill.message(for: error))
                return tell(.usage(message + help(Waybill.fullMessage(for: error))))
            }
            let message = Waybill.fullMessage(for: error)
            let prefix = "Error: "
            StandardError.write(
                message.hasPrefix(prefix)
                    ? "waybill: " + presentable(String(message.dropFirst(prefix.count)))
                    : presentable(message)
            )
            return CommandFailure.Code.usage.rawValue
        default:
            return tell(CommandFailure(.failure, "failure", "\(error)"))
        }
    }

    /// Where the usage that a message ends with sends to; nothing if it sends nowhere.
    private static func help(_ message: String) -> String {
        guard let match = message.firstMatch(of: /See '(waybill [a-z -]*--help)' for/) else {
            return ""
        }
        return "; see \(match.1)"
    }

    /// Text that repeats what was typed: without control characters, its lines cut to a length
    /// that no sentence and no usage line has.
    private static func presentable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let scalars = line.unicodeScalars.prefix(lineCountMax).map { scalar -> Character in
                scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
            }
            return String(scalars) + (scalars.count == lineCountMax ? "…" : "")
        }.joined(separator: "\n")
    }

    private static let lineCountMax = 400
}
