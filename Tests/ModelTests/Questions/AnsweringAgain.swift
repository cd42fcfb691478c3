import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Testing

/// Every question, asked again later about an earlier moment.
@Suite struct AnsweringAgain {
    @Test func `asked later as of then, every question has the answer that it had then`()
        async throws
    {
        let seed = UInt64.random(in: 1...1_000_000)
        var shop = LivelyShop(seed: seed)
        try await withLedger { ledger, clock in
            var answers: [(position: Position, lines: [String])] = []
            var doneCount = 0
            for step in 0..<120 {
                shop.step()
                for (envelope, time) in shop.world.given.dropFirst(doneCount) {
                    clock.now = time
                    _ = try await ledger.execute(envelope)
                }
                doneCount = shop.world.given.count
                guard step % 8 == 7 else { continue }
                // As of the last event's own time: what depends on time is judged at that.
                clock.now = try ledger.log.head().recorded
                answers.append(
                    try ledger.asked { view in (view.moment.position, try Answers.all(view)) }
                )
            }
            // A history may end with most of the pipeline deleted; it did not begin so.
            #expect(answers.contains { $0.lines.count > 100 }, "seed \(seed)")
            for (position, expected) in answers {
                let lines = try ledger.asked(at: .position(position)) { view in
                    try Answers.all(view)
                }
                for (line, wanted) in zip(lines, expected) where line != wanted {
                    Issue.record("seed \(seed), at \(position): \(line) was \(wanted)")
                    return
                }
                #expect(lines.count == expected.count, "seed \(seed), at \(position)")
            }
        }
    }
}

/// What the ledger answers, as lines of JSON.
private struct Answers {
    let view: View
    let project = Shop.project
    private(set) var lines: [String] = []

    /// The answers to all questions.
    static func all(_ view: View) throws -> [String] {
        var answers = Answers(view: view)
        try answers.stages()
        try answers.junctions()
        try answers.freight()
        try answers.promotions()
        try answers.audits()
        return answers.lines
    }

    private mutating func add(_ question: String, _ answer: Value) {
        lines.append("\(question): \(answer.json)")
    }

    private mutating func stages() throws {
        let stages = try view.ask { facts throws(FactsFailure) in
            try facts.stages(in: project, after: nil, limit: 100).names
        }
        for stage in stages {
            add("\(stage)", try Shape.stage(stage, in: project, view))
            for entry in try view.history(of: stage, in: project, limit: 5).items {
                add("history of \(stage)", try Shape.history(entry, in: project, view))
            }
            for line in try view.blame(stage, in: project) {
                add("blame of \(stage)", try Shape.blame(line, in: project, view))
            }
            add("why \(stage)", Shape.explanation(try view.explain(stage, in: project)))
            let left = try view.combination("stage/\(stage)", in: project)
            for other in stages {
                let right = try view.combination("stage/\(other)", in: project)
                add(
                    "\(stage) to \(other)",
                    try Shape.difference(from: left, to: right, in: project, view)
                )
            }
        }
    }

    private mutating func junctions() throws {
        let junctions = try view.ask { facts throws(FactsFailure) in
            try facts.junctions(in: project, after: nil, limit: 100).names
        }
        for junction in junctions {
            add("\(junction)", try Shape.junction(junction, in: project, view))
            add("why \(junction)", Shape.explanation(try view.explain(junction, in: project)))
            add(
                "next of \(junction)",
                try Shape.preview(try view.preview(of: junction, in: project), in: project, view)
            )
            for withSlots in [false, true] {
                let lines = try view.history(
                    of: junction,
                    in: project,
                    withSlots: withSlots,
                    limit: 10
                ).items
                for line in lines {
                    add("history of \(junction)", try Shape.history(line, in: project, view))
                }
            }
        }
    }

    private mutating func freight() throws {
        let newest = try view.freight(in: project, limit: 20)
        for id in newest.items {
            let why = try view.explain(id, in: project)
            add("why \(id.short)", Shape.explanation(why, at: view.moment.position))
            for trace in try view.trace(id.rawValue, in: project).items {
                add("trace", try Shape.trace(trace, in: project, view))
            }
        }
        for consumer in [Consumer.stage(Shop.uat), .stage(Shop.prod), .junction(Shop.release)] {
            let page = try view.freight(availableTo: consumer, in: project, limit: 20)
            add("available to \(consumer.subject)", .array(page.items.map { .string($0.rawValue) }))
        }
        let running = try view.freight(runningIn: Shop.prod, in: project, limit: 20)
        add("in prod", .array(running.items.map { .string($0.rawValue) }))
    }

    private mutating func promotions() throws {
        var filter = PromotionFilter()
        for phases in [[], [.pending, .running], [.failed]] as [Set<PromotionPhase>] {
            filter.phases = phases
            for name in try view.promotions(filter, in: project, limit: 10).items {
                add("promotion", try Shape.promotion(name, in: project, view))
            }
        }
    }

    private mutating func audits() throws {
        var filter = AuditFilter()
        filter.text = "release-manager"
        for event in try view.events(filter, limit: 5).items { add("audit", Shape.event(event)) }
        for note in try view.notes(about: .stage(Shop.prod), in: project, limit: 5).items {
            add("note", Shape.note(note))
        }
        for name in ["freeze", "release"] {
            guard let bookmark = try view.bookmark(name, in: project) else { continue }
            add("bookmark", Shape.bookmark(bookmark, in: project))
        }
    }
}
