import ServiceLifecycle

/// Automation and promotions as a part of a server, until its group shuts down.
struct ConductorService: Service {
    let conductor: Conductor

    /// Conducts until the group shuts down; promotions that are performed then stay as they are,
    /// for the next start to take over.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { [conductor] in try await conductor.run() }
        } catch is CancellationError {
            // What was asked for.
        }
    }
}
