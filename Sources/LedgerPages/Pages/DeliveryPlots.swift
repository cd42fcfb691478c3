import EventLog
import Ledger
import PromotionModel

/// Delivery measures as small plots, each mark with its event.
struct DeliveryPlots {
    private static let width = 300.0
    private static let height = 52.0
    private static let markCountMax = 200

    let context: PageContext
    let metrics: DeliveryMetrics
    let start: Timestamp

    init(_ context: PageContext, _ metrics: DeliveryMetrics, from start: Timestamp) {
        self.context = context
        self.metrics = metrics
        self.start = max(start, metrics.from.time)
    }

    func fill(_ stage: StageName, in project: ProjectName) -> Fill {
        let failed = metrics.deployments.count { $0.failure != nil }
        let rate = metrics.changeFailRate.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
        return [
            "stage": stage.rawValue, "from": TimeText.day(start),
            "until": TimeText.day(metrics.to.time),
            "plots": [
                plot(
                    "Deployments",
                    "\(metrics.deployments.count { $0.hasSucceeded })",
                    metrics.days < 1.5 ? "in 1 day" : "in \(Int(metrics.days.rounded())) days",
                    dayBars(failing: false)
                ),
                plot(
                    "Lead time",
                    metrics.leadTimeMedianMs.map(TimeText.length) ?? "–",
                    "median, commit to \(stage)",
                    leadPoints()
                ),
                plot(
                    "Failed changes",
                    "\(failed) of \(metrics.deployments.count)",
                    "\(rate), failed, taken back or unhealthy",
                    dayBars(failing: true)
                ),
                plot(
                    "Time to restore",
                    metrics.timeToRestoreMedianMs.map(TimeText.length) ?? "–",
                    "median of \(metrics.deployments.count { $0.restored != nil })",
                    restoreBars()
                ),
            ],
            "command": "waybill metrics delivery \(stage)",
        ]
    }

    private func plot(_ title: String, _ big: String, _ small: String, _ marks: [Fill]) -> Fill {
        ["title": title, "big": big, "small": small, "marks": marks]
    }

    private func x(_ time: Timestamp) -> Double {
        let span = max(1, Double(metrics.to.time.milliseconds(since: start)))
        let part = Double(time.milliseconds(since: start)) / span
        return min(1, max(0, part)) * (Self.width - 8)
    }

    private func bar(
        _ x: Double,
        _ width: Double,
        _ height: Double,
        isBad: Bool,
        _ title: String,
        _ position: Position?
    ) -> Fill {
        [
            "x": GraphPath.number(x), "y": GraphPath.number(Self.height - height),
            "width": GraphPath.number(width), "height": GraphPath.number(height),
            "class": isBad ? "bar bad" : "bar", "title": title,
            "href": position.flatMap { context.fill($0)["href"] },
        ]
    }

    /// A bar for each day with deployments.
    private func dayBars(failing: Bool) -> [Fill] {
        var days: [Int64: [DeliveryMetrics.Deployment]] = [:]
        for deployment in metrics.deployments {
            days[TimeText.dayNumber(deployment.at), default: []].append(deployment)
        }
        let most = days.values.map(\.count).max() ?? 1
        let width = max(3, min(16, (Self.width - 8) / max(1, metrics.days) - 2))
        return days.keys.sorted().suffix(Self.markCountMax).compactMap { day -> Fill? in
            guard let all = days[day] else { return nil }
            let failed = all.filter { $0.failure != nil }
            let height = Double(all.count) / Double(most) * (Self.height - 4)
            let isBad = failing && !failed.isEmpty
            let what =
                failing
                ? "\(failed.count) of \(all.count) failed" : counted(all.count, "deployment")
            let event = (isBad ? failed.first : all.first)?.position
            return bar(
                x(Timestamp(rawValue: day * 86_400_000)),
                width,
                height,
                isBad: isBad,
                "\(TimeText.day(all[0].at)): \(what)",
                event
            )
        }
    }

    private func leadPoints() -> [Fill] {
        let longest = Double(metrics.leadTimes.map(\.milliseconds).max() ?? 1)
        return metrics.leadTimes.suffix(Self.markCountMax).map { lead in
            let height = Double(max(0, lead.milliseconds)) / max(1, longest) * (Self.height - 8)
            return [
                "x": GraphPath.number(x(lead.at)),
                "y": GraphPath.number(Self.height - height - 4), "width": "4", "height": "4",
                "class": "pt",
                "title": "\(lead.commit.prefix(7)): \(TimeText.length(lead.milliseconds))",
                "href": context.fill(lead.position)["href"],
            ]
        }
    }

    private func restoreBars() -> [Fill] {
        let restored = metrics.deployments.compactMap { item -> (Int64, DeliveryMetrics.Mark)? in
            guard let failure = item.failure, let end = item.restored else { return nil }
            return (max(0, end.at.milliseconds(since: failure.at)), end)
        }
        let longest = Double(max(1, restored.map(\.0).max() ?? 1))
        return restored.suffix(Self.markCountMax).map { length, end in
            bar(
                x(end.at),
                6,
                max(3, Double(length) / longest * (Self.height - 4)),
                isBad: false,
                "\(TimeText.day(end.at)): \(TimeText.length(length))",
                end.position
            )
        }
    }
}
