import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// How well a stage is delivered to: `waybill metrics delivery`.
package struct DeliveryMetricsQuestion: PeriodQuestion {
    package var stage = ""
    package var from: String?
    package var to: String?

    package init() {}

    package var place: RequestPlace { .ofProject("metrics/delivery") }

    package static let fields: [RequestField<DeliveryMetricsQuestion>] = [.stage, .from, .to]

    package func answer(_ desk: Desk) throws -> Answer {
        try read(desk) { view, project, stage, after in
            let metrics = try view.deliveryMetrics(of: stage, in: project, after: after)
            guard !desk.form.isStructured else {
                return .value(Shape.deliveryMetrics(metrics, of: stage, in: project))
            }
            return .text(Self.text(metrics))
        }
    }

    private static func text(_ metrics: DeliveryMetrics) -> String {
        let succeeded = metrics.deployments.filter(\.hasSucceeded)
        let failed = metrics.deployments.filter { $0.failure != nil }
        let restored = failed.filter { $0.restored != nil }
        var table = TextTable(["MEASURE", "VALUE", "OF", "EVENTS"])
        table.add([
            "deployment frequency",
            metrics.deploymentsPerDay.map { "\(rounded($0)) a day" } ?? "-",
            "\(succeeded.count) in \(rounded(metrics.days)) days",
            positions(succeeded.map(\.position)),
        ])
        table.add([
            "lead time for changes", duration(metrics.leadTimeMedianMs),
            "\(metrics.leadTimes.count) commits",
            positions(metrics.leadTimes.map(\.position)),
        ])
        table.add([
            "change fail rate",
            metrics.changeFailRate.map { "\(rounded($0 * 100)) %" } ?? "-",
            "\(failed.count) of \(metrics.deployments.count)",
            positions(failed.compactMap { $0.failure?.position }),
        ])
        table.add([
            "time to restore", duration(metrics.timeToRestoreMedianMs),
            "\(restored.count) of \(failed.count)",
            positions(restored.compactMap { $0.restored?.position }),
        ])
        return table.text
    }

    /// Where the events are; the first of many.
    private static func positions(_ positions: [Position]) -> String {
        let unique = Set(positions).sorted()
        let told = unique.prefix(6).map { "\($0)" }.joined(separator: " ")
        return unique.isEmpty ? "-" : told + (unique.count > 6 ? " …" : "")
    }

    private static func rounded(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }

    /// A duration in one unit.
    private static func duration(_ milliseconds: Int64?) -> String {
        milliseconds.map { Display.duration($0) } ?? "-"
    }
}
