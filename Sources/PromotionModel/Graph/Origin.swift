import Wire

/// Where freight comes from: `Warehouse/<name>` or `Junction/<name>`.
package struct Origin: Identifier {
    package let rawValue: String

    /// What kind of thing the origin is.
    package enum Kind: String, Sendable, CaseIterable {
        case warehouse = "Warehouse"
        case junction = "Junction"
    }

    package init?(rawValue: String) {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, Kind(rawValue: String(parts[0])) != nil,
            NameRule.isName(String(parts[1]))
        else { return nil }
        self.rawValue = rawValue
    }

    package init(unchecked: String) { rawValue = unchecked }

    /// The origin that is a warehouse.
    package static func warehouse(_ name: WarehouseName) -> Origin {
        Origin(unchecked: "Warehouse/\(name.rawValue)")
    }

    /// The origin that is a junction.
    package static func junction(_ name: JunctionName) -> Origin {
        Origin(unchecked: "Junction/\(name.rawValue)")
    }

    package var kind: Kind { rawValue.utf8.first == UInt8(ascii: "J") ? .junction : .warehouse }

    /// The name behind the slash.
    package var name: String {
        String(rawValue.drop { $0 != "/" }.dropFirst())
    }

    /// The warehouse, if it is one.
    package var warehouse: WarehouseName? {
        kind == .warehouse ? WarehouseName(unchecked: name) : nil
    }

    /// The junction, if it is one.
    package var junction: JunctionName? {
        kind == .junction ? JunctionName(unchecked: name) : nil
    }
}

/// Something that freight is made available to: `stage/<name>` or `junction/<name>`.
package enum Consumer: Hashable, Sendable {
    case stage(StageName)
    case junction(JunctionName)

    /// The consumer that a subject is; nil for what freight is not made available to.
    package init?(_ subject: Subject) {
        switch subject.kind {
        case .stage: self = .stage(StageName(unchecked: subject.name))
        case .junction: self = .junction(JunctionName(unchecked: subject.name))
        case .project, .warehouse, .freight, .promotion, .task, .clusterTask, .cluster, .token,
            .user, .group, nil:
            return nil
        }
    }

    /// The consumer as a subject.
    package var subject: Subject {
        switch self {
        case .stage(let name): .stage(name)
        case .junction(let name): .junction(name)
        }
    }
}

/// What an event is about: `stage/uat`, `freight/3fa9…`, `promotion/uat.01j….3fa9b21`.
package struct Subject: Identifier {
    package let rawValue: String

    /// The kinds of things in a ledger, spelled as in subjects.
    package enum Kind: String, Sendable, CaseIterable {
        case project, warehouse, stage, junction, freight, promotion, task
        /// A task for everybody.
        case clusterTask = "clustertask"
        /// What holds for all projects.
        case cluster
        /// Who has roles.
        case token, user, group
    }

    package init?(rawValue: String) {
        let parts = rawValue.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, Kind(rawValue: String(parts[0])) != nil, !parts[1].isEmpty else {
            return nil
        }
        self.rawValue = rawValue
    }

    package init(unchecked: String) { rawValue = unchecked }

    private init(_ kind: Kind, _ name: String) { rawValue = "\(kind.rawValue)/\(name)" }

    package static func project(_ name: ProjectName) -> Subject { .init(.project, name.rawValue) }
    package static func warehouse(_ name: WarehouseName) -> Subject {
        .init(.warehouse, name.rawValue)
    }
    package static func stage(_ name: StageName) -> Subject { .init(.stage, name.rawValue) }
    package static func junction(_ name: JunctionName) -> Subject {
        .init(.junction, name.rawValue)
    }
    package static func freight(_ id: FreightID) -> Subject { .init(.freight, id.rawValue) }
    package static func promotion(_ name: PromotionName) -> Subject {
        .init(.promotion, name.rawValue)
    }
    package static func task(_ name: TaskName) -> Subject { .init(.task, name.rawValue) }
    package static func clusterTask(_ name: TaskName) -> Subject {
        .init(.clusterTask, name.rawValue)
    }
    package static let cluster = Subject(.cluster, "cluster")

    /// A task, of the project or for everybody.
    package static func task(_ reference: TaskReference) -> Subject {
        switch reference.kind {
        case .project: .init(.task, reference.name)
        case .cluster: .init(.clusterTask, reference.name)
        }
    }

    /// The kind before the slash; nil only for text that was never checked.
    package var kind: Kind? {
        Kind(rawValue: String(rawValue.prefix { $0 != "/" }))
    }

    /// What stands behind the slash.
    package var name: String {
        String(rawValue.drop { $0 != "/" }.dropFirst())
    }
}
