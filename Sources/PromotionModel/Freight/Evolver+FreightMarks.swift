import EventLog

extension Evolver {
    func changes(of event: FreightAliased) throws(FactsFailure) -> [RowChange] {
        var status = try facts.freightStatus(event.freight, in: project)
        status.alias = event.alias
        return [
            .freightStatus(project, event.freight, status),
            .freightAlias(project, alias: event.alias, event.freight),
        ]
    }

    func changes(of event: FreightMetadataSet) throws(FactsFailure) -> [RowChange] {
        var status = try facts.freightStatus(event.freight, in: project)
        status.metadata.removeAll { $0.key == event.key }
        status.metadata.append(MetadataEntry(key: event.key, value: event.value))
        status.metadata.sort { $0.key < $1.key }
        return [.freightStatus(project, event.freight, status)]
    }

    func changes(of event: FreightApproved) throws(FactsFailure) -> [RowChange] {
        var status = try facts.freightStatus(event.freight, in: project)
        var approval = Approval()
        approval.consumer = event.consumer
        approval.actor = header.actor.name
        approval.reason = event.reason
        approval.position = header.position
        approval.at = header.recorded
        status.approved.removeAll { $0.consumer == event.consumer }
        status.approved.append(approval)
        status.approved.sort { $0.consumer < $1.consumer }
        var changes: [RowChange] = [.freightStatus(project, event.freight, status)]
        if let freight = try facts.freight(event.freight, in: project),
            let consumer = Consumer(event.consumer)
        {
            changes.append(
                .freightApproved(
                    project,
                    consumer,
                    freight.origin,
                    created: freight.created,
                    freight.id
                )
            )
        }
        return changes
    }

    func changes(of event: ApprovalRevoked) throws(FactsFailure) -> [RowChange] {
        var status = try facts.freightStatus(event.freight, in: project)
        status.approved.removeAll { $0.consumer == event.consumer }
        return [.freightStatus(project, event.freight, status)]
    }

    func changes(of event: FreightQuarantined) throws(FactsFailure) -> [RowChange] {
        var status = try facts.freightStatus(event.freight, in: project)
        var quarantine = Quarantine()
        quarantine.actor = header.actor.name
        quarantine.reason = event.reason
        quarantine.position = header.position
        quarantine.at = header.recorded
        status.quarantine = quarantine
        return [.freightStatus(project, event.freight, status)]
    }

    func changes(of event: QuarantineLifted) throws(FactsFailure) -> [RowChange] {
        var status = try facts.freightStatus(event.freight, in: project)
        status.quarantine = nil
        return [.freightStatus(project, event.freight, status)]
    }
}
