import EventLog

extension Availability.Unmet: CustomStringConvertible {
    /// The condition, in words that follow the freight's name and a colon.
    package var description: String {
        switch self {
        case .originNotRequested(let origin, let consumer):
            "\(consumer) does not request \(origin)"
        case .notVerified(let stage): "it is not verified in stage \(stage)"
        case .withdrawn(let stage, let time):
            "its verification in stage \(stage) failed at \(time.text), after it had passed"
        case .notSoaked(let stage, let until?):
            "it must stay in stage \(stage) until \(until.text)"
        case .notSoaked(let stage, nil):
            "it did not stay long enough in stage \(stage)"
        case .noSuchStage(let stage): "stage \(stage) does not exist"
        case .quarantined(_, let alias, let reason): "\(alias) is quarantined: \(reason)"
        case .needsApproval(_, let alias, _):
            "it holds \(alias), which its junction could not have collected, so it needs an "
                + "approval"
        case .noneOf(let ways):
            "it passed none of its stages: "
                + ways.map { $0.map(\.description).joined(separator: " and ") }
                .joined(separator: ", or ")
        }
    }

    /// What to do about the condition itself; empty where only an approval helps.
    fileprivate var remedies: [String] {
        switch self {
        case .originNotRequested(let origin, let consumer):
            ["request \(origin) in the manifest of \(consumer)"]
        case .notVerified(let stage), .withdrawn(let stage, _):
            ["have it verified in stage \(stage)"]
        case .notSoaked(_, .some): ["wait until then"]
        case .notSoaked(let stage, nil): ["let it stay in stage \(stage) longer"]
        case .noSuchStage(let stage): ["apply a manifest with stage \(stage)"]
        case .quarantined(_, let alias, _):
            ["lift that with waybill unquarantine \(alias) --reason …"]
        case .needsApproval: []
        case .noneOf(let ways):
            [
                ways.map { $0.flatMap(\.remedies).joined(separator: " and ") }
                    .filter { !$0.isEmpty }.joined(separator: ", or ")
            ]
        }
    }

    /// Whether an approval overrides the condition: not where freight comes from, and not a
    /// quarantine.
    fileprivate var yieldsToApproval: Bool {
        switch self {
        case .originNotRequested, .quarantined: false
        case .notVerified, .withdrawn, .notSoaked, .noSuchStage, .needsApproval, .noneOf: true
        }
    }
}

extension [Availability.Unmet] {
    /// Every condition that does not hold, and what to do.
    package func sentence(freight: String, to consumer: Subject) -> String {
        let conditions = map(\.description).joined(separator: "; ")
        var remedies: [String] = []
        for remedy in flatMap(\.remedies) where !remedies.contains(remedy) {
            remedies.append(remedy)
        }
        var advice = remedies.joined(separator: ", and ")
        if !isEmpty, allSatisfy(\.yieldsToApproval) {
            advice +=
                (advice.isEmpty ? "" : ", or ")
                + "approve it: waybill approve \(freight) --for \(consumer)"
        }
        return advice.isEmpty ? conditions : "\(conditions); \(advice)"
    }
}
