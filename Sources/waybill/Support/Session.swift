import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel

/// What is said where a command had nothing to do.
struct Quiet {
    /// For people.
    let sentence: String
    /// What programs get beside the empty receipt.
    var members: [String: Value] = [:]

    /// Where there is nothing more to say.
    static let nothing = Quiet(sentence: "Nothing to do.")
}

/// An opened ledger, and what commands do with it again and again.
struct Session {
    let ledger: Ledger
    let options: LedgerOptions

    /// Opens the ledger for reading.
    init(reading options: LedgerOptions) throws {
        self.options = options
        ledger = try Ledger.open(
            at: options.path,
            access: .read,
            options: try options.logOptions()
        )
    }

    /// Opens the ledger for writing; the writer's lock is taken for each batch.
    init(writing options: LedgerOptions) throws {
        self.options = options
        ledger = try Ledger.open(
            at: options.path,
            access: .readWrite,
            options: try options.logOptions()
        )
    }

    /// Opens the ledger for a command that may only be tried.
    init(_ options: LedgerOptions, _ change: ChangeOptions) throws {
        if change.dryRun {
            try self.init(reading: options)
        } else {
            try self.init(writing: options)
        }
    }

    /// The project that is meant now.
    func project() throws -> ProjectName {
        try read { view, _ in try options.projectName(view.facts) }
    }

    /// Asks a question at a moment, about the project that is meant.
    func ask<T>(
        at reference: MomentReference = .now,
        _ body: (View, ProjectName) throws -> T
    ) throws -> T {
        try read(at: reference) { view, _ in try body(view, try options.projectName(view.facts)) }
    }

    /// Asks a question at a moment; whatever `body` throws comes out as it is.
    ///
    /// A bookmark is one of the project that is meant, if somebody said which.
    func read<T>(
        at reference: MomentReference = .now,
        _ body: (View, Void) throws -> T
    ) throws -> T {
        let result: Result<T, any Error> = try ledger.read(
            at: reference.of(options.saidProject)
        ) {
            (view) throws(LedgerError) in
            Result { try body(view, ()) }
        }
        return try result.get()
    }

    /// Executes a command, or says what it would do; prints the outcome.
    ///
    /// `tell` writes what a person wants to know of the events; programs get the receipt. A dry
    /// run shows `preview` in the place of the events, if there is one. With `waitsForEnd` it
    /// waits until the promotions that were asked for have ended.
    func execute(
        _ command: Command,
        _ change: ChangeOptions,
        quiet: String,
        preview: Preview? = nil,
        waitsForEnd: Bool = false,
        tell: (View, [LedgerEvent]) throws -> Void
    ) async throws {
        try await execute(
            try change.envelope(command),
            change,
            quiet: { _ in Quiet(sentence: quiet) },
            preview: preview,
            waitsForEnd: waitsForEnd,
            tell: tell
        )
    }

    /// The same for an envelope; `quiet` says what there is already where nothing is to be done.
    func execute(
        _ envelope: CommandEnvelope,
        _ change: ChangeOptions,
        quiet: (View) throws -> Quiet,
        preview: Preview? = nil,
        waitsForEnd: Bool = false,
        tell: (View, [LedgerEvent]) throws -> Void
    ) async throws {
        guard !change.dryRun else { return try dryRun(envelope, quiet: quiet, preview: preview) }
        let outcome = try await ledger.execute(envelope)
        switch outcome {
        case .accepted(let receipt) where waitsForEnd:
            try await acceptedToTheEnd(receipt, tell: tell)
        case .accepted(let receipt): try accepted(receipt, tell: tell)
        case .quiet: nothing(try read { view, _ in try quiet(view) })
        case .refused(let refusal): throw CommandFailure(refusal)
        case .conflict(let first, let last):
            throw CommandFailure.conflict(envelope.id, first, last)
        }
    }

    private func accepted(
        _ receipt: Receipt,
        tell: (View, [LedgerEvent]) throws -> Void
    ) throws {
        try read { view, _ in
            var events: [LedgerEvent] = []
            for number in receipt.first.rawValue...receipt.last.rawValue {
                events.append(try view.event(at: Position(rawValue: number)))
            }
            if options.isStructured {
                show(Shape.receipt(receipt, events: events))
            } else {
                try tell(view, events)
                if receipt.isDuplicate {
                    Output.line("(recorded before, at \(receipt.first) to \(receipt.last))")
                }
            }
        }
    }

    private func nothing(_ quiet: Quiet) {
        if options.isStructured {
            var members: [String: Value] = ["positions": [], "duplicate": false, "events": []]
            members.merge(quiet.members) { _, last in last }
            show(.object(members))
        } else {
            Output.line(quiet.sentence)
        }
    }

    private func dryRun(
        _ envelope: CommandEnvelope,
        quiet: (View) throws -> Quiet,
        preview: Preview?
    ) throws {
        let known = try ledger.log.read { (snapshot) throws(EventLogError) in
            (
                receipt: try snapshot.receipt(for: envelope.id),
                hash: try snapshot.contentHash(of: envelope.id)
            )
        }
        if let receipt = known.receipt {
            guard known.hash == envelope.contentHash else {
                throw CommandFailure.conflict(envelope.id, receipt.first, receipt.last)
            }
            return nothing(
                Quiet(
                    sentence: "This command was recorded before, at \(receipt.first) to "
                        + "\(receipt.last)."
                )
            )
        }
        switch try ledger.dryRun(envelope) {
        case .quiet: nothing(try read { view, _ in try quiet(view) })
        case .refused(let refusal): throw CommandFailure(refusal)
        case .events(let drafts):
            if options.isStructured {
                show(Shape.drafts(drafts, with: preview?.members ?? []))
            } else if let preview {
                if preview.showsEvents {
                    Output.text(preview.text + "\n" + Self.table(of: drafts))
                } else {
                    Output.text(preview.text + "\n")
                }
                Output.line("Nothing was appended (--dry-run).")
            } else {
                Output.text(Self.table(of: drafts))
                Output.line("Nothing was appended (--dry-run).")
            }
        }
    }

    private static func table(of drafts: [EventDraft]) -> String {
        var table = TextTable(["TYPE", "PROJECT", "SUBJECT"])
        for draft in drafts {
            let project = draft.project == .cluster ? "-" : draft.project.rawValue
            table.add([draft.event.type.name, project, draft.subject.rawValue])
        }
        return table.text
    }

    /// What a dry run shows besides its events, to people and to programs.
    struct Preview {
        var text: String
        var members: [(String, Value)]
        /// People are shown the events, too, behind the text.
        var showsEvents = false
    }

    /// Writes a value in the structured format that was asked for.
    func show(_ value: Value) {
        options.show(value)
    }
}

extension LedgerOptions {
    /// Writes a value as YAML or JSON.
    func show(_ value: Value) {
        if output == .yaml {
            Output.text(value.yaml)
        } else {
            Output.line(value.indentedJSON)
        }
    }
}
