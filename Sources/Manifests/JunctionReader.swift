import PromotionModel

/// Reads a `Junction`.
enum JunctionReader {
    static func read(_ fields: inout FieldMap) -> JunctionSpec? {
        guard var spec = fields.requiredMap("spec") else { return nil }
        defer { spec.finish() }
        var junction = JunctionSpec()
        junction.requestedFreight = RequestedFreightReader.read(&spec, forJunction: true)
        let policies: KeyValuePairs<String, AutomationPolicy> = [
            "Automatic": .automatic, "Manual": .manual,
        ]
        if var collection = spec.map("collection") {
            junction.collectionPolicy = collection.choice("policy", policies) ?? .automatic
            junction.selection =
                collection.choice(
                    "select",
                    [
                        "NewestFreight": SelectionPolicy.newestFreight,
                        "NewestVerified": .newestVerified, "MatchUpstream": .matchUpstream,
                    ]
                ) ?? .newestFreight
            check(junction, collection)
            collection.finish()
        }
        if var repackaging = spec.map("repackaging") {
            read(&repackaging, policies, into: &junction)
            repackaging.finish()
        }
        return junction
    }

    private static func read(
        _ repackaging: inout FieldMap,
        _ policies: KeyValuePairs<String, AutomationPolicy>,
        into junction: inout JunctionSpec
    ) {
        junction.repackagingPolicy = repackaging.choice("policy", policies) ?? .manual
        junction.debounceMs = repackaging.durationMs("debounce") ?? 0
        junction.debounceMaxMs = repackaging.durationMs("debounceMax") ?? 0
        if junction.debounceMaxMs > 0, junction.debounceMs == 0 {
            repackaging.add("it bounds debounce: say debounce too", about: "debounceMax")
        } else if junction.debounceMaxMs > 0, junction.debounceMaxMs < junction.debounceMs {
            repackaging.add("it is shorter than debounce, which it bounds", about: "debounceMax")
        }
        if var criteria = repackaging.map("criteria") {
            if let text = criteria.text("expression"), text.contains(where: { !$0.isWhitespace }) {
                TemplateCheck.check(bare: text, criteria, "expression", .repackagingCriteria)
                junction.criteria = text
            }
            criteria.finish()
        }
        junction.requireVerifiedTogether = repackaging.flag("requireVerifiedTogether") ?? false
        guard junction.repackagingPolicy == .manual else { return }
        for name in ["debounce", "debounceMax", "criteria"] {
            repackaging.notice(name, "it has no effect while the policy is Manual")
        }
    }

    /// `MatchUpstream` wants one upstream stage for each slot.
    private static func check(_ junction: JunctionSpec, _ collection: FieldMap) {
        guard junction.selection == .matchUpstream else { return }
        for request in junction.requestedFreight where request.direct || request.stages.count != 1 {
            collection.add(
                "MatchUpstream wants exactly one upstream stage for \(request.origin) and no "
                    + "direct: true",
                about: "select"
            )
        }
    }
}
