import Testing

/// What is so about a junction, found out without `explain`.
struct JunctionTruth {
    let inquiry: Inquiry
    /// The newest freight of each origin that has any.
    let newest: [String: JSON]
    let junction: JSON
    let mode: String
    private var name: String { junction["name"].text }

    /// Compares an explanation with it.
    func check(_ answer: JSON) async throws {
        let place = "\(inquiry.state): junction/\(name)"
        #expect(answer.kinds.contains("projectObserved") == (mode == "observe"), "\(place)")
        for part in answer["slots"].items {
            try await check(part, answer, "\(place), \(part["origin"].originName)")
        }
        guard mode == "drive" else { return }
        let tried = try await inquiry.trying("repackage", name)
        guard tried.code == 0 else {
            let obstacles: Set<String> = ["slotEmpty", "slotLost", "neverTogether"]
            #expect(!answer.kinds.isDisjoint(with: obstacles), "\(place): \(tried.errors)")
            return
        }
        if try tried.json["events"].items.isEmpty {
            #expect(answer.kinds == ["unchanged"], "\(place)")
            return
        }
        let own: Set<String> =
            answer["repackaging"].text == "manual"
            ? ["byHand"] : ["next", "debouncing", "criteria", "available"]
        #expect(!answer.kinds.isDisjoint(with: own), "\(place): \(answer.kinds)")
    }

    private func check(_ part: JSON, _ answer: JSON, _ place: String) async throws {
        let origin = part["origin"].originName
        let kinds = part.kinds
        let slot = junction["slots"].items.first { $0["origin"].originName == origin } ?? .null
        #expect(kinds.contains("held") == slot["held"].isTrue, "\(place)")
        guard let newest = newest[origin] else {
            #expect(kinds == ["slotEmpty", "noFreight"], "\(place)")
            return
        }
        if slot["freight"] == newest["id"] {
            #expect(kinds.contains("current") || kinds.contains("slotLost"), "\(place)")
            return
        }
        guard mode == "drive" else { return }
        let id = newest["id"].text
        let tried = try await inquiry.trying("collect", name, "--freight", id)
        guard tried.code == 0 else {
            #expect(tried.code == 3, "\(place): \(tried.errors)")
            try inquiry.expect(part["reasons"].items, sayWhatRefused: tried, place)
            return
        }
        let isManual = answer["collection"].text == "manual"
        let isHandMade = ["assembled", "derived"].contains(newest["making"].text)
        let why =
            isHandMade
            ? "handMade"
            : isManual
                ? "notAutomatic"
                : slot["held"].isTrue ? "held" : "next"
        #expect(kinds.contains(why), "\(place): \(kinds), not \(why)")
    }
}
