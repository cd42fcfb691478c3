import EventLog
import Matching

extension Decider {
    /// Gives somebody a token, and roles with it.
    ///
    /// Refuses, in this order: the name of the server's own token; a malformed digest; a time that
    /// has passed; a token of that name that is still good; what `GrantRole` refuses.
    func decide(_ command: IssueToken) throws(Stop) -> [EventDraft] {
        guard command.token != .operator else { throw .refused(.tokenReserved(command.token)) }
        guard command.digest.utf8.count == 64, command.digest.isLowercaseHex else {
            throw .refused(.tokenDigestMalformed(command.token))
        }
        let expires = command.end.time(from: moment.recorded)
        if let expires, expires <= moment.recorded {
            throw .refused(.tokenExpiresInPast(command.token, expires))
        }
        let before = try ask { facts throws(FactsFailure) in try facts.token(command.token) }
        if let before, before.isGood(at: moment.recorded) {
            throw .refused(.tokenExists(command.token))
        }
        let other = try ask { facts throws(FactsFailure) in
            try facts.token(withDigest: command.digest)
        }
        guard other == nil else { throw .refused(.tokenDigestMalformed(command.token)) }
        var event = TokenIssued()
        event.token = command.token
        event.digest = command.digest
        event.expires = expires
        event.reason = envelope.reason
        let issued = EventDraft(
            project: .cluster,
            subject: Principal.token(command.token).subject,
            event: .tokenIssued(event)
        )
        var drafts = [issued]
        for grant in command.grants { drafts += try granting(grant, to: .token(command.token)) }
        return drafts
    }

    /// Takes a token back; quiet where it was.
    ///
    /// Its roles stay with the name.
    ///
    /// Refuses a token that there never was.
    func decide(_ command: RevokeToken) throws(Stop) -> [EventDraft] {
        let before = try ask { facts throws(FactsFailure) in try facts.token(command.token) }
        guard let before else { throw .refused(.unknownToken(command.token)) }
        guard before.revokedAt == nil else { return [] }
        var event = TokenRevoked()
        event.token = command.token
        event.reason = envelope.reason
        return [
            EventDraft(
                project: .cluster,
                subject: Principal.token(command.token).subject,
                event: .tokenRevoked(event)
            )
        ]
    }

    /// Gives somebody a role; quiet where he has it, with the same patterns.
    ///
    /// Refuses, in this order: unknown project; a token that there never was; patterns with
    /// another role than promoter; a pattern that is no glob, or more of them than are kept.
    func decide(_ command: GrantRole) throws(Stop) -> [EventDraft] {
        if command.grant.project != .cluster { try requireProject(command.grant.project) }
        try requirePresent(command.principal)
        return try granting(command.grant, to: command.principal)
    }

    /// Takes a role back.
    ///
    /// Refuses a role that he does not have there.
    func decide(_ command: RevokeRole) throws(Stop) -> [EventDraft] {
        let held = try ask { facts throws(FactsFailure) in try facts.roles(of: command.principal) }
        let isHeld = held.grants.contains {
            $0.role == command.role && $0.project == command.project
        }
        guard isHeld else {
            throw .refused(.roleNotHeld(command.principal, command.role, command.project))
        }
        var event = RoleRevoked()
        event.principal = command.principal
        event.role = command.role
        event.reason = envelope.reason
        return [
            EventDraft(
                project: command.project,
                subject: command.principal.subject,
                event: .roleRevoked(event)
            )
        ]
    }

    private func granting(
        _ grant: RoleGrant,
        to principal: Principal
    ) throws(Stop) -> [EventDraft] {
        if grant.project != .cluster { try requireProject(grant.project) }
        guard grant.role == .promoter || grant.stages.isEmpty else {
            throw .refused(.roleTakesNoStages(grant.role))
        }
        try requireGlobs(grant.stages)
        let held = try ask { facts throws(FactsFailure) in try facts.roles(of: principal) }
        let isHeld = held.grants.contains {
            $0.role == grant.role && $0.project == grant.project && $0.stages == grant.stages
        }
        if isHeld { return [] }
        guard held.grants.count < ModelLimits.grantCountMax else {
            throw .refused(.tooManyRoles(principal))
        }
        var event = RoleGranted()
        event.principal = principal
        event.role = grant.role
        event.stages = grant.stages
        event.reason = envelope.reason
        return [
            EventDraft(
                project: grant.project,
                subject: principal.subject,
                event: .roleGranted(event)
            )
        ]
    }

    private func requirePresent(_ principal: Principal) throws(Stop) {
        guard principal.rawValue.hasPrefix("token/") else { return }
        let name = TokenName(unchecked: String(principal.rawValue.dropFirst(6)))
        let token = try ask { facts throws(FactsFailure) in try facts.token(name) }
        guard token != nil else { throw .refused(.unknownToken(name)) }
    }

    private func requireGlobs(_ patterns: [String]) throws(Stop) {
        guard patterns.count <= ModelLimits.stagePatternCountMax else {
            throw .refused(.tooManyPatterns(patterns.count))
        }
        for pattern in patterns {
            guard (1...253).contains(pattern.utf8.count) else {
                throw .refused(.stagePatternMalformed(pattern, why: "it has 1 to 253 bytes"))
            }
            do throws(MatchingError) {
                _ = try Glob(pattern)
            } catch {
                throw .refused(.stagePatternMalformed(pattern, why: "\(error)"))
            }
        }
    }
}

extension TokenEnd {
    fileprivate func time(from now: Timestamp) -> Timestamp? {
        switch self {
        case .never: nil
        case .after(let milliseconds): now.adding(milliseconds: milliseconds)
        case .at(let time): time
        }
    }
}
