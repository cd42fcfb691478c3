import Expressions
import PromotionModel
import PromotionRunner
import Testing

/// What expressions of a step can say about what is promoted.
@Suite struct NamingComponents {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private static let components = [
        component("catalog", .changed), component("payments", .unchanged),
        component("web", .added),
    ]

    /// Performs the ledger's job; what its steps said.
    private func messages(_ ledger: FakeLedger) async throws -> [String?] {
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load
        )
        let job = await ledger.job
        try await runner.perform(job.project, job.promotion.name)
        return await ledger.finishes.map(\.message)
    }

    /// The path of a file that is not there comes back in the error: so a test sees the value.
    private func shown(
        _ expression: String,
        components: [JobComponent] = NamingComponents.components,
        kind: PromotionKind = .manual
    ) async throws -> String? {
        let update: Value = [
            "path": .string("v/${{ \(expression) }}"), "updates": [["key": "a", "value": 1]],
        ]
        let ledger = FakeLedger(
            job([step("yaml-update", update)], components: components, kind: kind)
        )
        let message = try await messages(ledger)[0]
        guard let message, message.hasPrefix("cannot open v/"),
            let colon = message.lastIndex(of: ":")
        else { return message }
        return String(message[..<colon].dropFirst("cannot open v/".count))
    }

    @Test(arguments: [
        ("commitFrom('https://example.com/catalog.git').ID", "catalog-new"),
        ("commitFrom('https://EXAMPLE.com/catalog/').ID", "catalog-new"),
        ("commitFrom('https://example.com/web', warehouse('web')).Message", "Change web"),
        ("commitFrom('https://example.com/web', warehouse('catalog')) == nil", "true"),
        ("commitFrom('https://example.com/other') == nil", "true"),
        ("imageFrom('example.com/web') == nil", "true"),
        ("chartFrom('oci://example.com/web') == nil", "true"),
        ("changed(warehouse('catalog'))", "true"),
        ("changed(warehouse('payments'))", "false"),
        ("join(map(filter(components, #.change != 'unchanged'), #.name), '+')", "catalog+web"),
        ("components[0].from.commits[0].ID", "catalog-old"),
        ("components[0].to.commits[0].ID", "catalog-new"),
        ("components[2].from == nil", "true"),
        ("components[1].freight.alias", "payments-alias"),
        ("components[1].origin.kind", "Warehouse"),
        ("ctx.project + ctx.stage + ctx.meta.promotion.actor", "shopprodanna"),
        ("ctx.meta.promotion.rollback", "false"),
        ("ctx.meta.step.alias", "step-1"),
    ])
    func `freight, components and context`(expression: String, expected: String) async throws {
        #expect(try await shown(expression) == expected)
    }

    @Test func `a rollback says so`() async throws {
        #expect(try await shown("ctx.meta.promotion.rollback", kind: .rollback) == "true")
    }

    @Test func `two origins with one repository must be told apart`() async throws {
        let twins = [component("web", .changed), component("web", .changed)]
        let other = component("catalog", .changed)
        let moved = JobComponent(
            change: other.change,
            from: nil,
            to: other.to.map { freight in
                JobFreight(
                    freight: freight.freight,
                    alias: freight.alias,
                    artifacts: twins[0].to?.artifacts ?? []
                )
            }
        )
        let message = try await shown(
            "commitFrom('https://example.com/web').ID",
            components: [moved, twins[0]]
        )
        #expect(message?.contains("several origins have https://example.com/web") == true)
        let one = try await shown(
            "commitFrom('https://example.com/web', warehouse('web')).ID",
            components: [moved, twins[0]]
        )
        #expect(one == "web-new")
    }

    @Test func `a repeated step has a component, others have none`() async throws {
        let ledger = FakeLedger(
            job(
                [
                    step(
                        "yaml-update",
                        [
                            "path": "v/${{ component.name }}-${{ component.change }}",
                            "updates": [["key": "a", "value": 1]],
                        ],
                        alias: "set",
                        condition: "${{ always() }}",
                        forEach: .changed
                    ),
                    step(
                        "yaml-update",
                        [
                            "path": "v/${{ component == nil }}",
                            "updates": [["key": "a", "value": 1]],
                        ],
                        condition: "${{ status('set[Warehouse/web]') == 'Errored' }}"
                    ),
                ],
                components: Self.components
            )
        )
        let messages = try await messages(ledger)
        #expect(messages.count == 3)
        #expect(messages[0]?.contains("v/catalog-changed") == true)
        #expect(messages[1]?.contains("v/web-added") == true)
        #expect(messages[2]?.contains("v/true") == true)
    }
}
