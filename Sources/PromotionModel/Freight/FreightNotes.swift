import EventLog
package import Expressions

/// What the expressions of a promotion can ask about any piece of freight.
package struct FreightNotes: Sendable, Hashable {
    /// What was noted on it by key; null where nothing was.
    package let metadata: Value
    /// Where it runs, was verified and is approved, under the names that Kargo's code has for it.
    package let status: Value

    package init(metadata: Value, status: Value) {
        self.metadata = metadata
        self.status = status
    }
}

extension Facts {
    /// The notes of the freight that `name` means; nil if it means none.
    package func notes(
        ofFreight name: String,
        in project: ProjectName
    ) throws(FactsFailure) -> FreightNotes? {
        guard case .success(let id) = try FreightReference.resolve(name, in: project, facts: self)
        else { return nil }
        let status = try freightStatus(id, in: project).counting(in: project, self)
        let metadata = Self.map(status.metadata.map { ($0.key, $0.value.value) })
        let current = status.current.map { ($0.stage.rawValue, Value.time("Since", $0.at)) }
        let verified = status.verified.map { mark in
            let longestMs = status.stay(in: mark.stage, since: .origin)?.longestEndedMs ?? 0
            var members: [String: Value] = ["VerifiedAt": .string(mark.at.text)]
            if longestMs > 0 { members["LongestCompletedSoakSeconds"] = .int(longestMs / 1_000) }
            return (mark.stage.rawValue, Value.object(members))
        }
        let approved = status.approved.compactMap { approval -> (String, Value)? in
            let parts = approval.consumer.rawValue.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, parts[0] == "stage" else { return nil }
            return (String(parts[1]), .time("ApprovedAt", approval.at))
        }
        return FreightNotes(
            metadata: metadata == [:] ? .null : metadata,
            status: [
                "CurrentlyIn": Self.map(current),
                "VerifiedIn": Self.map(verified),
                "ApprovedFor": Self.map(approved),
                "Metadata": metadata,
            ]
        )
    }

    private static func map(_ members: [(String, Value)]) -> Value {
        .object(Dictionary(members) { _, last in last })
    }
}

extension Value {
    /// A map of one time.
    fileprivate static func time(_ name: String, _ time: Timestamp) -> Value {
        [name: .string(time.text)]
    }
}
