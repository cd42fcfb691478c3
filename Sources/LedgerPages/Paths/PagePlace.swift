package import PromotionModel

/// Which page it is, without its query.
package enum PagePlace: Hashable, Sendable {
    /// `/`: all projects.
    case projects
    /// `/sign-in`: for who is nobody yet.
    case signIn
    /// `/p/PROJECT`: the pipeline, and with `at` its past.
    case pipeline(ProjectName)
    /// `/p/PROJECT/stages/STAGE`
    case stage(StageName, in: ProjectName)
    /// `/p/PROJECT/junctions/JUNCTION`
    case junction(JunctionName, in: ProjectName)
    /// `/p/PROJECT/warehouses/WAREHOUSE`
    case warehouse(WarehouseName, in: ProjectName)
    /// `/p/PROJECT/freight`: a list, or what was found.
    case freightList(ProjectName)
    /// `/p/PROJECT/freight/FREIGHT`: by id or alias.
    case freight(String, in: ProjectName)
    /// `/p/PROJECT/promotions/PROMOTION`
    case promotion(PromotionName, in: ProjectName)
    /// `/p/PROJECT/grid`: versions by stage.
    case grid(ProjectName)
    /// `/p/PROJECT/audit`: events with their proofs.
    case audit(ProjectName)
    /// `/p/PROJECT/restore`: the plan that brings a whole project back.
    case restore(ProjectName)

    /// The project that the page is about.
    package var project: ProjectName? {
        switch self {
        case .projects, .signIn: nil
        case .pipeline(let project), .freightList(let project), .grid(let project),
            .audit(let project), .restore(let project):
            project
        case .stage(_, let project): project
        case .junction(_, let project): project
        case .warehouse(_, let project): project
        case .freight(_, let project): project
        case .promotion(_, let project): project
        }
    }

    /// The segments of the path.
    var segments: [String] {
        switch self {
        case .projects: []
        case .signIn: ["sign-in"]
        case .pipeline(let project): ["p", project.rawValue]
        case .stage(let name, let project): ["p", project.rawValue, "stages", name.rawValue]
        case .junction(let name, let project):
            ["p", project.rawValue, "junctions", name.rawValue]
        case .warehouse(let name, let project):
            ["p", project.rawValue, "warehouses", name.rawValue]
        case .freightList(let project): ["p", project.rawValue, "freight"]
        case .freight(let name, let project): ["p", project.rawValue, "freight", name]
        case .promotion(let name, let project):
            ["p", project.rawValue, "promotions", name.rawValue]
        case .grid(let project): ["p", project.rawValue, "grid"]
        case .audit(let project): ["p", project.rawValue, "audit"]
        case .restore(let project): ["p", project.rawValue, "restore"]
        }
    }

    /// The place that these segments name; nil if they name none.
    init?(segments: [String]) {
        switch segments.first {
        case nil: self = .projects
        case "sign-in" where segments.count == 1: self = .signIn
        case "p" where segments.count >= 2:
            guard let project = ProjectName(rawValue: segments[1]) else { return nil }
            self.init(Array(segments.dropFirst(2)), in: project)
        default: return nil
        }
    }

    private init?(_ segments: [String], in project: ProjectName) {
        guard segments.count <= 2 else { return nil }
        switch (segments.first, segments.dropFirst().first) {
        case (nil, nil): self = .pipeline(project)
        case ("freight", nil): self = .freightList(project)
        case ("grid", nil): self = .grid(project)
        case ("audit", nil): self = .audit(project)
        case ("restore", nil): self = .restore(project)
        case ("stages", let name?):
            guard let name = StageName(rawValue: name) else { return nil }
            self = .stage(name, in: project)
        case ("junctions", let name?):
            guard let name = JunctionName(rawValue: name) else { return nil }
            self = .junction(name, in: project)
        case ("warehouses", let name?):
            guard let name = WarehouseName(rawValue: name) else { return nil }
            self = .warehouse(name, in: project)
        case ("promotions", let name?):
            guard let name = PromotionName(rawValue: name) else { return nil }
            self = .promotion(name, in: project)
        case ("freight", let name?):
            guard !name.isEmpty, name.utf8.count <= 253 else { return nil }
            self = .freight(name, in: project)
        default: return nil
        }
    }
}
