import Expressions
import PromotionModel
import Requests
import HTTPTypes

extension EndpointTable {
    /// Every command.
    static let changes: [Endpoint] = [
        apply, validate,
        change(
            PromotionChange.self,
            "promote",
            "Freight to a stage, or what is verified in a stage to all behind it."
        ),
        change(
            RollbackChange.self,
            "rollback",
            "A stage, a junction or the whole project as it was."
        ),
        change(CollectionChange.self, "collect", "Freight into a junction's slots."),
        change(RepackagingChange.self, "repackage", "A bundle of what a junction holds."),
        change(
            AssemblyChange.self,
            "assemble",
            "Freight by hand, of a warehouse's artifacts or from other freight."
        ),
        change(ApprovalChange.self, "approve", "Freight, approved for a stage or junction."),
        change(RevocationChange.self, "revoke", "An approval, taken back."),
        change(QuarantineChange.self, "quarantine", "Freight that nobody may have any more."),
        change(QuarantineEndChange.self, "unquarantine", "The end of a quarantine."),
        change(AliasChange.self, "alias", "Another name for freight."),
        change(AbortChange.self, "abort", "The end of a promotion that waits or runs."),
        change(InputChange.self, "answer", "What the step of a promotion waits for."),
        change(
            ResumptionChange.self,
            "resume",
            "Automation that goes on where a choice by hand held it."
        ),
        change(
            ReportChange.self,
            "report",
            "How a verification ended, or how a stage does."
        ),
        change(DeletionChange.self, "delete", "Something configured, deleted."),
        change(BookmarkChange.self, "bookmark", "A name for a moment."),
        change(NoteChange.self, "note", "Words about something."),
        .change(
            ModeChange.self,
            "/v1/adopt",
            tag: "changes",
            "Whether a project is driven or only observed."
        ),
    ]

    private static func change<Asked: Change>(
        _ type: Asked.Type,
        _ name: String,
        _ summary: String
    ) -> Endpoint {
        .change(type, "/v1/projects/{project}/\(name)", tag: "changes", summary)
    }
}

extension Exchange {
    /// Whether the query says yes.
    func flag(_ name: String, otherwise: Bool = false) throws -> Bool {
        guard let said = query.first(where: { $0.name == name }) else { return otherwise }
        guard ["true", "false"].contains(said.value) else {
            throw Problem(
                .badRequest,
                "invalidField",
                "\(name) takes true or false",
                details: [("field", .string(name))]
            )
        }
        return said.value == "true"
    }
}
