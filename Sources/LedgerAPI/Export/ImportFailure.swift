import Glibc
package import Ledger

/// Why an export was not imported.
package enum ImportFailure: Error, Hashable, Sendable {
    /// A line is not what an export has there; `what` is the rest of a sentence that starts with
    /// the line.
    case line(UInt64, what: String)
    /// All lines are well formed, and still not those that were exported: a frame does not fit what
    /// it stands around; `what` is the rest of a sentence that starts with its line.
    case changed(UInt64, what: String)
    /// It is sound, and yet cannot be the beginning of a ledger; a sentence that says what to do.
    case unsuitable(String)
    /// The file cannot be read: the system's error number.
    case unreadable(Int32)
    /// The new ledger could not be written, or what it says not be understood.
    case ledger(LedgerError)
}

extension ImportFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .line(let number, let what), .changed(let number, let what): "line \(number) \(what)"
        case .unsuitable(let sentence): sentence
        case .unreadable(let code): unsafe String(cString: strerror(code))
        case .ledger(let error): "\(error)"
        }
    }
}
