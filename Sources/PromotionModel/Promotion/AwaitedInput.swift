package import EventLog
package import Wire

/// What a step of a running promotion waits for.
package struct AwaitedInput: Message, Hashable {
    /// The index of the step in the plan.
    package var step: UInt64 = 0
    /// What is awaited, in one sentence.
    package var message = ""
    /// Where it can be given, such as the address of a pull request.
    package var url: String?
    package var since = Timestamp.epoch
    /// What was given; nil until then.
    package var value: ValueMessage?

    package init() {}

    package mutating func visit(_ visitor: inout some FieldVisitor) throws(WireError) {
        try visitor.field(1, "step", &step)
        try visitor.field(2, "message", &message)
        try visitor.field(3, "url", &url)
        try visitor.field(4, "sinceMs", &since)
        try visitor.field(5, "value", &value)
    }
}
