import PromotionModel
import Requests

extension EndpointTable {
    /// What is asked about the past, and about why.
    static let questions: [Endpoint] = [
        history("stages", "stage", "Everything that the stage ran, newest first.", fields: []),
        history(
            "junctions",
            "junction",
            "Everything that the junction made, newest first.",
            fields: ["slots"]
        ),
        .question(
            "/v1/projects/{project}/stages/{stage}/blame",
            tag: "stages",
            "Who put each component where it is, when and why.",
            fields: ["at"],
            nature: .long
        ) { (asked: inout BlameQuestion, names) in
            asked.stage = names["stage"] ?? ""
        },
        .question(
            "/v1/projects/{project}/junctions/{junction}/preview",
            tag: "junctions",
            "The junction's next bundle, compared with every stage that would take it.",
            fields: ["at", "against"],
            nature: .timely
        ) { (asked: inout PreviewQuestion, names) in
            asked.junction = names["junction"] ?? ""
        },
        .question(
            "/v1/projects/{project}/diff",
            tag: "questions",
            "What differs between two combinations, artifact by artifact.",
            fields: ["at", "from", "to"],
            nature: .long
        ) { (_: inout DifferenceQuestion, _) in },
        .question(
            "/v1/projects/{project}/trace",
            tag: "questions",
            "Where an artifact or freight came from, and where it has been.",
            fields: ["at", "limit", "cursor", "what"],
            nature: .long
        ) { (_: inout TraceQuestion, _) in },
        .question(
            "/v1/projects/{project}/explain",
            tag: "questions",
            "Why something is so, and what would change it.",
            fields: ["at", "limit", "cursor", "subject"],
            nature: .long
        ) { (_: inout ExplanationQuestion, _) in },
        events("/v1/audit/events", "Events of all projects that fit, newest first."),
        events("/v1/projects/{project}/audit/events", "Events of the project that fit."),
        period("population", "Every change of a stage in a period.") {
            (_: inout PopulationQuestion, _) in
        },
        period("sample", "A sample of these changes that anybody can draw again.") {
            (_: inout SampleQuestion, _) in
        },
        .question(
            "/v1/projects/{project}/metrics/delivery",
            tag: "questions",
            "How well a stage is delivered to: frequency, lead time, failures, restoration.",
            fields: ["stage", "from", "to"],
            nature: .long
        ) { (_: inout DeliveryMetricsQuestion, _) in },
    ]

    /// The same with all in the query, for who has no list of what stands where in paths.
    static let spoken: [Endpoint] = [
        .spoken(
            DescriptionQuestion.self,
            "One thing, such as stage/prod, with its notes.",
            .timely
        ),
        .spoken(HistoryQuestion.self, "Everything that a stage ran, or a junction made.", .long),
        .spoken(BlameQuestion.self, "Who put each component where it is.", .long),
        .spoken(PreviewQuestion.self, "A junction's next bundle.", .timely),
    ]

    private static func history(
        _ list: String,
        _ name: String,
        _ summary: String,
        fields: [String]
    ) -> Endpoint {
        .question(
            "/v1/projects/{project}/\(list)/{\(name)}/history",
            tag: list,
            summary,
            fields: ["at", "limit", "cursor"] + fields,
            nature: .long
        ) { (asked: inout HistoryQuestion, names) in
            asked.subject = "\(name)/\(names[name] ?? "")"
        }
    }

    private static func events(_ path: String, _ summary: String) -> Endpoint {
        .question(
            path,
            tag: "audit",
            summary,
            fields: EventsQuestion.fields.map(\.name),
            nature: .long
        ) { (_: inout EventsQuestion, _) in }
    }

    private static func period<Asked: PeriodQuestion>(
        _ name: String,
        _ summary: String,
        _ fill: @escaping @Sendable (inout Asked, [String: String]) throws -> Void
    ) -> Endpoint {
        .question(
            "/v1/projects/{project}/audit/\(name)",
            tag: "audit",
            summary,
            fields: Asked.fields.map(\.name),
            nature: .long,
            fill
        )
    }
}
