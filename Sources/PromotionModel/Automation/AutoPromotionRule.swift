package import Matching

/// Whether automation promotes to a stage (Kargo's promotionPolicies: the first match decides).
package enum AutoPromotionRule {
    /// Whether the project's policies enable it for a stage.
    ///
    /// Applying the manifest checked the patterns; one that a newer program wrote and that cannot
    /// be read decides against it, because nobody can say which policy comes first.
    package static func isEnabled(
        _ stage: StageName,
        spec: StageSpec,
        policies: [PromotionPolicy]
    ) -> Bool {
        do throws(MatchingError) {
            let first = try firstMatch(for: stage, spec: spec, in: policies)
            return first.map { policies[$0].autoPromotionEnabled } ?? false
        } catch {
            return false
        }
    }

    /// The index of the policy that decides: the first that matches a stage; nil if none does.
    ///
    /// - Throws: what is wrong with a pattern before it, or why matching was given up.
    package static func firstMatch(
        for stage: StageName,
        spec: StageSpec,
        in policies: [PromotionPolicy]
    ) throws(MatchingError) -> Int? {
        for (index, policy) in policies.enumerated() where try matches(policy, stage, spec) {
            return index
        }
        return nil
    }

    private static func matches(
        _ policy: PromotionPolicy,
        _ stage: StageName,
        _ spec: StageSpec
    ) throws(MatchingError) -> Bool {
        if let text = policy.stagePattern,
            try !NamePattern(parsing: text).matches(stage.rawValue)
        {
            return false
        }
        let labels = Dictionary(spec.labels.map { ($0.name, $0.value) }) { _, last in last }
        return policy.matchLabels.allSatisfy { labels[$0.name] == $0.value }
            && policy.matchExpressions.allSatisfy { $0.isMet(by: labels) }
    }
}
