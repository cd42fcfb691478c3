import EventLog

extension Evolver {
    func changes(of event: TokenIssued) -> [RowChange] {
        var state = TokenState()
        state.digest = event.digest
        state.issued = header.position
        state.issuedAt = header.recorded
        state.issuedBy = header.actor.name
        state.expires = event.expires
        return [.token(event.token, state), .tokenDigest(event.digest, event.token)]
    }

    func changes(of event: TokenRevoked) throws(FactsFailure) -> [RowChange] {
        guard var state = try facts.token(event.token) else { return [] }
        state.revokedAt = header.recorded
        return [.token(event.token, state)]
    }

    func changes(of event: RoleGranted) throws(FactsFailure) -> [RowChange] {
        var list = try facts.roles(of: event.principal)
        list.remove(event.role, in: project)
        list.grants.append(
            RoleGrant(event.role, in: project, stages: event.stages, position: header.position)
        )
        list.grants.sort { ($0.project, $0.role.rawValue) < ($1.project, $1.role.rawValue) }
        return [.roles(event.principal, list)]
    }

    func changes(of event: RoleRevoked) throws(FactsFailure) -> [RowChange] {
        var list = try facts.roles(of: event.principal)
        list.remove(event.role, in: project)
        return [.roles(event.principal, list)]
    }
}

extension RoleList {
    fileprivate mutating func remove(_ role: Role, in project: ProjectName) {
        grants.removeAll { $0.role == role && $0.project == project }
    }
}
