import PromotionModel
import Requests

extension EndpointTable {
    /// What there is, a page at a time.
    static let lists: [Endpoint] = [
        list("/v1/projects", .projects, "The projects, with how much is configured in them."),
        list("/v1/clustertasks", .clustertasks, "The tasks that all projects share."),
        list("/v1/clusterconfigs", .clusterconfigs, "What holds for all projects."),
        inProject(.warehouses, "The warehouses, with what they found last."),
        inProject(.stages, "The stages: what each runs, since when, and what is under way."),
        inProject(.junctions, "The junctions, with their slots and their bundle."),
        inProject(.tasks, "The tasks of the project."),
        inProject(.projectconfigs, "How automation of the project is set."),
        inProject(.bookmarks, "The names of moments."),
        inProject(.events, "Events of the project, newest first."),
        inProject(
            .freight,
            "Freight, newest first; narrowed by one of stage, origin and availableTo.",
            fields: ["stage", "origin", "availableTo"],
            nature: .timely
        ),
        inProject(
            .promotions,
            "Promotions, newest first.",
            fields: ["stage", "phase", "kind"]
        ),
    ]

    private static func inProject(
        _ kind: ListedKind,
        _ summary: String,
        fields: [String] = [],
        nature: Endpoint.Nature = .short
    ) -> Endpoint {
        list(
            "/v1/projects/{project}/\(kind.rawValue)",
            kind,
            summary,
            fields: fields,
            nature: nature
        )
    }

    private static func list(
        _ path: String,
        _ kind: ListedKind,
        _ summary: String,
        fields: [String] = [],
        nature: Endpoint.Nature = .short
    ) -> Endpoint {
        .question(
            path,
            tag: kind.rawValue,
            summary,
            fields: ["at", "limit", "cursor", "name"] + fields,
            nature: nature
        ) { (asked: inout ListQuestion, _) in
            asked.kind = kind
        }
    }
}
