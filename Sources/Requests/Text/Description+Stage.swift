import EventLog
import Expressions
import Ledger
import PromotionModel

extension Description {
    /// What a stage runs, what is under way, and what holds automation.
    func stage(_ name: String) throws -> DescriptionPage {
        var page = DescriptionPage(heading("stage/\(name)"))
        if value["controlFlow"] == .bool(true) {
            page.field("Runs", "nothing: it has no steps, and what is available to it passes")
        } else {
            page.field(
                "Runs",
                value["current"]?.said("id").map { String($0.prefix(7)) } ?? "nothing"
            )
        }
        page.field("Since", since(value.said("since")))
        page.field("Brought by", value.said("promotion"))
        page.field("Verification", judgement)
        page.field("Evidence", value.said("verification", "evidence"))
        page.field("Health", health)
        page.field("Running", value.said("running"))
        try add(components: &page)
        page.table(
            "Uncertain",
            ["COMPONENT", "SINCE PROMOTION"],
            value.items("uncertain").map {
                [$0.said("origin") ?? "-", $0.said("promotion") ?? "-"]
            }
        )
        try add(queue: &page)
        page.table(
            "Automation is held",
            ["ORIGIN", "SINCE", "BY", "PROMOTION"],
            value.items("holds").map { hold in
                ["origin", "since", "actor", "promotion"].map { hold.said($0) ?? "-" }
            }
        )
        add(requests: &page)
        return page
    }

    /// How what runs was judged, and whether that is open.
    private var judgement: String? {
        if let open = value["openVerification"], !open.isNull {
            let who = open["steps"].map(\.isNull) ?? true ? "waits for a report" : "its steps run"
            return "open since \(since(open.said("since")) ?? "-"); \(who)"
        }
        guard let record = value["verification"], let result = record.said("result") else {
            return nil
        }
        let how =
            record["implicit"] == .bool(true)
            ? "implicit: nothing is to be verified"
            : record["assumed"] == .bool(true)
                ? "assumed: nobody looked" : "by \(record.said("actor") ?? "-")"
        let message = record.said("message").map { ": \($0)" } ?? ""
        return "\(result) at \(record.said("at") ?? "-"), \(how)\(message)"
    }

    private var health: String? {
        guard let word = value.said("health", "health") else { return nil }
        let message = value.said("health", "message").map { ": \($0)" } ?? ""
        return "\(word)\(message), since \(value.said("health", "since") ?? "-")"
    }

    private func add(components page: inout DescriptionPage) throws {
        page.table(
            "Components",
            ["COMPONENT", "VERSION", "FREIGHT", "BROUGHT BY", "PROMOTION"],
            try (value["current"]?.items("components") ?? []).map { component in
                [
                    component["origin"]?.said("name") ?? "-", component.said("version") ?? "-",
                    component.said("alias") ?? "-", try freight(component.said("carrier")),
                    component.said("promotion") ?? "-",
                ]
            }
        )
    }

    private func add(queue page: inout DescriptionPage) throws {
        var rows: [[String]] = []
        for name in value.items("pending").compactMap(\.stringValue) {
            let promotion = try display.view.ask { facts throws(FactsFailure) in
                try facts.promotion(PromotionName(unchecked: name), in: display.project)
            }
            guard let promotion else { continue }
            let freight = try promotion.freight.map { try display.name($0) }
            rows.append([
                name, "\(promotion.kind)", freight.joined(separator: " "), promotion.actor,
                promotion.requestedAt.text,
            ])
        }
        page.table("Queue", ["PROMOTION", "KIND", "FREIGHT", "BY", "REQUESTED"], rows)
    }

    /// Where freight comes from.
    private func add(requests page: inout DescriptionPage) {
        page.table(
            "Takes freight of",
            ["ORIGIN", "FROM"],
            value.items("requestedFreight").map { request in
                let direct = request["direct"] == .bool(true) ? ["the origin itself"] : []
                let stages = request.items("stages").compactMap(\.stringValue)
                return [
                    request.said("origin") ?? "-", (direct + stages).joined(separator: ", "),
                ]
            }
        )
    }
}
