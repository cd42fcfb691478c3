import Testing

/// What is so about a stage, found out without `explain`.
struct StageTruth {
    let inquiry: Inquiry
    /// The newest freight of each origin that has any.
    let newest: [String: JSON]
    let stage: JSON
    let mode: String
    private var shop: Shop { inquiry.shop }
    private var name: String { stage["name"].text }

    /// Compares an explanation with it.
    func check(_ answer: JSON) async throws {
        let place = "\(inquiry.state): stage/\(name)"
        #expect(answer["running"] == stage["running"], "\(place)")
        #expect(answer["pending"].items.count == stage["pending"].items.count, "\(place)")
        #expect(
            answer["autoPromotionEnabled"].isTrue == inquiry.automatic.contains(name),
            "\(place)"
        )
        #expect(answer.kinds.contains("projectObserved") == (mode == "observe"), "\(place)")
        #expect(answer.kinds.contains("running") != stage["running"].isNull, "\(place)")
        #expect(answer.kinds.contains("pending") != stage["pending"].items.isEmpty, "\(place)")
        #expect(answer.kinds.contains("uncertain") != stage["uncertain"].items.isEmpty, "\(place)")
        #expect(answer.kinds.contains("controlFlow") == stage["controlFlow"].isTrue, "\(place)")
        let requested = stage["requestedFreight"].items.map { $0["origin"].originName }
        #expect(answer["origins"].items.map { $0["origin"].originName } == requested, "\(place)")
        for part in answer["origins"].items {
            try await check(part, "\(place), \(part["origin"].originName)")
        }
    }

    private func check(_ part: JSON, _ place: String) async throws {
        let origin = part["origin"].originName
        let kinds = part.kinds
        let isHeld = stage["holds"].items.contains { $0["origin"].originName == origin }
        #expect(kinds.contains("held") == isHeld, "\(place)")
        guard let newest = newest[origin] else {
            #expect(kinds == ["noFreight"], "\(place)")
            return
        }
        let (id, alias) = (newest["id"].text, newest["alias"].text)
        let texts = part["reasons"].items.map { $0["text"].text }
        #expect(
            texts.contains { $0.contains(alias) },
            "\(place) says nothing of \(alias): \(texts)"
        )
        let runs = stage["current"]["components"].items.contains {
            $0["freight"].text == id || $0["carrier"].text == id
        }
        if runs {
            #expect(kinds.contains("current"), "\(place)")
            return
        }
        if try await isUnderWay(id) {
            #expect(kinds.contains("underWay"), "\(place)")
            return
        }
        guard mode == "drive", !stage["controlFlow"].isTrue else { return }
        let tried = try await inquiry.trying("promote", "--stage", name, "--freight", id)
        guard tried.code == 0 else {
            #expect(tried.code == 3, "\(place): \(tried.errors)")
            let isRegression = try tried.errorJSON["error"]["code"].text == "regression"
            if isRegression { return #expect(kinds.contains("regression"), "\(place)") }
            try inquiry.expect(part["reasons"].items, sayWhatRefused: tried, place)
            return
        }
        try await checkAvailable(newest, part, isHeld: isHeld, place)
    }

    /// Nothing forbids the freight, so somebody chose that automation leaves it alone.
    private func checkAvailable(
        _ freight: JSON,
        _ part: JSON,
        isHeld: Bool,
        _ place: String
    ) async throws {
        let isAutomatic = inquiry.automatic.contains(name)
        let failed = try await unsuccessful(freight["id"].text)
        let isHandMade = ["assembled", "derived"].contains(freight["making"].text)
        var expected: Set<String> = []
        if isHandMade {
            expected.insert("handMade")
        } else {
            if !isAutomatic { expected.insert("notAutomatic") }
            if failed != nil { expected.insert("unsuccessful") }
            if isAutomatic, !isHeld, failed == nil { expected.insert("next") }
        }
        let kinds = part.kinds
        #expect(kinds.isSuperset(of: expected), "\(place): \(kinds), not \(expected)")
        #expect(kinds.contains("next") == expected.contains("next"), "\(place)")
        if let failed, !isHandMade {
            let reason = part["reasons"].items.first { $0["reason"].text == "unsuccessful" }
            #expect(reason?["text"].text.contains(failed["name"].text) == true, "\(place)")
            #expect(reason?["text"].text.contains(failed["message"].text) == true, "\(place)")
        }
    }

    /// Whether a promotion that runs or waits brings the freight.
    private func isUnderWay(_ id: String) async throws -> Bool {
        let names = stage["pending"].items.map { $0["name"].isNull ? $0.text : $0["name"].text }
        for name in names + [stage["running"].text] where !name.isEmpty {
            let promotion = try await shop.json("get", "promotion", name)
            let brought = promotion["freight"].items + promotion["coalesced"].items
            if brought.contains(where: { $0.text == id }) { return true }
        }
        return false
    }

    /// The last promotion of the freight to the stage, if it did not succeed.
    private func unsuccessful(_ id: String) async throws -> JSON? {
        let promotions = try await shop.json("get", "promotions", "--stage", name)["items"].items
        let last = promotions.first { promotion in
            promotion["freight"].items.contains { $0.text == id }
                && promotion["phase"].text != "superseded"
        }
        guard let last, ["failed", "errored", "aborted"].contains(last["phase"].text) else {
            return nil
        }
        return last
    }
}
