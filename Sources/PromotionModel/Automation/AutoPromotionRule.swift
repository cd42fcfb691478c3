import Matching

/// Whether automation promotes to a stage (Kargo's promotionPolicies: the first match decides).
package enum AutoPromotionRule {
    /// Whether the project's policies enable it for a stage.
    package static func isEnabled(
        _ stage: StageName,
        spec: StageSpec,
        policies: [PromotionPolicy]
    ) -> Bool {
        for policy in policies where matches(policy, stage, spec) {
            return policy.autoPromotionEnabled
        }
        return false
    }

    private static func matches(
        _ policy: PromotionPolicy,
        _ stage: StageName,
        _ spec: StageSpec
    ) -> Bool {
        let labels = Dictionary(spec.labels.map { ($0.name, $0.value) }) { _, last in last }
        guard policy.matchLabels.allSatisfy({ labels[$0.name] == $0.value }) else { return false }
        guard let text = policy.stagePattern else { return true }
        // Applying the manifest checked the pattern; one that a newer program wrote matches none.
        guard let pattern = try? NamePattern(parsing: text) else { return false }
        return (try? pattern.matches(stage.rawValue)) ?? false
    }
}
