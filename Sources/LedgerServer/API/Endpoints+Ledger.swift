import PromotionModel
import Requests

extension EndpointTable {
    /// The log itself.
    static let ledger: [Endpoint] = [
        .question(
            "/v1/ledger",
            tag: "ledger",
            "How large the ledger is, and where it ends.",
            fields: []
        ) { (_: inout LedgerQuestion, _) in },
        .question(
            "/v1/events/{position}",
            tag: "audit",
            "The event at a position, with its header and payload.",
            fields: ["at"]
        ) { (asked: inout DescriptionQuestion, names) in
            asked.subject = "event/\(names["position"] ?? "")"
        },
    ]
}
