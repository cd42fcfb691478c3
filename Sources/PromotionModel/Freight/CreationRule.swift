import Expressions

/// Why automation makes no freight of what a warehouse found.
package enum CreationObstacle: Hashable, Sendable {
    /// A subscription found nothing; by its name, or what it watches.
    case nothingFound(String)
    /// There is such freight already.
    case exists(FreightID, alias: String)
    /// `freightCreationPolicy: Manual`.
    case byHand
    /// `freightCreationCriteria` do not hold.
    case criteriaNotMet(String)
    /// They cannot be judged.
    case criteriaFailed(String, error: String)

    /// Whether a person can make freight all the same.
    package var isForAutomationOnly: Bool {
        switch self {
        case .nothingFound, .exists: false
        case .byHand, .criteriaNotMet, .criteriaFailed: true
        }
    }
}

extension CreationObstacle: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nothingFound(let subscription): "nothing was found for \(subscription)"
        case .exists(_, let alias): "freight \(alias) is the same"
        case .byHand: "freightCreationPolicy is Manual"
        case .criteriaNotMet(let expression):
            "freightCreationCriteria do not hold: \(expression.quotedForDisplay)"
        case .criteriaFailed(let expression, let error):
            "freightCreationCriteria \(expression.quotedForDisplay) cannot be judged: \(error)"
        }
    }
}

/// When freight is made of what a warehouse found.
///
/// The one rule: what automation proposes, what `CreateFreight` refuses, and why there is no
/// freight are taken from it.
package struct CreationRule<F: Facts> {
    private let facts: F
    private let project: ProjectName

    /// The rule over `facts`.
    package init(facts: F, project: ProjectName) {
        self.facts = facts
        self.project = project
    }

    /// What stands in the way of freight of the newest of `findings`; nil if automation makes it.
    ///
    /// In this order: a subscription that found nothing; freight that exists; that freight is made
    /// by hand; criteria that do not hold.
    package func obstacle(
        of warehouse: WarehouseName,
        _ spec: WarehouseSpec,
        _ findings: [SubscriptionFinding]
    ) throws(FactsFailure) -> CreationObstacle? {
        var artifacts: [Artifact] = []
        for subscription in spec.subscriptions {
            guard let chosen = findings.chosen(for: subscription) else {
                let name = subscription.name.isEmpty ? subscription.repoURL : subscription.name
                return .nothingFound(name)
            }
            artifacts.append(chosen)
        }
        guard !artifacts.isEmpty else { return .nothingFound("any subscription") }
        let id = FreightIdentity.id(of: artifacts, origin: .warehouse(warehouse))
        if try facts.freight(id, in: project) != nil {
            return .exists(id, alias: try facts.freightStatus(id, in: project).alias)
        }
        return spec.creationPolicy == .manual ? .byHand : judged(spec, findings)
    }

    /// The criteria see what the present subscriptions found, nothing of earlier ones.
    private func judged(
        _ spec: WarehouseSpec,
        _ findings: [SubscriptionFinding]
    ) -> CreationObstacle? {
        guard let source = spec.creationCriteria else { return nil }
        let present = spec.subscriptions.compactMap { findings.finding(of: $0) }
        do throws(ExpressionError) {
            let holds = try CreationCriteria.hold(source, for: present)
            return holds ? nil : .criteriaNotMet(source)
        } catch {
            return .criteriaFailed(source, error: error.message)
        }
    }
}

extension [SubscriptionFinding] {
    /// What a subscription found.
    package func finding(of subscription: Subscription) -> SubscriptionFinding? {
        first { $0.isOf(subscription) }
    }

    /// The candidate of a subscription that freight is made of.
    package func chosen(for subscription: Subscription) -> Artifact? {
        finding(of: subscription)?.artifacts.first
    }
}
