import Expressions

extension Description {
    /// What a junction holds, its bundle, and why it makes no other now.
    func junction(_ name: String) throws -> DescriptionPage {
        var page = DescriptionPage(heading("junction/\(name)"))
        page.field("Bundle", value.said("bundleAlias") ?? "none yet")
        page.field("Since", since(value.said("bundleSince")))
        page.field(
            "Next",
            value.said("next") == value.said("bundle") && value.said("bundle") != nil
                ? "the same" : value.said("next").map { String($0.prefix(7)) }
        )
        let waits = value.items("waits").compactMap(\.stringValue)
        page.field(
            "Repackaging",
            waits.isEmpty ? "can be done now" : waits.joined(separator: "; ")
        )
        page.field("Changes by itself at", value.said("changesAt"))
        page.table(
            "Slots",
            ["ORIGIN", "FREIGHT", "SINCE", "COLLECTED", "STATE"],
            value.items("slots").map { slot in
                [
                    slot.said("origin") ?? "-", slot.said("alias") ?? "-",
                    slot.said("since") ?? "-",
                    slot.said("how").map { $0 == "byHand" ? "by hand" : $0 } ?? "-",
                    state(of: slot),
                ]
            }
        )
        let lost = value.items("slots").flatMap { slot in
            slot.items("lost").compactMap(\.stringValue).map {
                "\(slot.said("origin") ?? "-"): \($0)\n"
            }
        }
        if !lost.isEmpty { page.section("No longer available", lost.joined()) }
        return page
    }

    /// What is to be said about a slot, in a few words.
    private func state(of slot: Value) -> String {
        var words: [String] = []
        if slot["held"] == .bool(true) { words.append("held") }
        if slot["missing"] == .bool(true) { words.append("missing") }
        if slot["optional"] == .bool(true) { words.append("optional") }
        if let newer = slot.said("candidateAlias") { words.append("would take \(newer)") }
        if !slot.items("lost").isEmpty { words.append("no longer available") }
        return words.isEmpty ? "-" : words.joined(separator: ", ")
    }
}
