package import EventLog
package import Matching

/// Which freight automation would take.
package struct CandidateRule<F: Facts> {
    private let facts: F
    private let project: ProjectName
    private let rule: AvailabilityRule<F>

    /// How many pieces of freight one look goes back, newest first.
    ///
    /// An older one that is the newest available is found by hand, not by automation.
    package static var lookBackCountMax: Int { 500 }

    /// What a look for a candidate found.
    package struct Candidate: Hashable, Sendable {
        /// nil if nothing is available.
        package var freight: Freight?
        /// When a newer one becomes available by itself.
        package var wakeAt: Timestamp?
    }

    /// The rule over `facts`, at the time `now`.
    package init(facts: F, project: ProjectName, now: Timestamp) {
        self.facts = facts
        self.project = project
        rule = AvailabilityRule(facts: facts, project: project, now: now)
    }

    /// The freight that `request` would be filled with under `selection`.
    package func candidate(
        for request: RequestedFreight,
        selection: SelectionPolicy
    ) throws(FactsFailure) -> Candidate {
        switch selection {
        case .newestFreight: try newestFreight(for: request)
        case .newestVerified: try newestVerified(for: request)
        case .matchUpstream: try upstreamFreight(for: request)
        }
    }

    private func newestFreight(for request: RequestedFreight) throws(FactsFailure) -> Candidate {
        var found = Candidate()
        try forEachRecent(request.origin) { freight throws(FactsFailure) in
            let availability = try rule.availability(of: freight, for: request)
            if availability.isAvailable {
                found.freight = freight
            } else {
                found.wakeAt = earlier(found.wakeAt, availability.wakeAt)
            }
            return found.freight == nil
        }
        return found
    }

    /// Available freight whose verification in one of the upstream stages is the latest.
    private func newestVerified(for request: RequestedFreight) throws(FactsFailure) -> Candidate {
        var best: (position: Position, freight: Freight)?
        var wakeAt: Timestamp?
        try forEachRecent(request.origin) { freight throws(FactsFailure) in
            let availability = try rule.availability(of: freight, for: request)
            guard availability.isAvailable else {
                wakeAt = earlier(wakeAt, availability.wakeAt)
                return true
            }
            let status = try facts.freightStatus(freight.id, in: project)
            let verified = status.verified.filter { request.stages.contains($0.stage) }
            let position = verified.map(\.latest).max() ?? freight.created
            if position > best?.position ?? .origin { best = (position, freight) }
            return true
        }
        return Candidate(freight: best?.freight, wakeAt: wakeAt)
    }

    /// What the one upstream stage runs, if it is available.
    private func upstreamFreight(for request: RequestedFreight) throws(FactsFailure) -> Candidate {
        guard let upstream = request.stages.first,
            let running = try facts.stageState(upstream, in: project).current?
                .carrier(of: request.origin),
            let freight = try facts.freight(running, in: project)
        else { return Candidate() }
        let availability = try rule.availability(of: freight, for: request)
        return Candidate(
            freight: availability.isAvailable ? freight : nil,
            wakeAt: availability.wakeAt
        )
    }

    /// Hands `body` the freight of an origin, newest first, until it returns false.
    ///
    /// Read by the page, because what is wanted is nearly always the first.
    private func forEachRecent(
        _ origin: Origin,
        _ body: (Freight) throws(FactsFailure) -> Bool
    ) throws(FactsFailure) {
        var before = Position(rawValue: .max)
        var count = 0
        while count < Self.lookBackCountMax {
            let entries = try facts.freight(
                of: origin,
                in: project,
                before: before,
                limit: count == 0 ? 1 : 50
            )
            guard let last = entries.last else { return }
            for entry in entries {
                guard let freight = try facts.freight(entry.freight, in: project) else {
                    throw .inconsistent("freight \(entry.freight) is listed but not there")
                }
                guard try body(freight) else { return }
            }
            before = last.position
            count += entries.count
        }
    }

    private func earlier(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
        [left, right].compactMap { $0 }.min()
    }
}

extension FreightCollection {
    /// The freight of `origin` that runs: a leaf of a warehouse, or the bundle of a junction.
    package func carrier(of origin: Origin) -> FreightID? {
        if origin.kind == .warehouse { return self[origin: origin]?.freight }
        return components.first { $0.requestedOrigin == origin }?.carrier
    }
}

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
    }
}
