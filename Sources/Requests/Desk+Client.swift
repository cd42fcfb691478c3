import EventLog
import Ledger
import LedgerAPI
import PromotionModel

/// The client of a ledger that is open in this process.
extension Desk: RequestClient {
    /// Answers a question here.
    package func answer(_ question: some Question) async throws -> Answer {
        try question.answer(self)
    }

    /// Executes a change here.
    package func execute(
        _ change: some Change,
        _ terms: ChangeTerms,
        isFollowed: Bool
    ) async throws -> ChangeAnswer {
        switch try await execute(change, terms) {
        case .nothing(let answer): ChangeAnswer(answer: answer)
        case .recorded(let receipt, let events, let told):
            ChangeAnswer(
                answer: answer(receipt, events, told: told),
                promotions: isFollowed ? events.compactMap { RequestedPromotion($0) } : []
            )
        }
    }

    /// Follows the log until a promotion has ended.
    package func end(of promotion: RequestedPromotion) async throws -> PromotionEnd {
        let name = PromotionName(unchecked: promotion.name)
        let project = ProjectName(unchecked: promotion.project)
        for await _ in try ledger.log.follow(after: .origin) {
            let state = try read { view in
                try view.ask { facts throws(FactsFailure) in
                    try facts.promotionState(name, in: project)
                }
            }
            if state.phase.isTerminal {
                return PromotionEnd(phase: "\(state.phase)", message: state.message)
            }
        }
        throw CommandFailure(
            .failure,
            "failure",
            "the ledger was closed before promotion \(name) ended; see waybill describe "
                + "promotion/\(name)"
        )
    }
}

extension RequestedPromotion {
    /// The promotion that an event asks for; nil if it is about something else.
    fileprivate init?(_ event: LedgerEvent) {
        guard case .promotionRequested(let asked) = event.event else { return nil }
        self.init(name: asked.request.name.rawValue, project: event.header.project)
    }
}
