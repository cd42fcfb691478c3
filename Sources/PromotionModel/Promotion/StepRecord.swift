package import EventLog
import Expressions
package import Wire

/// What is known of one step of a promotion.
package struct StepRecord: Message, Hashable {
    package var status = StepStatus.running
    package var attempt: UInt64 = 0
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var message: String?
    package var outputs = ValueMessage()

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "status", &status)
        try visitor.field(2, "attempt", &attempt)
        try visitor.field(3, "startedAtMs", &startedAt)
        try visitor.field(4, "finishedAtMs", &finishedAt)
        try visitor.field(5, "message", &message)
        try visitor.field(6, "outputs", &outputs)
    }
}

/// How a step stands, from best to worst as Kargo compares them.
package enum StepStatus: UInt32, WireEnum, Comparable {
    case succeeded = 1
    case skipped = 2
    case running = 3
    case aborted = 4
    case failed = 5
    case errored = 6

    package static func < (left: StepStatus, right: StepStatus) -> Bool {
        left.rawValue < right.rawValue
    }
}
