import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// Questions to a large ledger: what is next, pages, availability, explanations; now and as of
/// the middle of the history.
struct QuestionBenchmark {
    let ledger: Ledger
    private let project = Pipeline.project

    init(ledger: Ledger) {
        self.ledger = ledger
    }

    /// One kind of question.
    private struct Question {
        let name: String
        let wantedMicros: Double?
        let count: Int
        let ask: (_ index: Int, _ at: MomentReference) throws -> Void
    }

    func run(only part: String?) throws {
        let size = try ledger.log.head().position
        let middle = MomentReference.position(Position(rawValue: size.rawValue / 2))
        Output.line("| question | median µs | 99 % µs | wanted | | in the middle | |")
        Output.line("|---|---|---|---|---|---|---|")
        for question in try questions() {
            if let part, !question.name.hasPrefix(part) { continue }
            let now = try measure(question, at: .now)
            let then = try measure(question, at: middle)
            let verdict = question.wantedMicros.map { now.median <= $0 ? "reached" : "missed" }
            let wanted = question.wantedMicros.map { "\(Int($0))" }
            Output.line(
                "| \(question.name) | \(fixed(now.median)) | \(fixed(now.tail)) "
                    + "| \(wanted ?? "") | \(verdict ?? "") "
                    + "| \(fixed(then.median)) | \(fixed(then.median / now.median)) × |"
            )
        }
    }

    private func measure(
        _ question: Question,
        at moment: MomentReference
    ) throws -> (median: Double, tail: Double) {
        for index in 0..<min(question.count, 10) { try question.ask(index, moment) }
        var micros: [Double] = []
        for index in 0..<question.count {
            let began = ContinuousClock.now
            try question.ask(index, moment)
            micros.append((ContinuousClock.now - began) / .microseconds(1))
        }
        Memory.sample()
        micros.sort()
        return (micros[micros.count / 2], micros[micros.count * 99 / 100])
    }

    private func fixed(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    private func questions() throws -> [Question] {
        try commits() + pages() + single()
    }

    // MARK: - After a commit

    /// What automation asks after one commit: the dependents of its events, and what is next
    /// about each; on the last commits of each kind.
    private func commits() throws -> [Question] {
        let kinds: [(String, EventType, String?)] = [
            ("next: freight was made", .freightCreated, nil),
            ("next: one stage of one service succeeded", .promotionSucceeded, "service-"),
            ("next: dev succeeded with 25", .promotionSucceeded, "dev."),
            ("next: uat succeeded with 25", .promotionSucceeded, "uat."),
            ("next: a bundle for 23 prods", .freightRepackaged, nil),
            ("next: a promotion was asked for", .promotionRequested, nil),
        ]
        return try kinds.map { name, type, subject in
            let latest = try commands(with: type, subject, in: ledger, part: 1)
            let earlier = try commands(with: type, subject, in: ledger, part: 0.5)
            return Question(name: name, wantedMicros: 1000, count: 200) { index, moment in
                let commands = moment == .now ? latest : earlier
                try askNextSteps(after: commands[index % commands.count])
            }
        }
    }

    /// The last commands before a part of the log that made such an event.
    private func commands(
        with type: EventType,
        _ subject: String?,
        in ledger: Ledger,
        part: Double
    ) throws -> [ClosedRange<UInt64>] {
        let size = try ledger.log.head().position.rawValue
        return try ledger.log.read { (snapshot) throws(EventLogError) in
            var found: [ClosedRange<UInt64>] = []
            var last: UInt64 = 0
            var isWanted = false
            let end = Position(rawValue: UInt64(Double(size) * part))
            try snapshot.forEachHeader(through: end, reverse: true) {
                (header) throws(EventLogError) in
                if last == 0 { last = header.position.rawValue }
                if header.type == type.rawValue {
                    isWanted =
                        isWanted || subject.map { header.subject.contains("/" + $0) } ?? true
                }
                if header.indexInCommand == 0 {
                    if isWanted { found.append(header.position.rawValue...last) }
                    last = 0
                    isWanted = false
                }
                return found.count < 20
            }
            return found
        }
    }

    private func askNextSteps(after positions: ClosedRange<UInt64>) throws {
        let last = Position(rawValue: positions.upperBound)
        try ledger.read(at: .position(last)) { (view) throws(LedgerError) in
            var subjects: Set<Subject> = []
            for number in positions {
                let event = try view.event(at: Position(rawValue: number))
                guard let payload = event.event else { continue }
                subjects.formUnion(
                    try view.ask { facts throws(FactsFailure) in
                        try facts.dependents(of: payload, in: project)
                    }
                )
            }
            for subject in subjects {
                _ = try view.ask { _ throws(FactsFailure) in
                    try view.nextStepsRule(in: project).nextSteps(for: subject)
                }
            }
        }
    }

    // MARK: - Pages

    private func pages() -> [Question] {
        let all = Position(rawValue: .max)
        return [
            Question(name: "page: 50 pieces of freight", wantedMicros: 2000, count: 200) {
                index,
                moment in
                let origin = Pipeline.origin(index % 25)
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    let page = try view.freight(of: origin, in: project, before: all, limit: 50)
                    precondition(page.items.count == 50, "a full page")
                    for id in page.items { _ = try Shape.freight(id, in: project, view) }
                }
            },
            Question(name: "page: 50 of all freight", wantedMicros: 2000, count: 200) {
                _,
                moment in
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    let page = try view.freight(in: project, before: all, limit: 50)
                    precondition(page.items.count == 50, "a full page")
                    for id in page.items { _ = try Shape.freight(id, in: project, view) }
                }
            },
            Question(name: "page: history of uat, 25 components", wantedMicros: 2000, count: 200) {
                _,
                moment in
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    let page = try view.history(of: Pipeline.uat, in: project, limit: 50)
                    precondition(page.items.count > 40, "a full page")
                }
            },
            Question(name: "page: history of a service's stage", wantedMicros: 2000, count: 200) {
                index,
                moment in
                let stage = Pipeline.ownStage(index % 25, 0)
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    let page = try view.history(of: stage, in: project, limit: 50)
                    precondition(page.items.count > 40, "a full page")
                }
            },
            Question(name: "page: all 600 stages and what they run", wantedMicros: nil, count: 20) {
                _,
                moment in
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    for stage in try view.ask({ facts throws(FactsFailure) in
                        try facts.stages(in: project)
                    }) {
                        _ = try view.ask { facts throws(FactsFailure) in
                            try facts.stageState(stage, in: project)
                        }
                    }
                }
            },
        ]
    }

    // MARK: - One thing

    private func single() -> [Question] {
        [
            availability("availability: to dev, direct", Pipeline.dev),
            availability("availability: to uat, passed dev", Pipeline.uat),
            Question(name: "explain: uat, 25 origins", wantedMicros: 10_000, count: 100) {
                _,
                moment in
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    _ = try view.explain(Pipeline.uat, in: project)
                }
            },
            Question(name: "explain: a prod", wantedMicros: 10_000, count: 100) { index, moment in
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    _ = try view.explain(Pipeline.prod(index % 23), in: project)
                }
            },
            Question(name: "explain: a service's stage", wantedMicros: 10_000, count: 200) {
                index,
                moment in
                let stage = Pipeline.ownStage(index % 25, index % 23)
                try ledger.read(at: moment) { (view) throws(LedgerError) in
                    _ = try view.explain(stage, in: project)
                }
            },
        ]
    }

    private func availability(_ name: String, _ stage: StageName) -> Question {
        Question(name: name, wantedMicros: 50, count: 5000) { index, moment in
            let id = PipelineLoad.freight(index % 25, (index * 37) % 2000)
            try ledger.read(at: moment) { (view) throws(LedgerError) in
                _ = try view.ask { facts throws(FactsFailure) in
                    guard let freight = try facts.freight(id, in: project) else {
                        throw .inconsistent("\(id) was made")
                    }
                    return try view.availabilityRule(in: project)
                        .availability(of: freight, to: .stage(stage))
                }
            }
        }
    }
}
