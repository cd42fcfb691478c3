import EventLog
import Expressions
import Ledger
import PromotionModel

/// Makes the pages of `describe` from what programs get.
struct Description {
    let display: Display
    /// What is described, as `describe -o json` shows it.
    let value: Value

    /// The whole page.
    func page() throws -> DescriptionPage {
        let name = value.said("name") ?? ""
        switch value.said("kind") {
        case "Stage": return try stage(name)
        case "Junction": return try junction(name)
        case "Freight": return try freight()
        case "Promotion": return try promotion(name)
        case "Warehouse": return try warehouse(name)
        case "Bookmark": return bookmark(name)
        case "Event": return event()
        case "PromotionTask": return task(heading("task/\(name)"))
        case "ClusterPromotionTask": return task("clustertask/\(name)")
        case "ClusterConfig": return cluster()
        default: return try project(name)
        }
    }

    /// `stage/prod of project shop`.
    func heading(_ subject: String) -> String {
        "\(subject) of project \(value.said("project") ?? "")"
    }

    /// How long ago something was, behind its time; nothing where there is no time.
    func since(_ time: String?) -> String? {
        guard let time else { return nil }
        guard let past = Timestamp(text: time) else { return time }
        return "\(time) (\(display.age(past)) ago)"
    }

    /// Freight by its alias, for people.
    func freight(_ id: String?) throws -> String {
        try display.name(id.map { FreightID(unchecked: $0) })
    }

    private func project(_ name: String) throws -> DescriptionPage {
        var page = DescriptionPage("project/\(name)")
        page.field("Mode", value.said("mode"))
        for kind in ["warehouses", "stages", "junctions"] {
            page.field(kind.prefix(1).uppercased() + kind.dropFirst(), value.said(kind))
        }
        if let restore = value["restore"], !restore.isNull {
            page.table(
                "Restore to \(restore.position("to") ?? "-"), asked for at "
                    + "\(restore.position("position") ?? "-")",
                ["STAGE", "PROMOTION", "LEVEL"],
                restore.items("stages").map { item in
                    ["stage", "promotion", "level"].map { item.said($0) ?? "-" }
                }
            )
        }
        return page
    }

    private func warehouse(_ name: String) throws -> DescriptionPage {
        var page = DescriptionPage(heading("warehouse/\(name)"))
        page.field("Last found", since(value.said("at")))
        page.field("Failure", value.said("failure"))
        page.field("Newest freight", try value.said("freight").map { try freight($0) })
        page.field("No freight because", value.said("noFreightBecause"))
        page.table(
            "Subscriptions",
            ["REPOSITORY", "NEWEST", "MESSAGE"],
            value.items("subscriptions").map { url in
                let found = value.items("candidates").first {
                    $0.said("repoURL") == url.stringValue
                }
                let newest = found?.items("artifacts").first.map(ArtifactLine.init)
                return [
                    url.stringValue ?? "", newest?.version ?? "-", newest?.message ?? "",
                ]
            }
        )
        return page
    }

    private func bookmark(_ name: String) -> DescriptionPage {
        var page = DescriptionPage(heading("bookmark @\(name)"))
        page.field("Position", value.position("target"))
        page.field("Time", since(value.said("targetAt")))
        page.field("Set by", value.said("actor"))
        page.field("Set at", since(value.said("at")))
        page.field("Reason", value.said("reason"))
        return page
    }

    private func event() -> DescriptionPage {
        var page = DescriptionPage("event \(value.position("position") ?? "")")
        page.field("Type", value.said("type"))
        page.field("Project", value.said("project"))
        page.field("Subject", value.said("subject"))
        page.field("At", since(value.said("at")))
        page.field("Wall clock", value.said("wallClock"))
        page.field(
            "Actor",
            value.said("actor", "name").map {
                "\($0) (\(value.said("actor", "assurance") ?? "unknown"))"
            }
        )
        page.field("Cause", value.position("cause"))
        page.field("Command", value.said("commandId"))
        page.field("Redacted by", value.position("redaction"))
        if let payload = value["payload"], !payload.isNull { page.section("Payload", payload.yaml) }
        return page
    }
}

/// One artifact, in a few words.
struct ArtifactLine {
    let kind: String
    let repository: String
    let version: String
    /// The first line of what a commit says.
    let message: String

    /// Of an artifact as programs get it.
    init(_ value: Value) {
        let found = ["commit", "image", "chart"].first { value[$0]?.isNull == false }
        kind = found ?? "artifact"
        let artifact = found.flatMap { value[$0] } ?? .null
        repository = artifact.said("repoURL") ?? ""
        let id = artifact.said("id").map { String($0.prefix(7)) }
        version =
            artifact.said("tag") ?? id ?? artifact.said("version") ?? artifact.said("digest") ?? "-"
        message =
            artifact.said("message").flatMap { $0.split(separator: "\n").first }
            .map { String($0) } ?? ""
    }
}
