import EventLog
import Ledger
import Logging
import NIOCore
import Requests
import Synchronization

/// What all requests share.
final class ServerCore: Sendable {
    let ledger: Ledger
    let settings: ServerSettings
    let access: Access
    let router: Router
    let cache = AnswerCache()
    let pool = BlockingPool(threadCount: 4)
    let counters = Counters()
    let checkpoints = Checkpoints()
    let deliveries = SeenDeliveries()
    let turns = Turns()
    let writes: RateLimit
    let refusals: RateLimit
    let logger: Logger
    /// Host and port at which it listens, once it does.
    let authority = Mutex("")

    init(_ ledger: Ledger, _ settings: ServerSettings, _ access: Access, _ logger: Logger) {
        self.ledger = ledger
        self.settings = settings
        self.access = access
        self.logger = logger
        router = Router(EndpointTable.served)
        writes = RateLimit(perSecond: settings.writesPerSecond)
        refusals = RateLimit(perSecond: settings.refusalsPerSecond)
    }

    /// Set by what the server cannot go on with, such as a commit that is in doubt: the process
    /// ends, and a new one looks what is so.
    let doubt = Mutex<(any Error)?>(nil)

    /// Notes that a commit is in doubt, or that the server cannot go on.
    func isInDoubt(_ error: any Error) {
        doubt.withLock { $0 = error }
        doubted.finish()
    }

    /// Ends when a commit is in doubt.
    var doubts: AsyncStream<Void> { doubtStream.stream }
    private var doubted: AsyncStream<Void>.Continuation { doubtStream.continuation }
    private let doubtStream = AsyncStream<Void>.makeStream()
}
