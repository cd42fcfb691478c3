/// What `waybill explain` says of everything in one state.
struct Answers {
    /// By subject, such as `stage/prod`.
    private(set) var answers: [String: JSON] = [:]

    mutating func add(_ answer: JSON, of subject: String) { answers[subject] = answer }

    /// Every command that is proposed, and a subject whose answer proposes it.
    var changes: [String: String] {
        var changes: [String: String] = [:]
        for (subject, answer) in answers {
            let parts = [answer] + answer["origins"].items + answer["slots"].items
            for reason in parts.flatMap({ $0["reasons"].items }) {
                for change in reason["changes"].items { changes[change.text] = subject }
            }
        }
        // What was asked already need not be asked again.
        return changes.filter { change, _ in
            answers[String(change.trimmingPrefix("waybill explain "))] == nil
        }
    }

    /// The reasons of a subject, or of one origin of a stage or slot of a junction.
    func reasons(_ subject: String, _ origin: String? = nil) -> [JSON] {
        let answer = answers[subject] ?? .null
        guard let origin else { return answer["reasons"].items }
        let parts = answer["origins"].items + answer["slots"].items
        return parts.first { $0["origin"].originName == origin }?["reasons"].items ?? []
    }

    /// What the reasons are about.
    func kinds(_ subject: String, _ origin: String? = nil) -> [String] {
        reasons(subject, origin).map { $0["reason"].text }
    }

    /// The texts and commands of the reasons, one in a line.
    func text(_ subject: String, _ origin: String? = nil) -> String {
        reasons(subject, origin).map { reason in
            ([reason["text"].text] + reason["changes"].items.map(\.text)).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}

extension JSON {
    /// An origin as manifests write it in one word: `Warehouse/web`.
    var originName: String { "\(self["kind"].text)/\(self["name"].text)" }
}
