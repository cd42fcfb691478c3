import EventLog
import LMDB
import Ledger

/// What all commands do that make a ledger out of another one's events.
enum NewLedger {
    /// The failure of the ledger that is being made, told of the place where it was to be.
    static func failure(
        _ error: LedgerError,
        _ staged: StagedDirectory,
        _ start: String
    ) -> CommandFailure {
        switch error {
        case .log(.diskFull):
            CommandFailure(StagingError(.diskFull, path: staged.target))
        case .undecodable, .unknownEventType, .facts:
            CommandFailure(error, sentence: "\(start): \(error); nothing was made")
        default: CommandFailure(error)
        }
    }
}
