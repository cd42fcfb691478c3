import EventLog
import Wire

// What tells commands apart that configure, or record what was found, said or granted.

extension ApplyManifests {
    func add(to content: inout IdentityEncoder) {
        content.add("apply")
        if prune { content.add("prune") }
        for resource in resources { resource.add(to: &content) }
    }
}

extension RecordDiscovery {
    func add(to content: inout IdentityEncoder) {
        content.add("discovery", project.rawValue, warehouse.rawValue)
        for finding in findings { content.add(finding.encoded()) }
    }
}

extension RecordDiscoveryFailure {
    func add(to content: inout IdentityEncoder) {
        content.add("discovery-failure", project.rawValue, warehouse.rawValue)
        content.add(message)
    }
}

extension ReportHealth {
    func add(to content: inout IdentityEncoder) {
        content.add("health", project.rawValue, stage.rawValue)
        content.add("\(health.rawValue)", message ?? "")
    }
}

extension SetProjectMode {
    func add(to content: inout IdentityEncoder) {
        content.add("mode", project.rawValue, "\(mode.rawValue)")
    }
}

extension SetBookmark {
    func add(to content: inout IdentityEncoder) {
        content.add("bookmark", project.rawValue, name)
        content.add(position.map { "\($0.rawValue)" } ?? "")
    }
}

extension RecordNote {
    func add(to content: inout IdentityEncoder) {
        content.add("note", project.rawValue, subject.rawValue, text)
    }
}

extension DeleteResource {
    func add(to content: inout IdentityEncoder) {
        content.add("delete", project.rawValue, resource.rawValue)
    }
}

extension IssueToken {
    func add(to content: inout IdentityEncoder) {
        content.add("issue-token", token.rawValue, digest)
        switch end {
        case .never: content.add("never")
        case .after(let milliseconds): content.add("after", "\(milliseconds)")
        case .at(let time): content.add("at", "\(time.rawValue)")
        }
        for grant in grants { content.add(grant.encoded()) }
    }
}

extension RevokeToken {
    func add(to content: inout IdentityEncoder) {
        content.add("revoke-token", token.rawValue)
    }
}

extension GrantRole {
    func add(to content: inout IdentityEncoder) {
        content.add("grant-role", principal.rawValue)
        content.add(grant.encoded())
    }
}

extension RevokeRole {
    func add(to content: inout IdentityEncoder) {
        content.add("revoke-role", principal.rawValue, role.name)
        content.add(project.rawValue)
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
