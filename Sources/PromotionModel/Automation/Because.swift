import EventLog

extension Facts {
    /// Why automation promotes a candidate: the rule, and what it preferred over what.
    func because<F: Facts>(
        _ candidate: CandidateRule<F>.Candidate,
        _ freight: Freight,
        _ request: RequestedFreight,
        in project: ProjectName
    ) throws(FactsFailure) -> String {
        let name = try name(of: freight.id, in: project)
        let origin = request.origin
        var text = "autoPromotionEnabled: "
        switch request.selection {
        case .newestFreight: text += "\(name) is the newest available freight of \(origin)"
        case .newestVerified: text += "\(name) is the last verified available freight of \(origin)"
        case .matchUpstream:
            text += "stage \(request.stages.first?.rawValue ?? "") runs \(name) of \(origin)"
        }
        guard let passedOver = candidate.passedOver else { return text }
        let other = try self.name(of: passedOver.freight, in: project)
        switch passedOver.why {
        case .unavailable(let unmet):
            text += "; \(other) is newer, but \(unmet.map(\.description).joined(separator: "; "))"
        case .handMade(let warehouse):
            text +=
                "; \(other) is newer, but somebody put it together and \(warehouse) does not "
                + "say promoteAssembled"
        }
        return text
    }

    /// How freight is called in sentences: its alias, or seven digits of its id.
    private func name(
        of id: FreightID,
        in project: ProjectName
    ) throws(FactsFailure) -> String {
        let alias = try freightStatus(id, in: project).alias
        return alias.isEmpty ? id.short : alias
    }

    /// The last event that made freight a candidate for a consumer: its making, its verification
    /// in one of the request's stages, its approval, or that its origin came to the same.
    func led(
        to freight: Freight,
        for consumer: Consumer,
        _ request: RequestedFreight,
        in project: ProjectName
    ) throws(FactsFailure) -> Position {
        let status = try freightStatus(freight.id, in: project)
        let marks = status.verified.filter { request.stages.contains($0.stage) }.map(\.position)
        let approvals = status.approved.filter { $0.consumer == consumer.subject }.map(\.position)
        return ([freight.created, status.confirmed] + marks + approvals).max() ?? freight.created
    }

    /// Whether freight of an origin was made, or as a bundle repackaged last, after `position`.
    ///
    /// Reads only what was made since then.
    func isListed(
        _ id: FreightID,
        of origin: Origin,
        after position: Position,
        in project: ProjectName
    ) throws(FactsFailure) -> Bool {
        var before = Position(rawValue: .max)
        while true {
            let page = try freight(of: origin, in: project, before: before, limit: 20)
            for entry in page {
                guard entry.position > position else { return false }
                if entry.freight == id { return true }
            }
            guard let last = page.last, page.count == 20 else { return false }
            before = last.position
        }
    }
}
