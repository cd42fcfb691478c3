import PromotionModel

/// Reads `requestedFreight`, which stages and junctions have alike.
enum RequestedFreightReader {
    /// The requests; `forJunction` allows what only a junction's slots can say.
    static func read(_ spec: inout FieldMap, forJunction: Bool) -> [RequestedFreight] {
        guard spec.node("requestedFreight") != nil else {
            spec.add(
                "the field is missing: at least one origin is wanted",
                about: "requestedFreight"
            )
            return []
        }
        var requests: [RequestedFreight] = []
        var seen: Set<Origin> = []
        let elements = spec.maps("requestedFreight")
        if elements.isEmpty {
            spec.add("at least one origin is wanted", about: "requestedFreight")
        }
        for var element in elements {
            guard let request = request(&element, forJunction: forJunction) else { continue }
            if !seen.insert(request.origin).inserted {
                element.add("\(request.origin) is requested twice", about: "origin")
            }
            requests.append(request)
        }
        return requests
    }

    private static func request(_ fields: inout FieldMap, forJunction: Bool) -> RequestedFreight? {
        defer { fields.finish() }
        let origin = origin(&fields)
        var request = RequestedFreight()
        if forJunction { request.optional = fields.flag("optional") ?? false }
        if var sources = fields.requiredMap("sources") {
            read(&sources, into: &request)
            sources.finish()
        }
        guard let origin else { return nil }
        request.origin = origin
        return request
    }

    private static func origin(_ fields: inout FieldMap) -> Origin? {
        guard var map = fields.requiredMap("origin") else { return nil }
        defer { map.finish() }
        let kind = map.requiredNode("kind").flatMap { _ in
            map.choice("kind", ["Warehouse": Origin.Kind.warehouse, "Junction": .junction])
        }
        guard let name = map.requiredText("name") else { return nil }
        guard NameRule.isName(name) else {
            map.add(NameText.rule(for: name), about: "name")
            return nil
        }
        return kind.map { Origin(unchecked: "\($0.rawValue)/\(name)") }
    }

    private static func read(_ sources: inout FieldMap, into request: inout RequestedFreight) {
        request.direct = sources.flag("direct") ?? false
        for (index, name) in sources.texts("stages").enumerated() {
            if let stage = StageName(rawValue: name) {
                if request.stages.contains(stage) {
                    sources.add("the stage \(stage) is there twice", about: "stages")
                }
                request.stages.append(stage)
            } else {
                sources.add("element \(index): \(NameText.rule(for: name))", about: "stages")
            }
        }
        request.requiredSoakMs = sources.durationMs("requiredSoakTime") ?? 0
        request.availability =
            sources.choice("availabilityStrategy", ["OneOf": .oneOf, "All": .all]) ?? .oneOf
        if var options = sources.map("autoPromotionOptions") {
            request.selection =
                options.choice(
                    "selectionPolicy",
                    ["NewestFreight": .newestFreight, "MatchUpstream": .matchUpstream]
                ) ?? .newestFreight
            checkMatchUpstream(request, options, "selectionPolicy")
            options.finish()
        }
        if !request.direct, request.stages.isEmpty {
            sources.problems.add(
                "nothing can be available: say direct: true, or name stages",
                at: sources.mark,
                field: sources.path
            )
        }
    }

    /// The rule of `MatchUpstream`: one upstream stage, which says what is taken.
    static func checkMatchUpstream(_ request: RequestedFreight, _ fields: FieldMap, _ name: String)
    {
        guard request.selection == .matchUpstream else { return }
        if request.direct {
            fields.add("MatchUpstream cannot be used with direct: true", about: name)
        } else if request.stages.count != 1 {
            fields.add(
                "MatchUpstream wants exactly one upstream stage, not \(request.stages.count)",
                about: name
            )
        }
    }
}
