import Expressions

/// Which shape each endpoint answers with.
enum AnswerShapes {
    /// The status of success, and its content by type.
    static func content(of endpoint: Endpoint) -> (status: String, content: [String: Value]) {
        switch endpoint.path {
        case "/login": return ("303", [:])
        case "/v1/logout": return ("204", [:])
        case "/v1/login-links": return ("201", json("Link"))
        case "/v1/ledger/checkpoints": return ("201", json("Checkpoint"))
        case "/v1/hooks/{project}/{hook}":
            return (
                "202",
                ["application/json": ["schema": anyOf(["WebhookLooks", "WebhookAnswer"])]]
            )
        case "/v1/tokens" where endpoint.method == .post:
            return ("200", json(of: anyOf(["IssuedToken", "Receipt", "DryRun"])))
        case "/health": return ("200", json("Health"))
        case "/ready": return ("200", json("Readiness"))
        case "/metrics", "/checkpoint": return ("200", text("text/plain"))
        case "/v1/events": return ("200", text("text/event-stream"))
        case "/v1/validate": return ("200", json("Validation"))
        case "/tile/{tile}":
            return ("200", ["application/octet-stream": ["schema": [:]]])
        case "/v1/projects/{project}/audit/evidence",
            "/v1/projects/{project}/audit/population/folder":
            return ("200", ["application/x-tar": ["schema": [:]]])
        default: break
        }
        let schema: Value =
            endpoint.path.hasSuffix("/discover")
            ? reference("WarehouseLooks")
            : endpoint.method == .post
                ? anyOf(["Receipt", "DryRun"]) : schema(of: endpoint.path)
        return (
            "200",
            [
                "application/json": ["schema": schema],
                "text/plain": ["schema": ["type": "string"]],
                "application/yaml": ["schema": ["type": "string"]],
            ]
        )
    }

    private static func json(of schema: Value) -> [String: Value] {
        [
            "application/json": ["schema": schema],
            "text/plain": ["schema": ["type": "string"]],
            "application/yaml": ["schema": ["type": "string"]],
        ]
    }

    private static func json(_ name: String) -> [String: Value] {
        ["application/json": ["schema": reference(name)]]
    }

    private static func text(_ type: String) -> [String: Value] {
        [type: ["schema": ["type": "string"]]]
    }

    private static func reference(_ name: String) -> Value {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    private static func anyOf(_ names: [String]) -> Value {
        ["anyOf": .array(names.map(reference))]
    }

    /// What a list has in it, by the last word of its path.
    private static let items: [String: String] = [
        "projects": "Project", "clustertasks": "Task", "clusterconfigs": "ClusterConfig",
        "warehouses": "Warehouse", "stages": "Stage", "junctions": "Junction", "tasks": "Task",
        "projectconfigs": "ProjectConfig", "bookmarks": "Bookmark", "freight": "Freight",
        "promotions": "Promotion", "events": "Event", "population": "Change",
        "sample": "Change", "tokens": "Token", "roles": "Role", "blame": "BlameLine",
        "trace": "Trace",
    ]

    /// What other paths answer, by their last word.
    private static let single: [String: String] = [
        "preview": "Preview", "diff": "Difference", "delivery": "DeliveryMetrics",
        "ledger": "Ledger", "key": "SigningKeys", "checkpoint": "Checkpoint", "proof": "Proof",
        "{project}": "Project", "{clustertask}": "Task",
        "{warehouse}": "Warehouse", "{stage}": "Stage", "{junction}": "Junction",
        "{task}": "Task", "{freight}": "Freight", "{promotion}": "Promotion",
        "{bookmark}": "Bookmark", "{position}": "Event",
    ]

    /// What is only ever a line of a list.
    private static let linesOnly: Set<String> = ["Change", "BlameLine", "Trace"]

    private static func schema(of path: String) -> Value {
        let word = String(path.split(separator: "/").last ?? "")
        if word == "explain" { return anyOf(ShapeTable.explanationNames) }
        if word == "describe" {
            return anyOf(Set(items.values).union(["Event"]).subtracting(linesOnly).sorted())
        }
        if path == "/v1/projects/{project}/history" {
            return ["anyOf": [list("StageHistoryEntry"), list("JunctionHistoryEntry")]]
        }
        if word == "history" {
            return list(path.contains("/stages/") ? "StageHistoryEntry" : "JunctionHistoryEntry")
        }
        if let name = single[word] { return reference(name) }
        guard let item = items[word] else {
            preconditionFailure("no shape is written down for \(path)")
        }
        // One of them, where it was asked for by name.
        guard path.split(separator: "/").count <= 4, !path.contains("/audit/"),
            !["blame", "trace", "tokens", "roles"].contains(word)
        else { return list(item) }
        return ["anyOf": [list(item), reference(item)]]
    }

    private static func list(_ item: String) -> Value {
        [
            "type": "object", "additionalProperties": false,
            "required": ["items", "position"],
            "properties": [
                "items": ["type": "array", "items": reference(item)],
                "position": ["type": "integer"], "next": ["type": "string"],
            ],
        ]
    }
}
