import EventLog
import PromotionModel
import Wire

/// Everything that facts say, as text lines in a fixed order: equal pictures, equal facts.
enum Picture {
    /// All facts of all projects.
    static func of(_ facts: some Facts) throws(FactsFailure) -> [String] {
        var lines: [String] = []
        for project in try facts.projects() {
            lines.append("project \(project) \(bytes(try facts.project(project)))")
            lines += try configuration(facts, project)
            lines += try freight(facts, project)
            lines += try promotions(facts, project)
        }
        return lines
    }

    private static func configuration(
        _ facts: some Facts,
        _ project: ProjectName
    ) throws(FactsFailure) -> [String] {
        var lines: [String] = []
        for name in try facts.warehouses(in: project) {
            lines.append("warehouse \(name) \(bytes(try facts.warehouse(name, in: project)))")
            lines.append("\(name) saw \(bytes(try facts.warehouseState(name, in: project)))")
        }
        for name in try facts.stages(in: project) {
            lines.append("stage \(name) \(bytes(try facts.stage(name, in: project)))")
            lines.append("\(name) is \(bytes(try facts.stageState(name, in: project)))")
        }
        for name in try facts.junctions(in: project) {
            lines.append("junction \(name) \(bytes(try facts.junction(name, in: project)))")
            lines.append("\(name) holds \(bytes(try facts.junctionState(name, in: project)))")
        }
        return lines
    }

    private static func freight(
        _ facts: some Facts,
        _ project: ProjectName
    ) throws(FactsFailure) -> [String] {
        var lines: [String] = []
        let warehouses = try facts.warehouses(in: project).map { Origin.warehouse($0) }
        let junctions = try facts.junctions(in: project).map { Origin.junction($0) }
        for origin in warehouses + junctions {
            let entries = try facts.freight(
                of: origin,
                in: project,
                before: Position(rawValue: .max),
                limit: .max
            )
            for entry in entries {
                let status = try facts.freightStatus(entry.freight, in: project)
                let prefix = String(entry.freight.rawValue.prefix(12))
                let found = try facts.freight(withPrefix: prefix, in: project, limit: 5)
                let alias = try facts.freight(withAlias: status.alias, in: project)
                let core = try facts.freight(entry.freight, in: project)
                lines.append("\(entry.position) of \(origin): \(bytes(core)) \(bytes(status))")
                lines.append("\(prefix) finds \(found), \(status.alias) \(alias as Any)")
            }
        }
        return lines
    }

    private static func promotions(
        _ facts: some Facts,
        _ project: ProjectName
    ) throws(FactsFailure) -> [String] {
        var lines: [String] = []
        let all = Position(rawValue: .max)
        for stage in try facts.stages(in: project) {
            for entry in try facts.promotions(of: stage, in: project, before: all, limit: .max) {
                let core = try facts.promotion(entry.promotion, in: project)
                let state = try facts.promotionState(entry.promotion, in: project)
                lines.append("\(entry.position) \(bytes(core)) \(bytes(state))")
                for index in state.plan.indices {
                    let step = try facts.step(UInt64(index), of: entry.promotion, in: project)
                    lines.append("step \(index) \(bytes(step))")
                }
            }
            for entry in try facts.collections(of: stage, in: project, before: all, limit: .max) {
                lines.append("\(stage) ran \(entry.promotion) from \(entry.position)")
                let state = try facts.promotionState(entry.promotion, in: project)
                let prefix = String(state.collection?.id.rawValue.prefix(8) ?? "")
                let matches = try facts.collections(withPrefix: prefix, in: project, limit: 9)
                lines.append("\(prefix) is \(matches)")
            }
        }
        return lines
    }

    private static func bytes(_ message: (some Message)?) -> String {
        guard let message else { return "nothing" }
        return Digest.sha256(message.encoded()).hex
    }
}
