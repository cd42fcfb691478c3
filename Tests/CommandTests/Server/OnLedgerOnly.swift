import Synchronization
import Testing

/// Of tests about the ledger's directory itself: their commands never go to servers of the harness.
struct OnLedgerOnly: SuiteTrait, TestTrait, TestScoping {
    /// Why it cannot be asked of a server.
    let reason: String

    /// Reasons that were printed.
    private static let told = Mutex<Set<String>>([])

    /// All tests of a suite.
    var isRecursive: Bool { true }

    /// Runs a test whose commands are typed as they are.
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        if ServedCommands.isAsked, Self.told.withLock({ $0.insert(reason).inserted }) {
            print("skipped: typing to servers, where \(reason)")
        }
        try await ServedCommands.$isOnLedgerOnly.withValue(true, operation: function)
    }
}

extension Trait where Self == OnLedgerOnly {
    /// With `WAYBILL_TEST_SERVER=1`, too, commands are typed as they are, for this reason.
    static func onLedgerOnly(_ reason: String) -> Self { OnLedgerOnly(reason: reason) }
}
