extension SubscriptionFinding {
    /// Whether it is what `subscription` found: of its name, its repository and its kind.
    ///
    /// An image and a git repository may have the same URL. What found nothing has no kind, and
    /// chooses nothing either way.
    func isOf(_ subscription: Subscription) -> Bool {
        guard self.subscription == subscription.name, repoURL == subscription.repoURL else {
            return false
        }
        guard let artifact = artifacts.first else { return true }
        return (artifact.commit != nil) == (subscription.git != nil)
            && (artifact.image != nil) == (subscription.image != nil)
            && (artifact.chart != nil) == (subscription.chart != nil)
    }

    /// Whether both can be of one subscription.
    func isLike(_ other: SubscriptionFinding) -> Bool {
        guard subscription == other.subscription, repoURL == other.repoURL else { return false }
        guard let artifact = artifacts.first, let second = other.artifacts.first else {
            return true
        }
        return (artifact.commit != nil) == (second.commit != nil)
            && (artifact.image != nil) == (second.image != nil)
            && (artifact.chart != nil) == (second.chart != nil)
    }
}
