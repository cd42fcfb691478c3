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
            junction.repackagingPolicy = repackaging.choice("policy", policies) ?? .manual
            for name in ["debounce", "debounceMax"] {
                repackaging.refuse(name, because: "this version does not wait before repackaging")
            }
            repackaging.refuse(
                "criteria",
                because: "this version does not repackage by an expression"
            )
            if repackaging.flag("requireVerifiedTogether") == true {
                repackaging.add(
                    "this version does not ask whether a bundle was verified together",
                    about: "requireVerifiedTogether"
                )
            }
            repackaging.finish()
        }
        return junction
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
