import Expressions

/// Warehouses that are to be looked at now: `waybill discover`.
package struct DiscoveryRequest: Request {
    /// Their names; all of the project if there are none.
    package var warehouses: [String] = []

    package init() {}

    /// The header field that says how many warehouses could not be looked at.
    package static let failuresField = "Waybill-Failures"

    package var place: RequestPlace { .ofProject("discover") }

    package static let fields: [RequestField<DiscoveryRequest>] = [
        .texts("warehouses", \.warehouses, "Warehouses; all of the project if none is named.")
    ]
}

/// What came of a look at warehouses.
package struct DiscoveryAnswer: Sendable {
    package var answer: Answer
    /// How many of them could not be looked at.
    package var failureCount: Int

    /// This answer, and so many that could not be looked at.
    package init(answer: Answer, failureCount: Int) {
        self.answer = answer
        self.failureCount = failureCount
    }
}

extension Desk {
    /// Looks at warehouses, and records what is new.
    ///
    /// The command id of the terms is that of the only one; several get ids of their own.
    package typealias Look =
        @Sendable (DiscoveryRequest, Desk, ChangeTerms) async throws -> DiscoveryAnswer
}
