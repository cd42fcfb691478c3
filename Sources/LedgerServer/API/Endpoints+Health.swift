import EventLog
import Expressions
import LedgerAPI
import HTTPTypes
import Ledger

extension EndpointTable {
    /// Whether the server is well.
    static let health: [Endpoint] = [
        Endpoint(
            .get,
            "/health",
            tag: "health",
            "Whether the process is well: writer, clock, readers and disk.",
            admission: .anybody
        ) { exchange in
            let health = Health(exchange.core)
            return .json(health.value, health.isWell ? .ok : .serviceUnavailable)
        },
        Endpoint(
            .get,
            "/ready",
            tag: "health",
            "Whether requests can be answered now.",
            admission: .anybody
        ) { exchange in
            let position = try exchange.core.ledger.read { view in view.moment.position }
            return .json([
                "status": "ready", "position": .int(Int64(clamping: position.rawValue)),
            ])
        },
    ]
}
