import HTTPTypes
import Ledger
import PromotionModel
import Requests
import Transparency

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
            "/v1/ledger/key",
            tag: "log",
            "The key by which others check what the ledger signs, and those before it.",
            fields: []
        ) { (_: inout KeyQuestion, _) in },
        .question(
            "/v1/ledger/checkpoint",
            tag: "log",
            "Size and root of the log at a moment, unsigned.",
            fields: ["at"]
        ) { (_: inout CheckpointQuestion, _) in },
        Endpoint(
            .post,
            "/v1/ledger/checkpoints",
            tag: "log",
            "Signs size and root of the log as it is now; the last signed one if it has not grown.",
            admission: .signedIn
        ) { exchange in
            let core = exchange.core
            let note = try await core.checkpoints.signed(core.ledger.log)
            return .json(CheckpointQuestion.value(try note.checkpoint(), note), .created)
        },
        .question(
            "/v1/ledger/proof",
            tag: "log",
            "Proves that an event is in the log (C2SP tlog-proof), or that the log has only grown "
                + "(C2SP tlog-witness).",
            fields: ProofQuestion.fields.map(\.name)
        ) { (_: inout ProofQuestion, _) in },
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
