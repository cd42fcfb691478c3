import EventLog
package import Expressions
package import Ledger
package import PromotionModel

/// In which form an answer is wanted.
package enum AnswerForm: Sendable {
    /// A value, for programs.
    case value
    /// Tables and sentences, for people.
    case text
    /// Names that other commands take, one a line; only of lists, others answer with text.
    case names
    /// Manifests, where what is listed is configured; a value otherwise.
    case manifests

    /// Whether programs read the answer.
    package var isStructured: Bool { self == .value || self == .manifests }
}

/// What a request comes to.
package enum Answer: Sendable {
    /// For programs.
    case value(Value)
    /// For people, or YAML, with its last line break.
    case text(String)
}

/// A ledger with somebody who asks: which project he means, and how he wants to be answered.
package struct Desk: Sendable {
    package let ledger: Ledger
    package let choice: ProjectChoice
    package let form: AnswerForm
    /// How versions that nobody has discovered are looked up; nil if they are not.
    package var lookUp: LookUp?
    /// What stops a command that whoever asks may not give; nil where he may give any.
    package var permit: (@Sendable (Command) throws -> Void)?

    /// Replaces versions in a command by what repositories have under these names.
    package typealias LookUp =
        @Sendable (CommandEnvelope, ProjectName) async throws -> CommandEnvelope

    /// A desk of a ledger that is open.
    package init(_ ledger: Ledger, _ choice: ProjectChoice, _ form: AnswerForm) {
        self.ledger = ledger
        self.choice = choice
        self.form = form
    }

    /// The project that is meant now.
    package func project() throws -> ProjectName {
        try read { view in try choice.name(view.facts) }
    }

    /// Asks a question at a moment, about the project that is meant.
    package func ask<T>(
        at reference: MomentReference = .now,
        _ body: (View, ProjectName) throws -> T
    ) throws -> T {
        try read(at: reference) { view in try body(view, try choice.name(view.facts)) }
    }

    /// Asks a question at a moment; whatever `body` throws comes out as it is.
    ///
    /// A bookmark is one of the project that is meant, if somebody said which.
    package func read<T>(
        at reference: MomentReference = .now,
        _ body: (View) throws -> T
    ) throws -> T {
        let result: Result<T, any Error> = try ledger.read(
            at: reference.of(choice.saidProject)
        ) {
            (view) throws(LedgerError) in
            Result { try body(view) }.mapError { error in
                CommandFailure.suggesting(error, view, among: choice.seen)
            }
        }
        return try result.get()
    }

    /// Asks the log alone, whatever version its projections have.
    ///
    /// Whatever `body` throws comes out as it is.
    func readLog<T>(_ body: (LogSnapshot) throws -> T) throws -> T {
        let result: Result<T, any Error>
        do throws(EventLogError) {
            result = try ledger.log.read { (snapshot) throws(EventLogError) in
                Result { try body(snapshot) }
            }
        } catch {
            throw CommandFailure(.log(error))
        }
        return try result.get()
    }
}

extension MomentReference {
    /// The moment that a text means; now if nobody said one.
    package static func said(_ text: String?) throws(CommandFailure) -> MomentReference {
        guard let text else { return .now }
        guard let reference = MomentReference(parsing: text) else {
            throw .usage(
                "\(text.quotedForDisplay) is no moment; write \(MomentReference.forms)"
            )
        }
        return reference
    }
}
