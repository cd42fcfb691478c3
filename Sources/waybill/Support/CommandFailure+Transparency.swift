import EventLog
import Expressions
import Ledger
import Transparency

extension CommandFailure {
    /// That something cannot be signed, proved, published or believed; `subject` is the file that
    /// it is about, if there is one.
    init(_ error: TransparencyError, about subject: String = "it") {
        switch error {
        case .log(let error): self.init(.log(error))
        case .malformed, .badOrigin, .notOlder: self.init(.usage, error, subject)
        case .keyMissing, .notSignedYet: self.init(.notFound, error, subject)
        case .unknownSignature, .otherOrigin, .keyReadable, .keyUnusable, .keyPresent:
            self.init(.refused, error, subject)
        case .brokenSignature, .notProven, .notExtended, .lastCheckpointMissing,
            .lastCheckpointUnusable, .olderThanSigned, .otherThanSigned:
            self.init(.integrity, error, subject)
        case .publishing, .folderInUse, .file: self.init(.failure, error, subject)
        }
    }

    private init(_ code: Code, _ error: TransparencyError, _ subject: String) {
        let name = Mirror(reflecting: error).children.first?.label ?? "failure"
        self.init(code, name, error.sentence(about: subject))
    }
}

/// Runs `body`, whose failures become failures of the command that name `subject`.
func telling<T>(
    about subject: String = "it",
    _ body: () throws(TransparencyError) -> T
) throws(CommandFailure) -> T {
    do throws(TransparencyError) {
        return try body()
    } catch {
        throw CommandFailure(error, about: subject)
    }
}
