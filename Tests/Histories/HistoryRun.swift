import EventLog
import Ledger
import PromotionModel
import Synchronization

/// A clock that a history sets.
final class HistoryClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp) {
        self.time = Mutex(time)
    }

    var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}

/// What a history came to.
package struct HistoryOutcome: Sendable {
    /// nil if all was as it should be.
    package var failure: HistoryFailure?
    /// Every command that was given.
    package var commands: [GivenCommand] = []
    package var coverage = Coverage()
}

/// Executes a history on a ledger and on the reference model, and compares them as it goes.
package struct HistoryRun {
    let ledger: Ledger
    let clock: HistoryClock
    var reference = Reference()
    private var outcome = HistoryOutcome()
    private var tracker = InvariantTracker()
    var keepsakes: [Keepsake] = []
    /// Where everything is compared, and a keepsake is taken.
    var random: SeededGenerator
    private let comparisonRate: Int

    /// Something that must be found again at the end, as it was.
    struct Keepsake {
        let facts: DictionaryFacts
        let time: Timestamp
        let root: Digest
    }

    /// An additional rule, for the tests of this: a sentence if it is broken.
    package typealias Rule = @Sendable (Reference, CommandResult) -> String?

    /// Runs a history in a directory that is there and empty; everything is compared after one
    /// command of `comparisonRate`, what changed after each.
    package static func run(
        _ history: History,
        in directory: String,
        comparisonRate: Int = 100,
        rule: Rule? = nil
    ) async throws -> HistoryOutcome {
        let clock = HistoryClock(Timestamp(text: "2026-11-23T09:00:00Z") ?? .epoch)
        let ledger = try Ledger.create(at: directory + "/ledger", clock: { clock.now })
        var run = HistoryRun(
            ledger: ledger,
            clock: clock,
            random: SeededGenerator(seed: history.numbers.first ?? 0),
            comparisonRate: comparisonRate
        )
        do throws(HistoryFailure) {
            for (index, number) in history.numbers.enumerated() {
                try await run.execute(number, index)
                if let found = run.broken(rule) { throw HistoryFailure(index: index, what: found) }
            }
            try run.finish(in: directory, history.numbers.count)
        } catch {
            run.outcome.failure = error
        }
        await ledger.log.close()
        return run.outcome
    }

    private init(
        ledger: Ledger,
        clock: HistoryClock,
        random: SeededGenerator,
        comparisonRate: Int
    ) {
        self.ledger = ledger
        self.clock = clock
        self.random = random
        self.comparisonRate = comparisonRate
    }

    private var lastResult = CommandResult.quiet

    private func broken(_ rule: Rule?) -> String? { rule?(reference, lastResult) }

    // MARK: - One command

    private mutating func execute(_ number: UInt64, _ index: Int) async throws(HistoryFailure) {
        clock.now = clock.now.adding(milliseconds: CommandMaker.pauseMilliseconds(number))
        let now = clock.now
        var maker = CommandMaker(number: number, reference: reference, now: now)
        let envelope = maker.make()
        let given = GivenCommand(envelope: envelope, at: now, kind: envelope.command.kind)
        outcome.commands.append(given)
        let first = reference.size + 1
        let before = reference.facts
        let dry = reference.decide(envelope, at: now)
        let result = reference.execute(envelope, at: now)
        lastResult = result
        outcome.coverage.note(result, of: given.kind)
        try check(index) { () throws(LedgerError) in
            let tried = try ledger.dryRun(envelope)
            return tried == dry ? nil : "tried, it comes to \(tried), not \(dry)"
        }
        let stored: Outcome<Refusal>
        do throws(LedgerError) {
            stored = try await ledger.execute(envelope)
        } catch {
            throw HistoryFailure(index: index, what: "the ledger failed: \(error)")
        }
        if let difference = Self.difference(stored, result, from: first) {
            throw HistoryFailure(index: index, what: difference)
        }
        if case .events = result {
            try compareEvents(from: first, index)
            try compareStates(of: maker.project, index)
            try checkRules(from: first, before, index)
        }
        if Int.random(in: 0..<comparisonRate, using: &random) == 0 { try compareAll(index) }
    }

    /// What must hold after every command that was accepted.
    private mutating func checkRules(
        from first: UInt64,
        _ before: DictionaryFacts,
        _ index: Int
    ) throws(HistoryFailure) {
        let added = reference.events[(Int(first) - 1)...]
        for (offset, entry) in added.enumerated() {
            let project = ProjectName(unchecked: entry.header.project)
            let number = first + UInt64(offset)
            if let found = tracker.take(entry.event, in: project, at: number) {
                throw HistoryFailure(index: index, what: found)
            }
        }
        if let found = tracker.difference(from: reference) {
            throw HistoryFailure(index: index, what: found)
        }
        let project = ProjectName(unchecked: added.first?.header.project ?? "")
        let time = max(clock.now, reference.recorded)
        let automation = AutomationCheck(
            before: before,
            after: reference.facts,
            project: project,
            now: time
        )
        let queues = QueueCheck(facts: reference.facts, project: project)
        try check(index) { () throws(LedgerError) in
            do throws(FactsFailure) {
                if let found = queues.finding() { return found }
                return try automation.finding(after: added.map(\.event))
            } catch {
                throw .facts(error)
            }
        }
        try checkProposals(of: project, index, at: time)
    }

    private static func difference(
        _ stored: Outcome<Refusal>,
        _ result: CommandResult,
        from first: UInt64
    ) -> String? {
        let agrees =
            switch (stored, result) {
            case (.quiet, .quiet): true
            case (.refused(let left), .refused(let right)): left == right
            case (.accepted(let receipt), .events(let drafts)):
                !receipt.isDuplicate && receipt.first.rawValue == first
                    && receipt.last.rawValue == first + UInt64(drafts.count) - 1
            case (.accepted(let receipt), .duplicate(let position)):
                receipt.isDuplicate && receipt.first == position
            case (.conflict, .conflict): true
            default: false
            }
        return agrees ? nil : "the ledger says \(stored), the model \(result)"
    }

    /// Turns the sentence of a comparison, or a failure of the ledger, into a failure of the run.
    func check(
        _ index: Int,
        _ body: () throws(LedgerError) -> String?
    ) throws(HistoryFailure) {
        let found: String?
        do throws(LedgerError) { found = try body() } catch {
            found = "the ledger failed: \(error)"
        }
        if let found { throw HistoryFailure(index: index, what: found) }
    }

    // MARK: - Comparing

    func compareEvents(from first: UInt64, _ index: Int) throws(HistoryFailure) {
        try check(index) { () throws(LedgerError) in
            try ledger.read { (view) throws(LedgerError) in
                for number in first...reference.size {
                    let stored = try view.event(at: Position(rawValue: number))
                    let expected = reference.events[Int(number) - 1]
                    guard stored.event == expected.event,
                        expected.header.agrees(with: stored.header)
                    else { return "#\(number) is \(stored), not \(expected)" }
                }
                return nil
            }
        }
    }

    private func compareStates(of project: ProjectName, _ index: Int) throws(HistoryFailure) {
        try check(index) { () throws(LedgerError) in
            try ledger.read { (view) throws(LedgerError) in
                try view.ask { facts throws(FactsFailure) in
                    let stored = try PictureMaker.states(of: project, facts)
                    let expected = try PictureMaker.states(of: project, reference.facts)
                    return stored.difference(from: expected)
                }
            }
        }
    }

    /// Everything, and every answer, as of now; and that what is proposed would be accepted.
    mutating func compareAll(_ index: Int) throws(HistoryFailure) {
        let time = max(clock.now, reference.recorded)
        try check(index) { () throws(LedgerError) in
            try ledger.read { (view) throws(LedgerError) in
                try view.ask { facts throws(FactsFailure) in
                    try Self.difference(facts, reference.facts, at: time)
                }
            }
        }
        for project in reference.facts.projects() {
            try check(index) { () throws(LedgerError) in
                let scan = CandidateScan(facts: reference.facts, project: project, now: time)
                do throws(FactsFailure) { return try scan.finding() } catch { throw .facts(error) }
            }
        }
        for project in reference.facts.projects() {
            try checkProposals(of: project, index, at: time)
        }
        do throws(LedgerError) {
            let root = try ledger.read { (view) throws(LedgerError) in view.snapshot.root }
            keepsakes.append(Keepsake(facts: reference.facts, time: time, root: root))
        } catch {
            throw HistoryFailure(index: index, what: "the ledger failed: \(error)")
        }
    }

    static func difference(
        _ stored: StoreFacts,
        _ expected: DictionaryFacts,
        at time: Timestamp
    ) throws(FactsFailure) -> String? {
        let picture = try PictureMaker.everything(stored)
        if let found = try picture.difference(from: PictureMaker.everything(expected)) {
            return found
        }
        let answers = try Answers.all(of: stored, at: time)
        if let found = try answers.difference(from: Answers.all(of: expected, at: time)) {
            return found
        }
        return try IndexCheck.finding(in: stored)
    }

    /// Whether the ledger would accept whatever automation calls for.
    private mutating func checkProposals(
        of project: ProjectName,
        _ index: Int,
        at time: Timestamp
    ) throws(HistoryFailure) {
        let subjects: [Subject]
        do throws(FactsFailure) { subjects = try reference.facts.subjects(in: project) } catch {
            throw HistoryFailure(index: index, what: "\(error)")
        }
        for subject in subjects {
            for proposal in reference.nextSteps(for: subject, in: project, at: time).commands {
                outcome.coverage.proposalCount += 1
                let verdict = reference.decide(proposal.envelope(), at: time)
                guard case .events = verdict else {
                    let what = "\(proposal) is proposed, yet \(verdict)"
                    throw HistoryFailure(index: index, what: what)
                }
                if reference.hasAccepted(proposal.commandID) {
                    let what = "\(proposal) is proposed under an id that was used"
                    throw HistoryFailure(index: index, what: what)
                }
            }
        }
    }
}

extension Header {
    /// Whether two headers say the same, but for what only the log knows.
    fileprivate func agrees(with other: Header) -> Bool {
        position == other.position && recorded == other.recorded && wallClock == other.wallClock
            && type == other.type && project == other.project && subject == other.subject
            && actor == other.actor && commandID == other.commandID
            && contentHash == other.contentHash && indexInCommand == other.indexInCommand
            && cause == other.cause
    }
}
