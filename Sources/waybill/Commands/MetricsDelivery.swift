import ArgumentParser
import Requests

struct MetricsDelivery: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delivery",
        abstract: "How often, how fast and how well a stage is delivered to.",
        discussion: """
            Deployment frequency, lead time for changes, change fail rate and time to restore; \
            docs/METRICS.md defines them. With -o json each number lists the events behind it.

            For example: waybill metrics delivery --stage prod --from '30d ago'
            """
    )

    @OptionGroup var options: LedgerOptions

    @OptionGroup var period: PeriodOptions

    func run() async throws {
        try await CommandClient(asking: options).answer(period.asked(by: DeliveryMetricsQuestion()))
    }
}
