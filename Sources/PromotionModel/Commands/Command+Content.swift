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
            for resource in command.resources { resource.add(to: &content) }
        case .recordDiscovery(let command):
            content.add("discovery", command.project.rawValue, command.warehouse.rawValue)
            for finding in command.findings { content.add(finding.encoded()) }
        case .recordDiscoveryFailure(let command):
            content.add("discovery-failure", command.project.rawValue, command.warehouse.rawValue)
            content.add(command.message)
        case .createFreight(let command):
            content.add("create-freight", command.project.rawValue, command.warehouse.rawValue)
        case .collectFreight(let command):
            content.add("collect", command.project.rawValue, command.junction.rawValue)
            for freight in command.freight { content.add(freight) }
        case .repackage(let command):
            content.add("repackage", command.project.rawValue, command.junction.rawValue)
            content.add(command.alias ?? "")
        case .requestPromotion(let command):
            command.add(to: &content)
        case .rollBackStage(let command):
            command.add(to: &content)
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
        case .abortPromotion(let command):
            content.add("abort", command.project.rawValue, command.promotion.rawValue)
        case .resumeAutomation(let command):
            content.add("resume", command.project.rawValue, command.stage.rawValue)
            content.add(command.origin?.rawValue ?? "")
        }
    }
}

extension RequestPromotion {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("promote", project.rawValue, stage.rawValue)
        content.add("\(kind.rawValue)", "\(allowRegression)")
        switch selection {
        case .named(let references):
            content.add("named")
            for reference in references { content.add(reference) }
        case .from(let stage, let origin):
            content.add("from", stage.rawValue, origin?.rawValue ?? "")
        }
    }
}

extension RollBackStage {
    fileprivate func add(to content: inout IdentityEncoder) {
        content.add("rollback", project.rawValue, stage.rawValue, origin?.rawValue ?? "")
        switch target {
        case .previous: content.add("previous")
        case .position(let position): content.add("position", "\(position.rawValue)")
        case .collection(let prefix): content.add("collection", prefix)
        case .freight(let reference): content.add("freight", reference)
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
