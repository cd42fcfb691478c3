package import EventLog
import Wire

extension CommandEnvelope {
    /// SHA-256 over what the caller said: actor, reason, and every field of the command.
    ///
    /// Times and generated names are not part of it, so a retry after a lost reply is the same
    /// command.
    package var contentHash: Digest {
        var content = IdentityEncoder(domain: "waybill.command.v1")
        content.add(actor.name)
        content.add("\(actor.assurance.rawValue)")
        content.add(reason ?? "")
        command.add(to: &content)
        return content.digest
    }
}

extension Command {
    /// Adds the command's kind and fields, in their order.
    fileprivate func add(to content: inout IdentityEncoder) {
        switch self {
        case .applyManifests(let command):
            content.add("apply")
            if command.prune { content.add("prune") }
            for resource in command.resources { resource.add(to: &content) }
        case .recordDiscovery(let command):
            content.add("discovery", command.project.rawValue, command.warehouse.rawValue)
            for finding in command.findings { content.add(finding.encoded()) }
        case .recordDiscoveryFailure(let command):
            content.add("discovery-failure", command.project.rawValue, command.warehouse.rawValue)
            content.add(command.message)
        case .createFreight(let command):
            content.add("create-freight", command.project.rawValue, command.warehouse.rawValue)
        case .assembleFreight(let command):
            content.add("assemble", command.project.rawValue, command.warehouse.rawValue)
            for choice in command.versions { choice.add(to: &content) }
        case .deriveFreight(let command):
            content.add("derive", command.project.rawValue, command.freight)
            for choice in command.versions { choice.add(to: &content) }
        case .setFreightAlias, .setFreightMetadata, .approveFreight, .revokeApproval,
            .quarantineFreight, .liftQuarantine:
            addMark(to: &content)
        case .collectFreight, .repackage, .resumeCollection, .rollBackJunction:
            addJunction(to: &content)
        case .requestPromotion(let command):
            command.add(to: &content)
        case .rollBackStage(let command):
            command.add(to: &content)
        case .promoteDownstream(let command):
            command.add(to: &content)
        case .restoreProject(let command):
            command.add(to: &content)
        case .startPromotion, .takeOverPromotion, .startStep, .finishStep, .requestInput,
            .giveInput, .abortPromotion, .finishVerification:
            addPerforming(to: &content)
        case .resumeAutomation(let command):
            content.add("resume", command.project.rawValue, command.stage.rawValue)
            content.add(command.origin?.rawValue ?? "")
        case .reportVerification(let command):
            command.add(to: &content)
        case .reportHealth, .setProjectMode, .setBookmark, .recordNote:
            addRecord(to: &content)
        case .deleteResource(let command):
            content.add("delete", command.project.rawValue, command.resource.rawValue)
        case .issueToken, .revokeToken, .grantRole, .revokeRole:
            addAccess(to: &content)
        }
    }
}

extension Command {
    /// Adds a command about tokens and roles.
    private func addAccess(to content: inout IdentityEncoder) {
        switch self {
        case .issueToken(let command):
            content.add("issue-token", command.token.rawValue, command.digest)
            switch command.end {
            case .never: content.add("never")
            case .after(let milliseconds): content.add("after", "\(milliseconds)")
            case .at(let time): content.add("at", "\(time.rawValue)")
            }
            for grant in command.grants { content.add(grant.encoded()) }
        case .revokeToken(let command):
            content.add("revoke-token", command.token.rawValue)
        case .grantRole(let command):
            content.add("grant-role", command.principal.rawValue)
            content.add(command.grant.encoded())
        case .revokeRole(let command):
            content.add("revoke-role", command.principal.rawValue, command.role.name)
            content.add(command.project.rawValue)
        default: preconditionFailure("not a command about tokens and roles")
        }
    }

    /// Adds a command that marks freight.
    private func addMark(to content: inout IdentityEncoder) {
        switch self {
        case .setFreightAlias(let command):
            content.add("alias", command.project.rawValue, command.freight, command.alias)
        case .setFreightMetadata(let command):
            content.add("metadata", command.project.rawValue, command.freight, command.key)
            content.add(ValueMessage(command.value).encoded())
            content.add(command.promotion?.rawValue ?? "")
        case .approveFreight(let command):
            content.add("approve", command.project.rawValue, command.freight)
            content.add(command.consumer.subject.rawValue)
        case .revokeApproval(let command):
            content.add("revoke", command.project.rawValue, command.freight)
            content.add(command.consumer.subject.rawValue)
        case .quarantineFreight(let command):
            content.add("quarantine", command.project.rawValue, command.freight)
        case .liftQuarantine(let command):
            content.add("unquarantine", command.project.rawValue, command.freight)
        default: preconditionFailure("not a command that marks freight")
        }
    }

    /// Adds a command about what a junction holds.
    private func addJunction(to content: inout IdentityEncoder) {
        switch self {
        case .collectFreight(let command):
            content.add("collect", command.project.rawValue, command.junction.rawValue)
            for freight in command.freight { content.add(freight) }
        case .repackage(let command):
            content.add("repackage", command.project.rawValue, command.junction.rawValue)
            content.add(command.alias ?? "")
        case .resumeCollection(let command):
            content.add("resume-collection", command.project.rawValue, command.junction.rawValue)
            content.add(command.origin?.rawValue ?? "")
        case .rollBackJunction(let command):
            command.add(to: &content)
        default: preconditionFailure("not a command about a junction")
        }
    }

    /// Adds a command about the performing of a promotion.
    private func addPerforming(to content: inout IdentityEncoder) {
        switch self {
        case .startPromotion(let command):
            content.add("start", command.project.rawValue, command.promotion.rawValue)
        case .takeOverPromotion(let command):
            content.add("take-over", command.project.rawValue, command.promotion.rawValue)
            content.add("\(command.attempt)")
        case .startStep(let command):
            content.add("start-step", command.project.rawValue, command.promotion.rawValue)
            content.add("\(command.attempt)", "\(command.step)")
        case .finishStep(let command):
            content.add("finish-step", command.project.rawValue, command.promotion.rawValue)
            content.add("\(command.attempt)", "\(command.step)", "\(command.status.rawValue)")
            content.add(command.message ?? "")
            content.add(ValueMessage(command.outputs).encoded())
            content.add("\(command.hasTakenEffect)")
        case .requestInput(let command):
            content.add("request-input", command.project.rawValue, command.promotion.rawValue)
            content.add("\(command.attempt)", "\(command.step)", command.message)
            content.add(command.url ?? "")
        case .giveInput(let command):
            content.add("give-input", command.project.rawValue, command.promotion.rawValue)
            content.add(command.step.map { "\($0)" } ?? "")
            content.add(ValueMessage(command.value).encoded())
        case .abortPromotion(let command):
            content.add("abort", command.project.rawValue, command.promotion.rawValue)
        case .finishVerification(let command):
            content.add("finish-verification", command.project.rawValue, command.promotion.rawValue)
            content.add("\(command.started.rawValue)")
            for step in command.steps { content.add(step.encoded()) }
        default: preconditionFailure("not a command about the performing of a promotion")
        }
    }

    /// Adds a command that records something.
    private func addRecord(to content: inout IdentityEncoder) {
        switch self {
        case .reportHealth(let command):
            content.add("health", command.project.rawValue, command.stage.rawValue)
            content.add("\(command.health.rawValue)", command.message ?? "")
        case .setProjectMode(let command):
            content.add("mode", command.project.rawValue, "\(command.mode.rawValue)")
        case .setBookmark(let command):
            content.add("bookmark", command.project.rawValue, command.name)
            content.add(command.position.map { "\($0.rawValue)" } ?? "")
        case .recordNote(let command):
            content.add("note", command.project.rawValue, command.subject.rawValue, command.text)
        default: preconditionFailure("not a command that records something")
        }
    }
}

extension VersionChoice {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add(artifact)
        switch version {
        case .named(let text): content.add("named", text)
        case .resolved(let artifact):
            content.add("resolved")
            content.add(artifact.encoded())
        }
    }
}

extension RequestPromotion {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("promote", project.rawValue, stage.rawValue)
        content.add("\(kind.rawValue)", "\(allowRegression)", "\(now)", "\(verifiedOnly)")
        switch selection {
        case .named(let references):
            content.add("named")
            for reference in references { content.add(reference) }
        case .from(let stage, let origin):
            content.add("from", stage.rawValue, origin?.rawValue ?? "")
        }
    }
}

extension PromoteDownstream {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("promote-downstream", project.rawValue, stage.rawValue, "\(verifiedOnly)")
    }
}

extension RestoreProject {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("restore", project.rawValue, "\(position.rawValue)")
        content.add("\(partial)", "\(allowsQuarantined)")
    }
}

extension RollBackStage {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("rollback", project.rawValue, stage.rawValue, origin?.rawValue ?? "")
        content.add("\(partial)")
        switch target {
        case .previous: content.add("previous")
        case .position(let position): content.add("position", "\(position.rawValue)")
        case .collection(let prefix): content.add("collection", prefix)
        case .freight(let reference): content.add("freight", reference)
        }
        if allowsQuarantined { content.add("allow-quarantined") }
    }
}

extension ReportVerification {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("verification", project.rawValue, result.rawValue)
        switch target {
        case .open(let stage): content.add("open", stage?.rawValue ?? "")
        case .promotion(let name): content.add("promotion", name.rawValue)
        case .collection(let prefix, let stage):
            content.add("collection", prefix, stage?.rawValue ?? "")
        }
        content.add(evidence ?? "", message ?? "")
    }
}

extension RollBackJunction {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("rollback-junction", project.rawValue, junction.rawValue)
        content.add(origin?.rawValue ?? "", "\(partial)")
        switch target {
        case .previous: content.add("previous")
        case .position(let position): content.add("position", "\(position.rawValue)")
        case .bundle(let reference): content.add("bundle", reference)
        }
    }
}

extension Resource {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add(project.rawValue, specification.title)
        switch specification {
        case .project: break
        case .projectConfig(let spec): content.add(spec.encoded())
        case .warehouse(_, let spec): content.add(spec.encoded())
        case .stage(_, let spec): content.add(spec.encoded())
        case .junction(_, let spec): content.add(spec.encoded())
        case .task(_, let spec), .clusterTask(_, let spec): content.add(spec.encoded())
        case .cluster(let spec): content.add(spec.encoded())
        }
    }
}

extension IdentityEncoder {
    fileprivate mutating func add(_ parts: String...) {
        for part in parts { add(part) }
    }

    /// Adds encoded bytes as their digest, so that a part is text.
    fileprivate mutating func add(_ bytes: [UInt8]) {
        add(Digest.sha256(bytes).hex)
    }
}
