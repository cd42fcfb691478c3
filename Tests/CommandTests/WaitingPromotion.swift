import EventLog
import Ledger
import PromotionModel

/// A promotion that waits for somebody's answer.
enum WaitingPromotion {
    /// A copy of the fixed ledger in which the release of prod waits for somebody's word.
    static func made() async throws -> (place: LedgerDirectory, promotion: String) {
        let copy = try await FixedLedger.shared.copied()
        let stage = try await copy.run("get", "stage", "prod", "-o", "json").checked().json
        let name = stage["pending"][0].text
        let promotion = PromotionName(unchecked: name)
        let project = ProjectName(unchecked: "shop")
        let ledger = try Ledger.open(at: copy.ledger)
        let commands: [Command] = [
            .startPromotion(StartPromotion(project: project, promotion: promotion)),
            .startStep(StartStep(project: project, promotion: promotion, attempt: 1, step: 0)),
            .requestInput(
                RequestInput(
                    project: project,
                    promotion: promotion,
                    attempt: 1,
                    step: 0,
                    message: "the release manager's word",
                    url: "https://git.example.com/pulls/7"
                )
            ),
        ]
        for (index, command) in commands.enumerated() {
            let envelope = CommandEnvelope(
                id: CommandID(unchecked: "runner-\(index)"),
                actor: EventActor(name: "runner", assurance: .automation),
                command: command
            )
            guard case .accepted = try await ledger.execute(envelope) else {
                throw TestFailure("\(command) was not accepted")
            }
        }
        await ledger.log.close()
        return (copy, name)
    }
}
