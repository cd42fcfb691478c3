package import EventLog
package import Expressions
package import LMDB
package import Ledger
package import PromotionModel
import Transparency

/// Why a command ends without doing what it was asked to: one sentence, and an exit code.
package struct CommandFailure: Error {
    /// The exit codes that scripts can rely on.
    package enum Code: Int32 {
        case failure = 1
        case usage = 2
        case refused = 3
        case notFound = 4
        case integrity = 5
        /// The command may have been recorded or not; start again with the same command id.
        case inDoubt = 75
    }

    package let exitCode: Code
    /// The code in JSON, in lowerCamelCase.
    package let name: String
    package let message: String
    /// What a program may want to know besides, in JSON.
    package let details: [(String, Value)]
    /// The refusal that it comes from.
    package private(set) var refusal: Refusal?

    package init(
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
    package static func usage(_ message: String) -> CommandFailure {
        CommandFailure(.usage, "usage", message)
    }

    /// There is no such thing.
    package static func notFound(_ message: String) -> CommandFailure {
        CommandFailure(.notFound, "notFound", message)
    }

    /// The command id was used for something else.
    package static func conflict(_ id: CommandID, _ first: Position, _ last: Position)
        -> CommandFailure
    {
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
    package init(_ refusal: Refusal, meant: String? = nil) {
        let name = Self.caseName(of: refusal) ?? "refused"
        let exitCode: Code =
            switch refusal {
            case .unknownProject, .unknownWarehouse, .unknownStage, .unknownJunction,
                .unknownPromotion, .unknownFreight, .unknownTask, .unknownCollection,
                .collectionNeverRan, .unknownSubject, .positionNotThere, .unknownToken:
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
    ///
    /// Of projects only those that whoever asks sees; nil for all.
    package static func suggesting(
        _ error: any Error,
        _ view: View,
        among seen: Set<ProjectName>? = nil
    ) -> any Error {
        let refusal: Refusal? =
            switch error {
            case let failure as CommandFailure: failure.refusal
            case LedgerError.unknown(let refusal): refusal
            default: nil
            }
        guard let refusal else { return error }
        if case .unknownProject = refusal, seen != nil { return CommandFailure(refusal) }
        let meant = try? view.ask { facts throws(FactsFailure) in try refusal.meantName(facts) }
        return CommandFailure(refusal, meant: meant ?? nil)
    }

    /// The name of an enumeration's case, which is the code in JSON.
    private static func caseName(of value: Any) -> String? {
        Mirror(reflecting: value).children.first?.label
    }

    /// The ledger could not do it.
    package init(_ error: LedgerError) {
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
    package init(_ error: LedgerError, sentence: String) {
        let known = CommandFailure(error)
        self.init(known.exitCode, known.name, sentence, details: known.details)
    }

    /// Something new could not be put in its place.
    package init(_ error: StagingError) {
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

extension CommandFailure {
    /// An error of any room below as a failure; nil for one that none of them throws.
    package init?(known error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as LedgerError: self.init(error)
        case let error as EventLogError: self.init(.log(error))
        case let error as LMDBError: self.init(.log(EventLogError(error)))
        case let error as StagingError: self.init(error)
        case let error as TransparencyError: self.init(error)
        case let error as FactsFailure: self.init(.facts(error))
        default: return nil
        }
    }
}
