import Expressions
import PromotionModel

/// `set-freight-alias`: gives freight another alias.
struct SetFreightAliasStep: ConfiguredStep {
    private var name = ""
    private var alias = ""

    static let text = StepText(
        summary: "gives freight another alias; failed if other freight has it",
        example: """
            - uses: set-freight-alias
              config:
                name: ${{ ctx.targetFreight.name }}
                alias: release-47
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("name", &name, "the freight: its id, Kargo name or alias")
        visitor.text("alias", &alias, "the new alias")
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        guard !context.secrets.isTainted(.string(alias)) else {
            throw .wrong(
                "the alias comes from a secret, and the ledger would keep it for ever; choose "
                    + "another"
            )
        }
        let command = SetFreightAlias(project: context.project, freight: name, alias: alias)
        try await context.execute(.setFreightAlias(command))
        return .succeeded(message: "\(name) is called \(alias)")
    }
}
