import EventLog
import Wire

// What tells commands about freight and junctions apart.

extension CreateFreight {
    func add(to content: inout IdentityEncoder) {
        content.add("create-freight", project.rawValue, warehouse.rawValue)
    }
}

extension AssembleFreight {
    func add(to content: inout IdentityEncoder) {
        content.add("assemble", project.rawValue, warehouse.rawValue)
        for choice in versions { choice.add(to: &content) }
    }
}

extension DeriveFreight {
    func add(to content: inout IdentityEncoder) {
        content.add("derive", project.rawValue, freight)
        for choice in versions { choice.add(to: &content) }
    }
}

extension SetFreightAlias {
    func add(to content: inout IdentityEncoder) {
        content.add("alias", project.rawValue, freight, alias)
    }
}

extension SetFreightMetadata {
    func add(to content: inout IdentityEncoder) {
        content.add("metadata", project.rawValue, freight, key)
        content.add(ValueMessage(value).encoded())
        content.add(promotion?.rawValue ?? "")
    }
}

extension ApproveFreight {
    func add(to content: inout IdentityEncoder) {
        content.add("approve", project.rawValue, freight)
        content.add(consumer.subject.rawValue)
    }
}

extension RevokeApproval {
    func add(to content: inout IdentityEncoder) {
        content.add("revoke", project.rawValue, freight)
        content.add(consumer.subject.rawValue)
    }
}

extension QuarantineFreight {
    func add(to content: inout IdentityEncoder) {
        content.add("quarantine", project.rawValue, freight)
    }
}

extension LiftQuarantine {
    func add(to content: inout IdentityEncoder) {
        content.add("unquarantine", project.rawValue, freight)
    }
}

extension CollectFreight {
    func add(to content: inout IdentityEncoder) {
        content.add("collect", project.rawValue, junction.rawValue)
        for freight in freight { content.add(freight) }
    }
}

extension Repackage {
    func add(to content: inout IdentityEncoder) {
        content.add("repackage", project.rawValue, junction.rawValue)
        content.add(alias ?? "")
    }
}

extension ResumeCollection {
    func add(to content: inout IdentityEncoder) {
        content.add("resume-collection", project.rawValue, junction.rawValue)
        content.add(origin?.rawValue ?? "")
    }
}

extension RollBackJunction {
    func add(to content: inout IdentityEncoder) {
        content.add("rollback-junction", project.rawValue, junction.rawValue)
        content.add(origin?.rawValue ?? "", "\(partial)")
        switch target {
        case .previous: content.add("previous")
        case .position(let position): content.add("position", "\(position.rawValue)")
        case .bundle(let reference): content.add("bundle", reference)
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
