import PromotionModel
import Requests

extension EndpointTable {
    /// One thing, with its notes.
    static let entities: [Endpoint] =
        [
            .question(
                "/v1/projects/{project}",
                tag: "projects",
                "The project, with its notes.",
                fields: ["at"]
            ) { (asked: inout DescriptionQuestion, names) in
                asked.subject = "project/\(names["project"] ?? "")"
            },
            .question(
                "/v1/clustertasks/{clustertask}",
                tag: "clustertasks",
                "A task that all projects share.",
                fields: ["at"]
            ) { (asked: inout DescriptionQuestion, names) in
                asked.subject = "clustertask/\(names["clustertask"] ?? "")"
            },
        ]
        + [
            ("warehouses", "warehouse", "warehouse/"), ("stages", "stage", "stage/"),
            ("junctions", "junction", "junction/"), ("tasks", "task", "task/"),
            ("freight", "freight", "freight/"), ("promotions", "promotion", "promotion/"),
            ("bookmarks", "bookmark", "bookmark/"),
        ].map { list, name, prefix in
            .question(
                "/v1/projects/{project}/\(list)/{\(name)}",
                tag: list,
                "The \(name), with its notes.",
                fields: ["at"],
                nature: name == "freight" ? .timely : .short
            ) { (asked: inout DescriptionQuestion, names) in
                asked.subject = prefix + (names[name] ?? "")
            }
        }
}
