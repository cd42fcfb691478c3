import EventLog
package import PromotionModel
import Wire

/// Everything that facts say, as lines in a fixed order: equal pictures, equal facts.
package struct Picture: Sendable {
    /// One fact: what it is about, and its bytes.
    package struct Line: Sendable {
        let what: String
        let bytes: [UInt8]
        /// The fact as text, for whoever looks for a difference.
        let text: @Sendable () -> String
    }

    package private(set) var lines: [Line] = []

    /// A picture of all facts of all projects.
    package static func of(_ facts: some Facts) throws(FactsFailure) -> Picture {
        try PictureMaker.everything(facts)
    }

    /// The first line that differs from that of another picture; nil if they are equal.
    package func difference(from other: Picture) -> String? {
        for (left, right) in zip(lines, other.lines)
        where left.what != right.what || left.bytes != right.bytes {
            return "\(left.what): \(left.text()) is not \(right.what): \(right.text())"
        }
        if lines.count == other.lines.count { return nil }
        let longer = lines.count > other.lines.count ? lines : other.lines
        return "\(longer[min(lines.count, other.lines.count)].what) is in one of them only"
    }

    mutating func add(_ what: String, _ message: (some Message)?) {
        lines.append(
            Line(what: what, bytes: message?.encoded() ?? []) {
                message.map { "\($0)".replacing("PromotionModel.", with: "") } ?? "nothing"
            }
        )
    }

    mutating func add(_ what: String, _ text: String) {
        lines.append(Line(what: what, bytes: Array(text.utf8)) { text })
    }

    mutating func add(_ what: String, _ entries: [FreightEntry]) {
        add(what, entries.map { "\($0.position):\($0.freight.short)" }.joined(separator: " "))
    }
}

/// Draws a picture of facts.
struct PictureMaker<F: Facts> {
    let facts: F
    private var picture = Picture()
    private let all = Position(rawValue: .max)

    init(_ facts: F) {
        self.facts = facts
    }

    /// All facts of all projects.
    static func everything(_ facts: F) throws(FactsFailure) -> Picture {
        var maker = PictureMaker(facts)
        for project in try facts.projects() {
            try maker.addStates(of: project)
            try maker.addFreight(of: project)
            try maker.addPromotions(of: project)
        }
        try maker.addAccess()
        return maker.picture
    }

    /// What changes of one project, and its newest freight.
    static func states(
        of project: ProjectName,
        _ facts: F
    ) throws(FactsFailure) -> Picture {
        var maker = PictureMaker(facts)
        try maker.addStates(of: project)
        for origin in try facts.origins(in: project) {
            let newest = try facts.freight(of: origin, in: project, before: maker.all, limit: 3)
            maker.picture.add("newest of \(origin)", newest)
            for entry in newest { try maker.add(entry.freight, of: project) }
        }
        return maker.picture
    }

    private mutating func addAccess() throws(FactsFailure) {
        for name in try facts.tokens() {
            let token = try facts.token(name)
            picture.add("token \(name)", token)
            let found = try facts.token(withDigest: token?.digest ?? "")
            picture.add("token of the digest of \(name)", "\(found as Any)")
        }
        for principal in try facts.principals() {
            picture.add("roles of \(principal)", try facts.roles(of: principal))
        }
    }

    private mutating func addStates(of project: ProjectName) throws(FactsFailure) {
        picture.add("project \(project)", try facts.project(project))
        picture.add("state of \(project)", try facts.projectState(project))
        for name in try facts.bookmarks(in: project) {
            let position = try facts.bookmark(name, in: project)
            picture.add("bookmark \(name)", "\(position as Any)")
        }
        for name in try facts.warehouses(in: project) {
            picture.add("warehouse \(name)", try facts.warehouse(name, in: project))
            picture.add("\(name) saw", try facts.warehouseState(name, in: project))
            try addConsumers(of: .warehouse(name), in: project)
        }
        for name in try facts.stages(in: project) {
            picture.add("stage \(name)", try facts.stage(name, in: project))
            picture.add("\(name) is", try facts.stageState(name, in: project))
            try addConsumers(of: .stage(name), in: project)
        }
        for name in try facts.junctions(in: project) {
            picture.add("junction \(name)", try facts.junction(name, in: project))
            picture.add("\(name) holds", try facts.junctionState(name, in: project))
            try addConsumers(of: .junction(name), in: project)
        }
    }

    private mutating func addConsumers(
        of subject: Subject,
        in project: ProjectName
    ) throws(FactsFailure) {
        let consumers = try facts.consumers(of: subject, in: project)
        picture.add("consumers of \(subject)", consumers.map(\.rawValue).joined(separator: " "))
    }

    private mutating func addFreight(of project: ProjectName) throws(FactsFailure) {
        let stages = try facts.stages(in: project)
        let junctions = try facts.junctions(in: project)
        let consumers: [Consumer] = stages.map { .stage($0) } + junctions.map { .junction($0) }
        for origin in try facts.origins(in: project) {
            let entries = try facts.freight(of: origin, in: project, before: all, limit: .max)
            picture.add("freight of \(origin)", entries)
            for entry in entries { try add(entry.freight, of: project) }
            for stage in stages { try addVerified(in: stage, origin, project) }
            for consumer in consumers {
                picture.add(
                    "\(origin) approved for \(consumer)",
                    try facts.freight(
                        approvedFor: consumer,
                        of: origin,
                        in: project,
                        createdBefore: all,
                        limit: .max
                    )
                )
            }
        }
    }

    private mutating func addVerified(
        in stage: StageName,
        _ origin: Origin,
        _ project: ProjectName
    ) throws(FactsFailure) {
        picture.add(
            "\(origin) verified in \(stage)",
            try facts.freight(
                verifiedIn: stage,
                of: origin,
                in: project,
                createdBefore: all,
                limit: .max
            )
        )
        picture.add(
            "\(origin) verified in \(stage) by time",
            try facts.freight(
                verifiedIn: stage,
                of: origin,
                in: project,
                before: all,
                limit: .max
            )
        )
    }

    private mutating func add(_ id: FreightID, of project: ProjectName) throws(FactsFailure) {
        let core = try facts.freight(id, in: project)
        let status = try facts.freightStatus(id, in: project)
        picture.add("freight \(id.short)", core)
        picture.add("status of \(id.short)", status)
        let prefix = String(id.rawValue.prefix(12))
        let found = try facts.freight(withPrefix: prefix, in: project, limit: 5)
        picture.add("prefix \(prefix)", found.map(\.short).joined(separator: " "))
        let owner = try facts.freight(withAlias: status.alias, in: project)
        picture.add("alias \(status.alias)", owner?.rawValue ?? "nobody's")
        picture.add(
            "bundles with \(id.short)",
            try facts.bundles(holding: id, in: project, before: all, limit: .max)
        )
        for artifact in core?.artifacts ?? [] {
            let key = String(artifact.key.prefix(9))
            picture.add(
                "artifact \(key)",
                try facts.freight(withArtifact: key, in: project, limit: 20)
            )
        }
    }

    private mutating func addPromotions(of project: ProjectName) throws(FactsFailure) {
        for stage in try facts.stages(in: project) {
            for entry in try facts.promotions(of: stage, in: project, before: all, limit: .max) {
                let name = entry.promotion
                let state = try facts.promotionState(name, in: project)
                picture.add("\(entry.position) \(name)", try facts.promotion(name, in: project))
                picture.add("state of \(name)", state)
                for index in state.plan.indices {
                    let step = try facts.step(UInt64(index), of: name, in: project)
                    picture.add("step \(index) of \(name)", step)
                }
            }
            let ran = try facts.collections(of: stage, in: project, before: all, limit: .max)
            let text = ran.map { "\($0.position):\($0.promotion)" }.joined(separator: " ")
            picture.add("\(stage) ran", text)
        }
    }
}

extension Facts {
    /// Everything that freight can come from.
    func origins(in project: ProjectName) throws(FactsFailure) -> [Origin] {
        let warehouses = try warehouses(in: project).map { Origin.warehouse($0) }
        return warehouses + (try junctions(in: project).map { Origin.junction($0) })
    }

    /// Everything that automation may act upon.
    func subjects(in project: ProjectName) throws(FactsFailure) -> [Subject] {
        let warehouses = try warehouses(in: project).map { Subject.warehouse($0) }
        let stages = try stages(in: project).map { Subject.stage($0) }
        return warehouses + stages + (try junctions(in: project).map { Subject.junction($0) })
    }
}
