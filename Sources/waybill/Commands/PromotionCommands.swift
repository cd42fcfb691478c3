import ArgumentParser
import EventLog
import Ledger
import PromotionModel

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Promote freight to a stage.",
        discussion: """
            For example: waybill promote --stage prod --freight 2026.47
            or: waybill promote --stage prod --from uat --all
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Option(help: "The stage that gets the freight.")
    var stage: String

    @Option(help: "Freight, by alias or at least six digits of its id; may be repeated.")
    var freight: [String] = []

    @Option(help: "Take what is current and verified in this stage.")
    var from: String?

    @Flag(help: "With --from: everything that the stage requests.")
    var all = false

    @Option(help: "With --from: this origin only, such as Warehouse/payments.")
    var origin: String?

    @Flag(help: "Allow older freight to replace what was put in by itself.")
    var allowRegression = false

    func validate() throws {
        guard freight.isEmpty != (from == nil) else {
            throw ValidationError("Say what to promote: --freight F, or --from STAGE.")
        }
        if from != nil, all == (origin != nil) {
            throw ValidationError("With --from, say --all or --origin ORIGIN.")
        }
        if from == nil, all || origin != nil {
            throw ValidationError("--all and --origin go with --from STAGE.")
        }
    }

    func run() async throws {
        let target = try Names.stage(stage)
        let selection: FreightSelection
        if let from {
            selection = .from(try Names.stage(from), origin: try origin.map(Names.origin))
        } else {
            selection = .named(freight)
        }
        let session = try Session(options, change)
        let command = RequestPromotion(
            project: try session.project(),
            stage: target,
            selection: selection,
            allowRegression: allowRegression
        )
        try await session.execute(
            .requestPromotion(command),
            change,
            quiet: "Nothing to promote."
        ) { view, events in
            for event in events { if let line = Narrator.line(event) { Output.line(line) } }
        }
    }
}

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a stage back to what it ran earlier.",
        discussion: """
            The target is 'previous', a moment, collection/ID, or freight that ran there.
            For example: waybill rollback stage/prod --to previous
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "What to bring back, such as stage/prod.")
    var subject: String

    @Option(help: "previous, #1234, a time, promotion/NAME, collection/ID, or freight.")
    var to: String

    @Option(help: "Bring back this origin only, such as Warehouse/payments.")
    var origin: String?

    func run() async throws {
        let stage = try Names.stage(subject)
        let session = try Session(options, change)
        let command = RollBackStage(
            project: try session.project(),
            stage: stage,
            target: try target(session),
            origin: try origin.map(Names.origin)
        )
        try await session.execute(
            .rollBackStage(command),
            change,
            quiet: "Stage \(stage) runs that already."
        ) { view, events in
            for event in events { if let line = Narrator.line(event) { Output.line(line) } }
        }
    }

    private func target(_ session: Session) throws -> RollbackTarget {
        if to == "previous" { return .previous }
        if to.hasPrefix("collection/") { return .collection(String(to.dropFirst(11))) }
        if to.hasPrefix("freight/") { return .freight(String(to.dropFirst(8))) }
        guard let reference = MomentReference(parsing: to) else { return .freight(to) }
        return .position(try session.read(at: reference) { view, _ in view.moment.position })
    }
}

struct AbortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "End a promotion before it is done.",
        discussion: "For example: waybill abort prod.01kb….2f2aa05 --reason 'wrong freight'"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The promotion's name.")
    var promotion: String

    func run() async throws {
        let name = try Names.promotion(promotion)
        let session = try Session(options, change)
        let command = AbortPromotion(project: try session.project(), promotion: name)
        try await session.execute(.abortPromotion(command), change, quiet: "Nothing to abort.") {
            _,
            events in
            for event in events { if let line = Narrator.line(event) { Output.line(line) } }
        }
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let automation go on where a choice by hand held it.",
        discussion: "For example: waybill resume stage/uat --origin Warehouse/payments"
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var change: ChangeOptions

    @Argument(help: "The stage, such as stage/uat.")
    var subject: String

    @Option(help: "This origin only.")
    var origin: String?

    func run() async throws {
        let stage = try Names.stage(subject)
        let session = try Session(options, change)
        let command = ResumeAutomation(
            project: try session.project(),
            stage: stage,
            origin: try origin.map(Names.origin)
        )
        try await session.execute(.resumeAutomation(command), change, quiet: "Nothing is held.") {
            _,
            events in
            for event in events { if let line = Narrator.line(event) { Output.line(line) } }
        }
    }
}
