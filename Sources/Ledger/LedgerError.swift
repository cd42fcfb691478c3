package import EventLog
package import PromotionModel
import Wire

/// Why the ledger could not do what was asked, although no rule speaks against it.
package enum LedgerError: Error, Hashable, Sendable {
    /// The log's or store's own failure.
    case log(EventLogError)
    /// Rows that cannot be read.
    case facts(FactsFailure)
    /// An event of a kind that only a newer version knows.
    case unknownEventType(UInt32, at: Position)
    /// An event's payload that cannot be read.
    case undecodable(at: Position, String)
    /// A moment that lies after the last event.
    case futurePosition(Position, last: Position)
    /// A moment that names a promotion which is unknown or has not succeeded.
    case noSuchMoment(String)
    /// Something that there is not.
    case unknown(Refusal)
    /// Something else that there is not; its own sentence.
    case notFound(String)
    /// Files beside the ledger could not be made.
    case workFile(String)
}

extension LedgerError: EventLogFailure {
    package init(log: EventLogError) { self = .log(log) }
}

extension LedgerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .log(let error): "\(error)"
        case .facts(let failure): "\(failure)"
        case .unknownEventType(let type, let position):
            "event \(position) is of kind \(type), which this version does not know; "
                + "install a newer waybill"
        case .undecodable(let position, let why):
            "event \(position) cannot be read: \(why); run waybill ledger verify"
        case .futurePosition(let position, let last):
            "there is no event \(position) yet: the last one is \(last); see waybill get events"
        case .unknown(let refusal): "\(refusal)"
        case .noSuchMoment(let sentence), .notFound(let sentence), .workFile(let sentence):
            sentence
        }
    }
}

/// Runs `body`, whose failures of the log become failures of the ledger.
func fromLog<T>(_ body: () throws(EventLogError) -> T) throws(LedgerError) -> T {
    do throws(EventLogError) { return try body() } catch { throw .log(error) }
}

/// Runs `body`, whose failures of facts become failures of the ledger.
func fromFacts<T>(_ body: () throws(FactsFailure) -> T) throws(LedgerError) -> T {
    do throws(FactsFailure) { return try body() } catch { throw .facts(error) }
}
