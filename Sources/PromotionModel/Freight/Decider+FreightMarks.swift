package import EventLog
import Wire

extension Decider {
    /// Gives freight another alias; quiet where it has that one.
    ///
    /// Refuses, in this order: unknown project; freight that no reference names, or not clearly;
    /// an alias that other freight has; one that is malformed; one with which an id of other
    /// freight begins.
    func decide(_ command: SetFreightAlias) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        let freight = try freight(named: command.freight, in: command.project)
        let status = try status(of: freight.id, in: command.project)
        if status.alias == command.alias { return [] }
        try requireFreeAlias(command.alias, for: freight.id, in: command.project)
        var event = FreightAliased()
        event.freight = freight.id
        event.alias = command.alias
        event.before = status.alias
        event.reason = envelope.reason
        return [draft(.freightAliased(event), freight.id, in: command.project)]
    }

    /// Refuses an alias that other freight has, that cannot be one, or that would hide other
    /// freight behind it.
    func requireFreeAlias(
        _ alias: String,
        for id: FreightID,
        in project: ProjectName
    ) throws(Stop) {
        let owner = try ask { facts throws(FactsFailure) in
            try facts.freight(withAlias: alias, in: project)
        }
        if let owner, owner != id { throw .refused(.aliasTaken(alias, by: owner)) }
        guard FreightAlias.isAlias(alias) else { throw .refused(.aliasMalformed(alias)) }
        guard alias.isLowercaseHex, alias.utf8.count >= FreightReference.prefixCountMin else {
            return
        }
        let others = try ask { facts throws(FactsFailure) in
            try facts.freight(withPrefix: alias, in: project, limit: 2).filter { $0 != id }
        }
        if let other = others.first { throw .refused(.aliasNamesOther(alias, other)) }
    }

    /// Notes something on freight; quiet where it says so already.
    ///
    /// Refuses, in this order: unknown project; freight that no reference names, or not clearly;
    /// a key that is empty or too long; more than is kept.
    func decide(_ command: SetFreightMetadata) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        let freight = try freight(named: command.freight, in: command.project)
        guard (1...ModelLimits.metadataKeyByteCountMax).contains(command.key.utf8.count) else {
            throw .refused(.metadataKeyMalformed(command.key))
        }
        let value = ValueMessage(command.value)
        let status = try status(of: freight.id, in: command.project)
        let others = status.metadata.filter { $0.key != command.key }
        if others.count < status.metadata.count,
            status.metadata.contains(MetadataEntry(key: command.key, value: value))
        {
            return []
        }
        let byteCount = others.reduce(value.encoded().count) { $0 + $1.encoded().count }
        guard byteCount <= ModelLimits.metadataByteCountMax else {
            throw .refused(.metadataTooLarge(byteCount: byteCount))
        }
        var event = FreightMetadataSet()
        event.freight = freight.id
        event.key = command.key
        event.value = value
        event.promotion = command.promotion
        event.reason = envelope.reason
        return [draft(.freightMetadataSet(event), freight.id, in: command.project)]
    }

    /// Approves freight for a stage or junction; quiet where it is approved already.
    ///
    /// Refuses, in this order: unknown project, stage or junction; freight that no reference
    /// names, or not clearly; an origin that is not requested there. Approval overrides what
    /// freight has to pass, never where it comes from.
    func decide(_ command: ApproveFreight) throws(Stop) -> [EventDraft] {
        let requests = try requests(of: command.consumer, in: command.project)
        let freight = try freight(named: command.freight, in: command.project)
        let subject = command.consumer.subject
        guard requests.contains(where: { $0.origin == freight.origin }) else {
            throw .refused(.originNotRequested(freight.origin, by: subject))
        }
        let status = try status(of: freight.id, in: command.project)
        let incarnation = try incarnation(of: command.consumer, in: command.project)
        if status.approval(for: command.consumer, since: incarnation) != nil { return [] }
        var event = FreightApproved()
        event.freight = freight.id
        event.consumer = subject
        event.reason = envelope.reason
        return [draft(.freightApproved(event), freight.id, in: command.project)]
    }

    /// Takes an approval back.
    ///
    /// Refuses, in this order: unknown project, stage or junction; freight that no reference
    /// names, or not clearly; no approval.
    func decide(_ command: RevokeApproval) throws(Stop) -> [EventDraft] {
        _ = try requests(of: command.consumer, in: command.project)
        let freight = try freight(named: command.freight, in: command.project)
        let status = try status(of: freight.id, in: command.project)
        let incarnation = try incarnation(of: command.consumer, in: command.project)
        let subject = command.consumer.subject
        guard status.approval(for: command.consumer, since: incarnation) != nil else {
            let name = try displayName(freight.id, in: command.project)
            throw .refused(.notApproved(freight: name, for: subject))
        }
        var event = ApprovalRevoked()
        event.freight = freight.id
        event.consumer = subject
        event.reason = envelope.reason
        return [draft(.approvalRevoked(event), freight.id, in: command.project)]
    }

    /// Quarantines freight; quiet where it is.
    ///
    /// Refuses, in this order: unknown project; freight that no reference names, or not clearly;
    /// no reason.
    func decide(_ command: QuarantineFreight) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        let freight = try freight(named: command.freight, in: command.project)
        guard let reason = envelope.reason, !reason.isEmpty else {
            throw .refused(.reasonNeeded("quarantine freight"))
        }
        if try status(of: freight.id, in: command.project).quarantine != nil { return [] }
        var event = FreightQuarantined()
        event.freight = freight.id
        event.reason = reason
        return [draft(.freightQuarantined(event), freight.id, in: command.project)]
    }

    /// Lifts a quarantine.
    ///
    /// Refuses, in this order: unknown project; freight that no reference names, or not clearly;
    /// freight that is not quarantined; no reason.
    func decide(_ command: LiftQuarantine) throws(Stop) -> [EventDraft] {
        try requireProject(command.project)
        let freight = try freight(named: command.freight, in: command.project)
        guard try status(of: freight.id, in: command.project).quarantine != nil else {
            let name = try displayName(freight.id, in: command.project)
            throw .refused(.notQuarantined(freight: name))
        }
        guard let reason = envelope.reason, !reason.isEmpty else {
            throw .refused(.reasonNeeded("lift a quarantine"))
        }
        var event = QuarantineLifted()
        event.freight = freight.id
        event.reason = reason
        return [draft(.quarantineLifted(event), freight.id, in: command.project)]
    }

    /// What changes about a piece of freight.
    func status(of id: FreightID, in project: ProjectName) throws(Stop) -> FreightStatus {
        try ask { facts throws(FactsFailure) in try facts.freightStatus(id, in: project) }
    }

    private func draft(_ event: Event, _ id: FreightID, in project: ProjectName) -> EventDraft {
        EventDraft(project: project, subject: .freight(id), event: event)
    }

    /// What a stage or junction requests, or the refusal that it is not there.
    func requests(
        of consumer: Consumer,
        in project: ProjectName
    ) throws(Stop) -> [RequestedFreight] {
        switch consumer {
        case .stage(let name): try stageSpec(name, in: project).requestedFreight
        case .junction(let name): try junctionSpec(name, in: project).requestedFreight
        }
    }

    private func incarnation(
        of consumer: Consumer,
        in project: ProjectName
    ) throws(Stop) -> Position {
        try ask { facts throws(FactsFailure) in
            try facts.incarnation(of: consumer, in: project) ?? .origin
        }
    }
}

extension FreightStatus {
    /// The approval for a stage or junction, if it was given since that was made.
    package func approval(for consumer: Consumer, since incarnation: Position) -> Approval? {
        approved.first { $0.consumer == consumer.subject && $0.position > incarnation }
    }
}
