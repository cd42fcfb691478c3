import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Requests

/// A ledger that is open in this process, for commands that work on the ledger itself.
struct Session {
    let options: LedgerOptions
    /// Where requests are answered.
    var desk: Desk

    /// The ledger itself.
    var ledger: Ledger { desk.ledger }

    /// Opens the ledger for reading.
    init(reading options: LedgerOptions) throws {
        try self.init(options, .read)
    }

    /// Opens the ledger for writing; the writer's lock is taken for each batch.
    init(writing options: LedgerOptions) throws {
        try self.init(options, .readWrite)
    }

    /// Opens the ledger for a command that may only be tried.
    init(_ options: LedgerOptions, _ change: ChangeOptions) throws {
        try self.init(options, change.dryRun ? .read : .readWrite)
    }

    private init(_ options: LedgerOptions, _ access: EventLog.Access) throws {
        self.options = options
        let ledger = try Ledger.open(
            at: try options.path,
            access: access,
            options: try options.logOptions()
        )
        desk = Desk(ledger, options.choice, options.output.form)
    }

    /// The project that is meant now.
    func project() throws -> ProjectName { try desk.project() }

    /// Asks a question at a moment, about the project that is meant.
    func ask<T>(
        at reference: MomentReference = .now,
        _ body: (View, ProjectName) throws -> T
    ) throws -> T {
        try desk.ask(at: reference, body)
    }

    /// Asks a question at a moment; whatever `body` throws comes out as it is.
    func read<T>(
        at reference: MomentReference = .now,
        _ body: (View, Void) throws -> T
    ) throws -> T {
        try desk.read(at: reference) { view in try body(view, ()) }
    }

    /// Writes a value in the structured format that was asked for.
    func show(_ value: Value) {
        options.show(value)
    }
}

extension LedgerOptions {
    /// Writes an answer.
    func show(_ answer: Answer) {
        switch answer {
        case .value(let value): show(value)
        case .text(let text): Output.text(text)
        }
    }

    /// Writes a value as YAML or JSON.
    func show(_ value: Value) {
        if output == .yaml {
            Output.text(value.yaml)
        } else {
            Output.line(value.indentedJSON)
        }
    }
}
