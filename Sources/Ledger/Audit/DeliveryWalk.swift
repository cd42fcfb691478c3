import EventLog
import PromotionModel

/// Goes through what happened to a stage, and says which changes failed and what mended them.
struct DeliveryWalk {
    private(set) var changes: [Change] = []
    private var kinds: [PromotionName: PromotionKind] = [:]

    /// A promotion that ended with an effect: a deployment, or a way back.
    struct Change {
        let isWayBack: Bool
        var deployment: DeliveryMetrics.Deployment
    }

    /// A promotion of the stage and where it was asked for.
    mutating func ask(_ promotion: Promotion) {
        kinds[promotion.name] = promotion.kind
        guard Self.isWayBack(promotion.kind) else { return }
        wentBack[promotion.name] = (promotion.requested, promotion.requestedAt)
    }

    private var wentBack: [PromotionName: (position: Position, at: Timestamp)] = [:]

    private static func isWayBack(_ kind: PromotionKind) -> Bool {
        switch kind {
        case .rollback, .restore: true
        case .manual, .automatic: false
        }
    }

    /// The stage runs what the promotion made; whoever went back says that the change before had
    /// failed, from when that was asked for.
    mutating func succeeded(_ promotion: PromotionName, _ header: Header) {
        if let asked = wentBack[promotion], let last = changes.lastIndex(where: \.isDeployment) {
            fail(last, asked.position, asked.at, .wentBack)
        }
        add(promotion, header, hasSucceeded: true)
    }

    /// A promotion ended badly after it had begun to change something.
    mutating func failed(_ promotion: PromotionName, _ header: Header) {
        add(promotion, header, hasSucceeded: false)
        fail(changes.count - 1, header.position, header.recorded, .promotionFailed)
    }

    /// What a promotion made the stage run was judged.
    mutating func judged(_ promotion: PromotionName, _ result: VerificationResult, _ header: Header)
    {
        guard let index = changes.lastIndex(where: { $0.deployment.promotion == promotion }) else {
            return
        }
        switch result {
        case .failed: fail(index, header.position, header.recorded, .verificationFailed)
        case .successful:
            mend(index, header, .verified)
        case .errored, .aborted, .inconclusive: break
        }
    }

    /// Somebody said how healthy the stage is.
    mutating func reported(_ health: Health, _ header: Header) {
        guard let last = changes.indices.last else { return }
        switch health {
        case .unhealthy: fail(last, header.position, header.recorded, .unhealthy)
        case .healthy: mend(last, header, .healthy)
        case .notApplicable, .unknown, .progressing: break
        }
    }

    /// The deployments, each failure with what restored the stage: the change itself once it was
    /// healthy or verified again, or the next one that did not fail.
    func deployments() -> [DeliveryMetrics.Deployment] {
        changes.indices.filter { changes[$0].isDeployment }.map { index in
            var deployment = changes[index].deployment
            guard deployment.failure != nil, deployment.restored == nil else { return deployment }
            let next = changes[(index + 1)...].first { change in
                change.deployment.hasSucceeded && change.deployment.failure == nil
            }
            deployment.restored = next.map { change in
                DeliveryMetrics.Mark(
                    position: change.deployment.position,
                    at: change.deployment.at,
                    why: .deployed
                )
            }
            return deployment
        }
    }

    private mutating func add(_ promotion: PromotionName, _ header: Header, hasSucceeded: Bool) {
        changes.append(
            Change(
                isWayBack: Self.isWayBack(kinds[promotion] ?? .manual),
                deployment: DeliveryMetrics.Deployment(
                    promotion: promotion,
                    position: header.position,
                    at: header.recorded,
                    hasSucceeded: hasSucceeded
                )
            )
        )
    }

    private mutating func fail(
        _ index: Int,
        _ position: Position,
        _ at: Timestamp,
        _ why: DeliveryMetrics.Mark.Why
    ) {
        changes[index].deployment.restored = nil
        guard changes[index].deployment.failure == nil else { return }
        changes[index].deployment.failure = DeliveryMetrics.Mark(
            position: position,
            at: at,
            why: why
        )
    }

    private mutating func mend(_ index: Int, _ header: Header, _ why: DeliveryMetrics.Mark.Why) {
        let deployment = changes[index].deployment
        guard deployment.failure != nil, deployment.restored == nil, deployment.hasSucceeded else {
            return
        }
        changes[index].deployment.restored = DeliveryMetrics.Mark(
            position: header.position,
            at: header.recorded,
            why: why
        )
    }
}

extension DeliveryWalk.Change {
    var isDeployment: Bool { !isWayBack }
}
