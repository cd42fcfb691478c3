import Expressions
import PromotionModel

/// `set-metadata`: notes values on freight.
struct SetMetadataStep: ConfiguredStep {
    private var updates: [Update] = []

    private struct Update: Configuration {
        var kind = ""
        var name = ""
        var values: [String: Value] = [:]

        mutating func visit(_ visitor: inout some ConfigurationVisitor) {
            visitor.text("kind", &kind, "Freight")
            visitor.text("name", &name, "the freight: its id, Kargo name or alias")
            visitor.members("values", &values, "what to note, under which keys")
        }

        func contradictions() -> [FieldProblem] {
            switch kind {
            case "Freight": []
            case "Stage":
                [
                    FieldProblem(
                        "kind",
                        "must be Freight: this version keeps no metadata of stages; note it on "
                            + "the freight"
                    )
                ]
            default: [FieldProblem("kind", "must be Freight")]
            }
        }
    }

    static let text = StepText(
        summary: "notes values on freight, for later promotions to read",
        example: """
            - uses: set-metadata
              config:
                updates:
                - kind: Freight
                  name: ${{ ctx.targetFreight.name }}
                  values:
                    ticket: CHANGE-4711
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.parts("updates", &updates, isRequired: true, "what to note on what")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        for update in updates {
            guard !context.secrets.isTainted(.object(update.values)) else {
                throw .wrong(
                    "\(update.name): a value comes from a secret, and the ledger would keep it for "
                        + "ever; note something else"
                )
            }
            for (key, value) in update.values.sorted(by: { $0.key < $1.key }) {
                let command = SetFreightMetadata(
                    project: context.project,
                    freight: update.name,
                    key: key,
                    value: value,
                    promotion: context.promotion
                )
                try await context.execute(.setFreightMetadata(command))
            }
        }
        return .succeeded()
    }
}
