import Testing

/// Asks a pipeline in one state to explain everything, and compares the answers with what is so:
/// what commands would do or refuse, what runs, waits and is held.
///
/// What is so is found out without `explain`: from `get`, and from commands that are only tried.
struct Inquiry {
    let shop: Shop
    /// What was done before, for messages.
    let state: String
    /// The stages to which a policy lets automation promote.
    var automatic: Set<String> = ["dev", "uat"]
    /// Whether a `waybill run` is at work.
    var isConducted = false

    /// Checks every answer, and hands them out.
    func check() async throws -> Answers {
        var answers = Answers()
        var newest: [String: JSON] = [:]
        for kind in ["Warehouse", "Junction"] {
            for source in try await shop.json("get", "\(kind.lowercased())s")["items"].items {
                let origin = "\(kind)/\(source["name"].text)"
                newest[origin] = try await self.newest(of: origin)
            }
        }
        let mode = try await shop.json("get", "project", "shop")["mode"].text
        for stage in try await shop.json("get", "stages")["items"].items {
            let subject = "stage/\(stage["name"].text)"
            let answer = try await explain(subject)
            answers.add(answer, of: subject)
            try await StageTruth(inquiry: self, newest: newest, stage: stage, mode: mode).check(
                answer
            )
        }
        for junction in try await shop.json("get", "junctions")["items"].items {
            let subject = "junction/\(junction["name"].text)"
            let answer = try await explain(subject)
            answers.add(answer, of: subject)
            try await JunctionTruth(
                inquiry: self,
                newest: newest,
                junction: junction,
                mode: mode
            ).check(answer)
        }
        for warehouse in try await shop.json("get", "warehouses")["items"].items {
            let subject = "warehouse/\(warehouse["name"].text)"
            let answer = try await explain(subject)
            answers.add(answer, of: subject)
            let fails = answer["reasons"].items.contains { $0["reason"].text == "discoveryFailed" }
            #expect(fails != warehouse["failure"].isNull, "\(state): \(subject)")
        }
        for promotion in try await shop.json("get", "promotions", "--limit", "3")["items"].items {
            let subject = "promotion/\(promotion["name"].text)"
            let answer = try await explain(subject)
            answers.add(answer, of: subject)
            #expect(answer["phase"] == promotion["phase"], "\(state): \(subject)")
        }
        for (change, subject) in answers.changes { try await check(change, of: subject) }
        return answers
    }

    /// An answer, each of whose reasons says what to do.
    private func explain(_ subject: String) async throws -> JSON {
        let answer = try await shop.json("explain", subject)
        let parts = answer["origins"].items + answer["slots"].items
        let reasons = ([answer] + parts).flatMap { $0["reasons"].items }
        for part in parts { #expect(!part["reasons"].items.isEmpty, "\(state): \(subject)") }
        for reason in reasons {
            let changes = reason["changes"].items.map(\.text)
            let helps =
                !changes.isEmpty || !reason["at"].isNull || answer.kinds.contains("projectObserved")
                || Self.needsNothing.contains(reason["reason"].text)
            #expect(helps, "\(state): \(subject) does not say what to do: \(reason["text"].text)")
        }
        // It is not known of a project in which automation does nothing.
        let runs = answer["automationRuns"]
        #expect(runs.isNull || runs == .bool(isConducted), "\(state): \(subject)")
        return answer
    }

    /// Reasons to which nothing need be done, or that are told beside others.
    private static let needsNothing: Set<String> = [
        "current", "next", "available", "controlFlow", "slotEmpty", "unchanged", "succeeded",
        "givesWay", "takenEffect", "queuePolicy", "running", "unsuccessful",
    ]

    /// What is proposed can be done: a question is answered, and a change is no refusal and would
    /// change something.
    private func check(_ change: String, of subject: String) async throws {
        let words = change.split(separator: " ").map(String.init)
        let isIncomplete = words.contains { ["FILE", "ANSWER"].contains($0) }
        guard words.count > 2, !isIncomplete, words[1] != "discover" else { return }
        let isQuestion = words[1] == "explain"
        let ending = try await Program.run(
            "bash",
            [
                "-c",
                "PATH=$BIN:$PATH; \(change)" + (isQuestion ? "" : " --dry-run -o json"),
            ],
            in: shop.path,
            environment: ["BIN": Program.folder]
        )
        let place = "\(state): \(subject) proposes “\(change)”"
        #expect(ending.code == 0, "\(place): \(ending.errors)")
        if !isQuestion, ending.code == 0 {
            #expect(try !ending.json["events"].items.isEmpty, "\(place), which changes nothing")
        }
    }

    /// The newest freight of an origin; nil if there is none.
    private func newest(of origin: String) async throws -> JSON? {
        try await shop.json("get", "freight", "--origin", origin, "--limit", "1")["items"].items
            .first
    }

    /// What a command would do.
    func trying(_ arguments: String...) async throws -> Ending {
        try await shop.place.run(arguments + ["--dry-run", "-o", "json"])
    }

    /// Whether one of the reasons says why a command was refused.
    func expect(_ reasons: [JSON], sayWhatRefused ending: Ending, _ place: String) throws {
        let sentence = try ending.errorJSON["error"]["message"].text
        let isSaid = reasons.contains { reason in
            let text = reason["text"].text
            let condition = text.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? text
            let end = [", where ", ", to which ", ", for which "].compactMap {
                condition.firstRange(of: $0)?.lowerBound
            }.min()
            return sentence.contains(condition[..<(end ?? condition.endIndex)])
        }
        #expect(isSaid, "\(place): “\(sentence)” is not among \(reasons.map { $0["text"].text })")
    }
}

extension JSON {
    /// What reasons are about.
    var kinds: Set<String> { Set(self["reasons"].items.map { $0["reason"].text }) }
}
