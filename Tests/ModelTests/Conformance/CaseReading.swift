import ConformanceSupport
import EventLog
import Expressions
import PromotionModel

extension Value {
    /// The text of a member; empty where it is absent or null.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    /// The elements of a member; none where it is absent or null.
    func elements(_ name: String) -> [Value] { self[name]?.arrayValue ?? [] }

    /// The members of a member; none where it is absent or null.
    func members(_ name: String) -> [String: Value] { self[name]?.objectValue ?? [:] }

    /// Whether a member is true.
    func flag(_ name: String) -> Bool { self[name] == .bool(true) }

    /// The time of a member; nil where it is absent, null or empty.
    func time(_ name: String) throws -> Timestamp? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        guard let time = Timestamp(text: text) else { throw UnreadableCase("\(text) is no time") }
        return time
    }

    /// The duration of a member in milliseconds; nil where it is absent, null or empty.
    func durationMs(_ name: String) throws -> Int64? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        guard let duration = Self.durationMs(text) else {
            throw UnreadableCase("\(text) is no duration")
        }
        return duration
    }

    /// Whether both say the same, where durations of one length are the same.
    func isSameDuration(as other: Value) -> Bool {
        if let left = stringValue, let right = other.stringValue,
            let leftMs = Self.durationMs(left), let rightMs = Self.durationMs(right)
        {
            return leftMs == rightMs
        }
        return isSame(as: other)
    }

    /// The milliseconds of a duration in Go's notation, such as `1h30m`.
    static func durationMs(_ text: String) -> Int64? {
        let unitsMs: [(name: String, size: Double)] = [
            ("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
        ]
        var rest = text[...]
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            guard let number = Double(digits),
                let unit = unitsMs.first(where: { rest.hasPrefix($0.name) })
            else { return nil }
            rest = rest.dropFirst(unit.name.count)
            total += number * unit.size
        }
        return Int64(total.rounded())
    }

    /// A duration in Go's notation.
    static func duration(ms: Int64) -> Value {
        ms % 1_000 == 0 ? .string("\(ms / 1_000)s") : .string("\(ms)ms")
    }

    /// An origin that is written as its kind and its name; kinds that are none are kept as text.
    var origin: Origin {
        let name = text("name")
        switch Origin.Kind(rawValue: text("kind")) {
        case .warehouse: return .warehouse(WarehouseName(unchecked: name))
        case .junction: return .junction(JunctionName(unchecked: name))
        case nil: return Origin(unchecked: "\(text("kind"))/\(name)")
        }
    }

    /// One element of `requestedFreight`, with the names of the resource's fields.
    func requestedFreight() throws -> RequestedFreight {
        let sources = self["sources"] ?? .null
        let options = sources["autoPromotionOptions"] ?? .null
        return RequestedFreight(
            origin: (self["origin"] ?? .null).origin,
            direct: sources.flag("direct"),
            stages: sources.elements("stages").map {
                StageName(unchecked: $0.stringValue ?? "")
            },
            requiredSoakMs: try sources.durationMs("requiredSoakTime") ?? 0,
            availability: try Self.choice(
                sources.text("availabilityStrategy"),
                ["": .oneOf, "OneOf": .oneOf, "All": .all]
            ),
            selection: try Self.choice(
                options.text("selectionPolicy"),
                [
                    "": .newestFreight, "NewestFreight": .newestFreight,
                    "MatchUpstream": .matchUpstream,
                ]
            )
        )
    }

    /// The status of a step, by Kargo's word for it.
    func stepStatus() throws -> StepStatus {
        try Self.choice(
            stringValue ?? "",
            [
                "Succeeded": .succeeded, "Skipped": .skipped, "Running": .running,
                "Aborted": .aborted, "Failed": .failed, "Errored": .errored,
            ]
        )
    }

    /// What a word means; a word that means nothing is refused, as manifests refuse it.
    static func choice<Choice>(_ word: String, _ choices: [String: Choice]) throws -> Choice {
        guard let choice = choices[word] else { throw UnknownWord(word: word) }
        return choice
    }
}

/// A word that stands for nothing in the model.
struct UnknownWord: Error {
    let word: String
}
