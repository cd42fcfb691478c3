import EventLog
import LMDB
import Ledger

/// The progress bars of what copies a ledger and verifies the copy.
enum CopyBars {
    /// Runs `body`, which tells how far it is.
    static func show<T, E: Error>(
        _ body: ((CopyProgress) -> Void) throws(E) -> T
    ) throws(E) -> T {
        let bars = (copying: ProgressBar("copy"), verifying: ProgressBar("verify"))
        defer {
            bars.copying.end()
            bars.verifying.end()
        }
        return try body { progress in
            switch progress {
            case .copying(let done, let size): bars.copying.show(done, of: size)
            case .verifying(let done, let size): bars.verifying.show(done, of: size)
            }
        }
    }
}

extension CommandFailure {
    /// Why a copy was not made, in one sentence that begins with what was attempted, and ends
    /// with what to do where the events are not what they were.
    static func moving(
        _ error: any Error,
        _ start: String,
        advice: String = "take another backup"
    ) -> any Error {
        guard let failure = error as? MovementFailure else { return error }
        switch failure {
        case .ledger(.log(.truncated(_, let has, let needs))):
            return CommandFailure(
                .integrity,
                "truncated",
                "\(start): its data.mdb was cut off, it has \(has) bytes of \(needs); nothing was "
                    + "kept, take another backup"
            )
        case .ledger(.log(.damaged(_, let what))):
            return CommandFailure(
                .integrity,
                "damaged",
                "\(start): it is damaged: \(what); nothing was kept, \(advice)"
            )
        case .ledger(let error): return CommandFailure(error)
        case .place(let error): return CommandFailure(error)
        case .unsound(let findings):
            let first = findings.first.map { "\($0)" } ?? "nothing"
            let count = findings.count == 1 ? "1 finding" : "\(findings.count) findings"
            return CommandFailure(
                .integrity,
                "integrity",
                "\(start): it is not sound (\(count), the first: \(first)); nothing was kept, "
                    + advice
            )
        case .unsuitable(let what):
            return CommandFailure(.failure, "unsuitable", "\(start): \(what)")
        case .different(let what):
            return CommandFailure(
                .integrity,
                "integrity",
                "\(start): \(what); nothing was kept, \(advice)"
            )
        }
    }
}
