import ArgumentParser

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "What happened: events, and the changes of a stage as auditors ask for them.",
        discussion: """
            Without a subcommand it lists events, newest first; for its filters see \
            'waybill audit events --help'.

            For example: waybill audit --subject stage/prod --since yesterday
            or: waybill audit population --stage prod --from 2026-01-01 --to 2026-07-01
            or: waybill audit evidence PROMOTION --out evidence
            """,
        subcommands: [
            AuditEvents.self, AuditPopulation.self, AuditSample.self, AuditEvidence.self,
        ],
        defaultSubcommand: AuditEvents.self
    )
}
