import Glibc

/// Ends long work cleanly when the process is asked to stop.
enum StopSignals {
    private static let numbers = [SIGINT, SIGTERM]

    /// Runs `body` in a task that SIGINT and SIGTERM cancel.
    static func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await body() }
        SignalPipe.hear(numbers) { _ in task.cancel() }
        defer { SignalPipe.stopHearing(numbers) }
        do {
            try await task.value
        } catch is CancellationError {
            // What was asked for.
        }
    }
}
