import ArgumentParser

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Measures that are taken from the log.",
        discussion: "For example: waybill metrics delivery --stage prod --from '30d ago'",
        subcommands: [MetricsDelivery.self]
    )
}
