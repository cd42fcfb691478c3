import Expressions
import PromotionModel

extension Description {
    /// What freight consists of, where it is, what it passed, and what somebody said of it.
    func freight() throws -> DescriptionPage {
        let id = value.said("id") ?? ""
        var page = DescriptionPage(heading("freight \(value.said("alias") ?? id)"))
        page.field("Id", id)
        page.field("Kargo's name", value.said("kargoName"))
        page.field("Origin", value.said("origin"))
        page.field("Made", "\(value.said("making") ?? "-") at \(since(value.said("at")) ?? "-")")
        page.field("Derived from", value["derivedFrom"]?.said("alias"))
        if let quarantine = value["quarantine"], !quarantine.isNull {
            page.field(
                "Quarantined",
                "by \(quarantine.said("actor") ?? "-") at \(quarantine.said("since") ?? "-"): "
                    + (quarantine.said("reason") ?? "no reason given")
            )
        }
        page.table(
            "Artifacts",
            ["KIND", "REPOSITORY", "VERSION", "MESSAGE"],
            value.items("artifacts").map { artifact in
                let line = ArtifactLine(artifact)
                return [line.kind, line.repository, line.version, line.message]
            }
        )
        page.table(
            "Constituents",
            ["ORIGIN", "FREIGHT", "STATE"],
            value.items("constituents").map { leaf in
                [
                    leaf.said("origin") ?? "-", leaf.said("alias") ?? "-",
                    leaf["quarantine"].map { $0.isNull ? "-" : "quarantined" } ?? "-",
                ]
            }
        )
        try add(marks: &page)
        page.table(
            "Approved",
            ["FOR", "BY", "SINCE", "REASON"],
            value.items("approved").map { approval in
                ["for", "actor", "since", "reason"].map { approval.said($0) ?? "-" }
            }
        )
        if let metadata = value["metadata"]?.objectValue, !metadata.isEmpty {
            page.section("Metadata", Value.object(metadata).yaml)
        }
        return page
    }

    /// What the freight is in each stage, in a row.
    private func add(marks page: inout DescriptionPage) throws {
        var stages: [String] = []
        let kinds = ["current", "verified", "withdrawn", "soaked"]
        for kind in kinds {
            for mark in value.items(kind) {
                guard let stage = mark.said("stage"), !stages.contains(stage) else { continue }
                stages.append(stage)
            }
        }
        page.table(
            "In stages",
            ["STAGE", "CURRENT SINCE", "VERIFIED SINCE", "WITHDRAWN", "LONGEST STAY", "VIA"],
            try stages.sorted().map { stage in
                func mark(_ kind: String) -> Value? {
                    value.items(kind).first { $0.said("stage") == stage }
                }
                let via = kinds.compactMap { mark($0)?.said("via") }.first
                return [
                    stage, mark("current")?.said("since") ?? "-",
                    mark("verified")?.said("since") ?? "-",
                    mark("withdrawn")?.said("since") ?? "-",
                    mark("soaked")?["longestMs"]?.intValue.map(Display.duration) ?? "-",
                    try freight(via),
                ]
            }
        )
    }
}
