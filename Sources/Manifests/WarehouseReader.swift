import Matching
import PromotionModel

/// Reads a `Warehouse`.
enum WarehouseReader {
    static func read(_ fields: inout FieldMap) -> WarehouseSpec? {
        guard var spec = fields.requiredMap("spec") else { return nil }
        defer { spec.finish() }
        var warehouse = WarehouseSpec()
        spec.ignore("shard")
        if let interval = spec.durationMs("interval") {
            if interval == 0 { spec.add("an interval is longer than nothing", about: "interval") }
            warehouse.intervalMs = interval
        }
        warehouse.creationPolicy =
            spec.choice("freightCreationPolicy", ["Automatic": .automatic, "Manual": .manual])
            ?? .automatic
        if var criteria = spec.map("freightCreationCriteria") {
            if let text = criteria.text("expression"), text.contains(where: { !$0.isWhitespace }) {
                TemplateCheck.check(bare: text, criteria, "expression", .creationCriteria)
                warehouse.creationCriteria = text
            }
            criteria.finish()
        }
        warehouse.promoteAssembled = spec.flag("promoteAssembled") ?? false
        warehouse.subscriptions = subscriptions(&spec)
        return warehouse
    }

    private static func subscriptions(_ spec: inout FieldMap) -> [Subscription] {
        let elements = spec.maps("subscriptions")
        if elements.isEmpty, spec.node("subscriptions") == nil || spec.list("subscriptions").isEmpty
        {
            spec.add("at least one subscription is wanted", about: "subscriptions")
        }
        var names: Set<String> = []
        var repositories: Set<String> = []
        var subscriptions: [Subscription] = []
        for var element in elements {
            guard let subscription = SubscriptionReader.read(&element) else { continue }
            if !subscription.name.isEmpty, !names.insert(subscription.name).inserted {
                element.add("another subscription has the name \(subscription.name)", about: "name")
            }
            if !repositories.insert(identity(of: subscription)).inserted {
                element.problems.add(
                    "another subscription watches the same repository, \(subscription.repoURL)",
                    at: element.mark,
                    field: element.path
                )
            }
            subscriptions.append(subscription)
        }
        return subscriptions
    }

    /// By what a warehouse cannot subscribe twice to the same.
    private static func identity(of subscription: Subscription) -> String {
        if let git = subscription.git { return "git " + GitURL.normalized(git.repoURL) }
        if let image = subscription.image { return "image " + image.repoURL }
        guard let chart = subscription.chart else { return subscription.name }
        return "chart \(ChartURL.normalized(chart.repoURL)) \(chart.chartName)"
    }
}
