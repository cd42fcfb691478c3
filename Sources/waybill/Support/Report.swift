import ArgumentParser
import Expressions
import LedgerAPI
import Requests

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
        CommandFailure(known: error)
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
