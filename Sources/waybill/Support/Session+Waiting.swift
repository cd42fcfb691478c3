import ArgumentParser
import EventLog
import Expressions
import Ledger
import LedgerAPI
import PromotionModel
import Requests

/// Waiting for what a command asked for.
extension Session {
    /// Prints what was recorded, waits until the promotions that it asked for have ended, and
    /// says how; exit code 1 if one did not succeed.
    func waitForEnd(
        of receipt: Receipt,
        _ events: [LedgerEvent],
        told: String
    ) async throws {
        Output.text(told)
        var outcomes: [Value] = []
        var haveSucceeded = true
        for event in events {
            guard case .promotionRequested(let asked) = event.event else { continue }
            let project = ProjectName(unchecked: event.header.project)
            let state = try await end(of: asked.request.name, in: project)
            haveSucceeded = haveSucceeded && state.phase == .succeeded
            if options.isStructured {
                outcomes.append(
                    Shape.object([
                        ("promotion", .string(asked.request.name.rawValue)),
                        ("phase", .string("\(state.phase)")),
                        ("message", state.message.map { .string($0) } ?? .null),
                    ])
                )
            } else {
                let message = state.message.map { ": \($0)" } ?? ""
                Output.line("\(asked.request.name) \(state.phase)\(message)")
            }
        }
        if options.isStructured {
            show(Shape.receipt(receipt, events: events, with: [("outcomes", .array(outcomes))]))
        }
        if !haveSucceeded { throw ExitCode(CommandFailure.Code.failure.rawValue) }
    }

    /// How a promotion ended; waits until it has.
    private func end(
        of promotion: PromotionName,
        in project: ProjectName
    ) async throws -> PromotionState {
        for await _ in try ledger.log.follow(after: .origin) {
            let state = try read { view, _ in
                try view.ask { facts throws(FactsFailure) in
                    try facts.promotionState(promotion, in: project)
                }
            }
            if state.phase.isTerminal { return state }
        }
        throw CommandFailure(
            .failure,
            "failure",
            "the ledger was closed before promotion \(promotion) ended; see waybill describe "
                + "promotion/\(promotion)"
        )
    }
}
