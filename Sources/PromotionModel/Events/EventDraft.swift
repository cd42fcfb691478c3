package import EventLog

/// An event that a command leads to, before the log has numbered it.
package struct EventDraft: Hashable, Sendable {
    package let project: ProjectName
    package let subject: Subject
    package let event: Event
    /// The event that led to it; nil for the command's own cause.
    package let cause: Position?

    /// An event about `subject`.
    package init(project: ProjectName, subject: Subject, event: Event, cause: Position? = nil) {
        self.project = project
        self.subject = subject
        self.event = event
        self.cause = cause
    }
}

/// What a command comes to.
package enum Verdict: Hashable, Sendable {
    case events([EventDraft])
    /// What is asked for is so already.
    case quiet
    case refused(Refusal)
}

/// When a command is decided: the time and the position that its first event would have.
package struct DecisionMoment: Hashable, Sendable {
    /// max(wall clock, time of the last event).
    package let recorded: Timestamp
    package let next: Position

    /// The moment at which the event `next` would be recorded.
    package init(recorded: Timestamp, next: Position) {
        self.recorded = recorded
        self.next = next
    }
}
