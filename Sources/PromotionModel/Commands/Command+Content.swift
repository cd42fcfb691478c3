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
    ///
    /// A field that a later version adds is added where it is said only: what earlier ones wrote
    /// keeps its hash.
    fileprivate func add(to content: inout IdentityEncoder) {
        switch self {
        case .applyManifests(let command): command.add(to: &content)
        case .recordDiscovery(let command): command.add(to: &content)
        case .recordDiscoveryFailure(let command): command.add(to: &content)
        case .createFreight(let command): command.add(to: &content)
        case .assembleFreight(let command): command.add(to: &content)
        case .deriveFreight(let command): command.add(to: &content)
        case .setFreightAlias(let command): command.add(to: &content)
        case .setFreightMetadata(let command): command.add(to: &content)
        case .approveFreight(let command): command.add(to: &content)
        case .revokeApproval(let command): command.add(to: &content)
        case .quarantineFreight(let command): command.add(to: &content)
        case .liftQuarantine(let command): command.add(to: &content)
        case .collectFreight(let command): command.add(to: &content)
        case .repackage(let command): command.add(to: &content)
        case .requestPromotion(let command): command.add(to: &content)
        case .promoteDownstream(let command): command.add(to: &content)
        case .rollBackStage(let command): command.add(to: &content)
        case .restoreProject(let command): command.add(to: &content)
        case .startPromotion(let command): command.add(to: &content)
        case .takeOverPromotion(let command): command.add(to: &content)
        case .startStep(let command): command.add(to: &content)
        case .finishStep(let command): command.add(to: &content)
        case .requestInput(let command): command.add(to: &content)
        case .giveInput(let command): command.add(to: &content)
        case .abortPromotion(let command): command.add(to: &content)
        case .resumeAutomation(let command): command.add(to: &content)
        case .reportVerification(let command): command.add(to: &content)
        case .finishVerification(let command): command.add(to: &content)
        case .reportHealth(let command): command.add(to: &content)
        case .setProjectMode(let command): command.add(to: &content)
        case .setBookmark(let command): command.add(to: &content)
        case .recordNote(let command): command.add(to: &content)
        case .resumeCollection(let command): command.add(to: &content)
        case .rollBackJunction(let command): command.add(to: &content)
        case .deleteResource(let command): command.add(to: &content)
        case .issueToken(let command): command.add(to: &content)
        case .revokeToken(let command): command.add(to: &content)
        case .grantRole(let command): command.add(to: &content)
        case .revokeRole(let command): command.add(to: &content)
        }
    }
}

extension IdentityEncoder {
    mutating func add(_ parts: String...) {
        for part in parts { add(part) }
    }

    /// Adds encoded bytes as their digest, so that a part is text.
    mutating func add(_ bytes: [UInt8]) {
        add(Digest.sha256(bytes).hex)
    }
}
