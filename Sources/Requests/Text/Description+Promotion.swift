import Expressions
import PromotionModel

extension Description {
    /// What was asked for, how far it is, what changes, and each step.
    func promotion(_ name: String) throws -> DescriptionPage {
        var page = DescriptionPage(heading("promotion/\(name)"))
        page.field("Stage", value.said("stage"))
        page.field("Kind", value.said("promotionKind"))
        page.field("Phase", value.said("phase"))
        page.field("Message", value.said("message"))
        let brought = (value.items("freight") + value.items("coalesced")).map(\.stringValue)
        page.field("Freight", try brought.map { try freight($0) }.joined(separator: ", "))
        page.field("Only origin", value.said("origin"))
        page.field("Requested by", value.said("actor"))
        page.field("Reason", value.said("reason"))
        page.field("Requested", since(value.said("at")))
        page.field("Part of restore", value.position("restore"))
        page.field("Started", since(value.said("startedAt")))
        page.field("Finished", since(value.said("finishedAt")))
        if let attempt = value["attempt"]?.intValue, attempt > 1 {
            page.field("Attempt", "\(attempt)")
        }
        if let awaited = value["awaited"], !awaited.isNull, awaited["given"] != .bool(true) {
            let place = awaited.said("url").map { " (\($0))" } ?? ""
            page.field(
                "Waits since",
                "\(awaited.said("since") ?? "-"): \(awaited.said("message") ?? "")\(place)"
            )
        }
        page.field("Collection", value.said("collection").map { String($0.prefix(7)) })
        page.field(
            "Verification",
            value["verification"].flatMap { record in
                record.said("result").map { "\($0) at \(record.said("at") ?? "-")" }
            }
        )
        page.table(
            "Changes",
            ["COMPONENT", "CHANGE", "FROM", "TO", "FREIGHT"],
            value.items("changes").map { change in
                let uncertain = change["uncertain"] == .bool(true) ? ", uncertain" : ""
                return [
                    change["origin"]?.said("name") ?? "-",
                    (change.said("change") ?? "-") + uncertain,
                    change.said("from", "version") ?? "-", change.said("to", "version") ?? "-",
                    change.said("to", "alias") ?? change.said("from", "alias") ?? "-",
                ]
            }
        )
        addSteps(to: &page)
        return page
    }

    private func addSteps(to page: inout DescriptionPage) {
        page.table(
            "Steps",
            ["STEP", "USES", "STATUS", "STARTED", "FINISHED", "MESSAGE"],
            value.items("steps").map { step in
                ["alias", "uses", "status", "startedAt", "finishedAt"].map {
                    step.said($0) ?? "-"
                } + [step.said("message") ?? ""]
            }
        )
        page.table(
            "Verification steps",
            ["STEP", "USES", "STATUS", "MESSAGE"],
            (value["verification"]?.items("steps") ?? []).map { step in
                ["alias", "uses", "status"].map { step.said($0) ?? "-" }
                    + [step.said("message") ?? ""]
            }
        )
    }
}
