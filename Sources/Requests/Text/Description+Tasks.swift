import Expressions

// What stages share, on a page.
extension Description {
    func task(_ heading: String) -> DescriptionPage {
        var page = DescriptionPage(heading)
        page.field("Configured at", value.position("position"))
        page.table(
            "Variables",
            ["NAME", "VALUE"],
            value.items("vars").map { variable in
                let text = variable.said("value") ?? ""
                return [variable.said("name") ?? "", text.isEmpty ? "the stage says it" : text]
            }
        )
        page.table(
            "Steps",
            ["ALIAS", "USES"],
            value.items("steps").map { [$0.said("alias") ?? "", $0.said("uses") ?? ""] }
        )
        page.table(
            "Used by",
            ["STAGE", "PROJECT"],
            value.items("usedBy").map { user in
                [user.said("stage") ?? "", user.said("project") ?? value.said("project") ?? ""]
            }
        )
        return page
    }

    func cluster() -> DescriptionPage {
        var page = DescriptionPage("what holds for all projects")
        page.field("Configured at", value.position("position"))
        page.field("Git name", value.said("gitClient", "name"))
        page.field("Git address", value.said("gitClient", "email"))
        return page
    }
}
