package import Expressions
import PromotionModel

/// Who answers requests: a ledger that is open in this process, or a server.
///
/// A command is written once, and asks whichever of them its options mean.
package protocol RequestClient: Sendable {
    /// Answers a question, in the form that was asked for.
    ///
    /// - Throws: `CommandFailure`, in the same words whoever answers.
    func answer(_ question: some Question) async throws -> Answer

    /// Executes a change, or says what it would do.
    ///
    /// With `isFollowed` the promotions that it asked for are found out, too.
    func execute(
        _ change: some Change,
        _ terms: ChangeTerms,
        isFollowed: Bool
    ) async throws -> ChangeAnswer

    /// How a promotion ended; waits until it has.
    func end(of promotion: RequestedPromotion) async throws -> PromotionEnd
}

/// What a change comes to, for whoever asked for it.
package struct ChangeAnswer: Sendable {
    /// What is shown.
    package var answer: Answer
    /// The promotions that were asked for, if somebody wants to follow them.
    package var promotions: [RequestedPromotion]

    /// This answer, and these promotions.
    package init(answer: Answer, promotions: [RequestedPromotion] = []) {
        self.answer = answer
        self.promotions = promotions
    }
}

/// A promotion that was asked for.
package struct RequestedPromotion: Sendable {
    /// Its name.
    package var name: String
    package var project: String

    /// The promotion with this name in this project.
    package init(name: String, project: String) {
        self.name = name
        self.project = project
    }
}

/// How a promotion ended.
package struct PromotionEnd: Sendable {
    /// `succeeded`, `failed`, `errored`, `aborted` or `superseded`.
    package var phase: String
    package var message: String?

    /// It ended so.
    package init(phase: String, message: String?) {
        self.phase = phase
        self.message = message
    }

    /// How a promotion that is described as this value ended; nil if it goes on.
    package init?(_ promotion: Value) {
        guard let word = promotion["phase"]?.stringValue,
            let phase = PromotionPhase.allCases.first(where: { "\($0)" == word }), phase.isTerminal
        else { return nil }
        self.init(phase: word, message: promotion["message"]?.stringValue)
    }
}
