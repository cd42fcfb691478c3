import EventLog
package import Expressions
package import Ledger
package import PromotionModel

extension Shape {
    /// The four measures of delivery to a stage, each with the events behind it.
    package static func deliveryMetrics(
        _ metrics: DeliveryMetrics,
        of stage: StageName,
        in project: ProjectName
    ) -> Value {
        let succeeded = metrics.deployments.filter(\.hasSucceeded)
        let failed = metrics.deployments.filter { $0.failure != nil }
        return object([
            ("kind", "DeliveryMetrics"),
            ("project", .string(project.rawValue)), ("stage", .string(stage.rawValue)),
            ("from", period(metrics.from)), ("to", period(metrics.to)),
            ("days", .double(metrics.days)),
            (
                "deploymentFrequency",
                object([
                    ("perDay", metrics.deploymentsPerDay.map { .double($0) } ?? .null),
                    ("count", .int(Int64(succeeded.count))),
                    ("positions", .array(succeeded.map { number($0.position) })),
                ])
            ),
            (
                "leadTimeForChanges",
                object([
                    ("medianSeconds", seconds(metrics.leadTimeMedianMs)),
                    ("count", .int(Int64(metrics.leadTimes.count))),
                    ("commits", .array(metrics.leadTimes.map(leadTime))),
                ])
            ),
            (
                "changeFailRate",
                object([
                    ("rate", metrics.changeFailRate.map { .double($0) } ?? .null),
                    ("failed", .int(Int64(failed.count))),
                    ("of", .int(Int64(metrics.deployments.count))),
                    ("changes", .array(metrics.deployments.map(deployment))),
                ])
            ),
            (
                "timeToRestore",
                object([
                    ("medianSeconds", seconds(metrics.timeToRestoreMedianMs)),
                    ("count", .int(Int64(failed.count { $0.restored != nil }))),
                    ("notYet", .int(Int64(failed.count { $0.restored == nil }))),
                ])
            ),
        ])
    }

    private static func period(_ moment: Moment) -> Value {
        ["position": number(moment.position), "at": time(moment.time)]
    }

    private static func seconds(_ milliseconds: Int64?) -> Value {
        milliseconds.map { .double(Double($0) / 1000) } ?? .null
    }

    private static func leadTime(_ lead: DeliveryMetrics.LeadTime) -> Value {
        object([
            ("repoURL", .string(lead.repoURL)), ("commit", .string(lead.commit)),
            ("committedAt", time(lead.committedAt)), ("position", number(lead.position)),
            ("at", time(lead.at)), ("seconds", .double(Double(lead.milliseconds) / 1000)),
        ])
    }

    private static func deployment(_ deployment: DeliveryMetrics.Deployment) -> Value {
        object([
            ("promotion", .string(deployment.promotion.rawValue)),
            ("position", number(deployment.position)), ("at", time(deployment.at)),
            ("succeeded", .bool(deployment.hasSucceeded)),
            ("failure", deployment.failure.map(mark) ?? .null),
            ("restored", deployment.restored.map(mark) ?? .null),
        ])
    }

    private static func mark(_ mark: DeliveryMetrics.Mark) -> Value {
        [
            "position": number(mark.position), "at": time(mark.at),
            "why": .string(mark.why.rawValue),
        ]
    }
}
