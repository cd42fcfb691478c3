import EventLog
import Expressions
import PromotionModel

extension FreightStatus {
    /// A status with the names of the resource's fields; times that it does not say are the epoch.
    init(_ status: Value) throws {
        self.init()
        let first = Position.origin.next
        for (stage, mark) in status.stages("currentlyIn") {
            let since = try mark.time("since") ?? .epoch
            current.append(FreightMark(stage: stage, position: first, at: since))
        }
        for (stage, mark) in status.stages("verifiedIn") {
            let at = try mark.time("verifiedAt") ?? .epoch
            verified.append(FreightMark(stage: stage, position: first, at: at))
            guard let longestMs = try mark.durationMs("longestSoak") else { continue }
            soaked.append(FreightSoak(stage: stage, longestMs: longestMs, position: first))
        }
        for (stage, mark) in status.stages("approvedFor") {
            var approval = Approval()
            approval.consumer = .stage(stage)
            approval.position = first
            approval.at = try mark.time("approvedAt") ?? .epoch
            approved.append(approval)
        }
    }

    /// The status with the names of the resource's fields; a time at the epoch is not said.
    var value: Value {
        var currentlyIn: [String: Value] = [:]
        for mark in current {
            currentlyIn[mark.stage.rawValue] = ["since": Self.time(mark.at)]
        }
        var verifiedIn: [String: Value] = [:]
        for mark in verified {
            let longest = soaked.filter { $0.stage == mark.stage }.map(\.longestMs).max()
            verifiedIn[mark.stage.rawValue] = [
                "verifiedAt": Self.time(mark.at),
                "longestSoak": longest.map { .duration(ms: $0) } ?? .null,
            ]
        }
        var approvedFor: [String: Value] = [:]
        for approval in approved {
            approvedFor[approval.consumer.name] = ["approvedAt": Self.time(approval.at)]
        }
        return [
            "currentlyIn": .object(currentlyIn), "verifiedIn": .object(verifiedIn),
            "approvedFor": .object(approvedFor),
        ]
    }

    private static func time(_ time: Timestamp) -> Value {
        time == .epoch ? .null : .string(time.text)
    }
}

extension Value {
    /// What a map says of stages, in the order of their names.
    fileprivate func stages(_ name: String) -> [(StageName, Value)] {
        members(name).map { (StageName(unchecked: $0.key), $0.value) }.sorted { $0.0 < $1.0 }
    }
}
