import EventLog
import PromotionModel

extension EventTeller {
    /// Tokens and roles.
    func access(_ event: Event) -> EventPhrase {
        let icon = "hold"
        if case .tokenIssued(let event) = event {
            let until = event.expires.map { " until \($0)" } ?? ""
            return EventPhrase(
                icon,
                "c-2",
                [.text("token "), .strong(event.token.rawValue), .text(" issued\(until)")],
                why: event.reason
            )
        }
        if case .tokenRevoked(let event) = event {
            return EventPhrase(
                icon,
                "c-2",
                [.text("token "), .strong(event.token.rawValue), .text(" revoked")],
                why: event.reason
            )
        }
        if case .roleGranted(let event) = event {
            let stages = event.stages.isEmpty ? "" : " for \(event.stages.joined(separator: ", "))"
            return EventPhrase(
                icon,
                "c-2",
                [
                    .strong(event.principal.rawValue),
                    .text(" is \(event.role.name)\(stages) \(place)"),
                ],
                why: event.reason
            )
        }
        guard case .roleRevoked(let event) = event else {
            preconditionFailure("\(event.type.name) is told elsewhere")
        }
        return EventPhrase(
            icon,
            "c-2",
            [
                .strong(event.principal.rawValue),
                .text(" is no longer \(event.role.name) \(place)"),
            ],
            why: event.reason
        )
    }

    private var place: String {
        project == .cluster ? "in all projects" : "in the project"
    }
}
