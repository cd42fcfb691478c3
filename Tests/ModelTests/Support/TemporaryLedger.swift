import EventLog
import Foundation
import Glibc
import Ledger
import PromotionModel
import Synchronization
import Testing

/// A clock that a test sets.
final class SettableClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp) {
        self.time = Mutex(time)
    }

    var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}

/// A folder of its own, removed with everything in it when the test is over.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/waybill-model-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            preconditionFailure("no folder can be made in /tmp")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Runs `body` on a fresh ledger, and on the model without a store beside it.
func withLedger(
    _ body: (Ledger, SettableClock) async throws -> Void
) async throws {
    let folder = TemporaryFolder()
    let clock = SettableClock(World().now)
    let ledger = try Ledger.create(at: folder.path + "/ledger", clock: { clock.now })
    try await body(ledger, clock)
    await ledger.log.close()
}

extension Ledger {
    /// Executes every command that `world` was given, at the same times.
    func relive(_ world: World, _ clock: SettableClock) async throws {
        for (envelope, time) in world.given {
            clock.now = time
            _ = try await execute(envelope)
        }
    }
}
