import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

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

    init(_ exitCode: Code, _ name: String, _ message: String) {
        self.exitCode = exitCode
        self.name = name
        self.message = message
    }

    /// What the caller wrote cannot be understood.
    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(.usage, "usage", message)
    }

    /// There is no such thing.
    static func notFound(_ message: String) -> CommandFailure {
        CommandFailure(.notFound, "notFound", message)
    }
}

extension CommandFailure {
    /// A rule of the ledger says no.
    init(_ refusal: Refusal) {
        // The case's own name is the code.
        let name = Mirror(reflecting: refusal).children.first?.label ?? "refused"
        let exitCode: Code =
            switch refusal {
            case .unknownProject, .unknownWarehouse, .unknownStage, .unknownJunction,
                .unknownPromotion, .unknownFreight, .unknownCollection:
                .notFound
            case .freightReferenceTooShort: .usage
            default: .refused
            }
        self.init(exitCode, name, refusal.description)
    }

    /// The ledger could not do it.
    init(_ error: LedgerError) {
        switch error {
        case .log(let error): self.init(error)
        case .futurePosition, .noSuchMoment, .notFound:
            self.init(.notFound, "notFound", "\(error)")
        case .facts, .undecodable: self.init(.integrity, "damaged", "\(error)")
        case .unknownEventType: self.init(.failure, "newerFormat", "\(error)")
        case .workFile: self.init(.failure, "failure", "\(error)")
        }
    }

    private init(_ error: EventLogError) {
        switch error {
        case .noLedger: self.init(.notFound, "noLedger", "\(error)")
        case .truncated, .damaged: self.init(.integrity, "damaged", "\(error)")
        case .inDoubt: self.init(.inDoubt, "inDoubt", "\(error)")
        case .held: self.init(.failure, "held", "\(error)")
        case .newerFormat: self.init(.failure, "newerFormat", "\(error)")
        case .diskFull, .mapFull: self.init(.failure, "full", "\(error)")
        case .limitExceeded: self.init(.usage, "limitExceeded", "\(error)")
        case .noSuchPosition: self.init(.notFound, "notFound", "\(error)")
        default: self.init(.failure, "failure", "\(error)")
        }
    }
}

/// Tells the user how a command ended.
enum Report {
    /// Whether errors are to be JSON; set before a command does anything.
    ///
    /// Written once, by the command's first act, while nothing else runs.
    nonisolated(unsafe) static var isJSON = false

    /// Prints an error to where it belongs; returns the exit code.
    static func end(_ error: any Error) -> Int32 {
        let failure: CommandFailure
        switch error {
        case let error as CommandFailure: failure = error
        case let error as LedgerError: failure = CommandFailure(error)
        case is ExitCode: return (error as? ExitCode)?.rawValue ?? 1
        default:
            let code = Waybill.exitCode(for: error)
            if code == .success {
                // Help and version are no errors.
                print(Waybill.fullMessage(for: error))
                return 0
            }
            if code != .validationFailure {
                failure = CommandFailure(.failure, "failure", "\(error)")
                break
            }
            StandardError.write(Waybill.fullMessage(for: error))
            return CommandFailure.Code.usage.rawValue
        }
        if unsafe isJSON {
            StandardError.write(Shape.error(code: failure.name, message: failure.message).json)
        } else {
            StandardError.write("waybill: \(failure.message)")
        }
        return failure.exitCode.rawValue
    }
}
