import EventLog
import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Secrets
import Synchronization
import Testing

/// The steps of a verification: performed in one go, and reported once.
@Suite struct VerificationRuns {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// What came to the ledger, and whether the verification is open.
    private final class Desk: Sendable {
        private let state = Mutex<(commands: [Command], isOpen: Bool)>(([], true))
        func take(_ command: Command) { state.withLock { $0.commands.append(command) } }
        func close() { state.withLock { $0.isOpen = false } }
        var isOpen: Bool { state.withLock { $0.isOpen } }
        var commands: [Command] { state.withLock { $0.commands } }
        var findings: [VerificationStep] {
            guard case .finishVerification(let command) = commands.last else { return [] }
            return command.steps
        }
    }

    private func verify(
        _ steps: [StepTemplate],
        components: [JobComponent] = [],
        at desk: Desk = Desk(),
        _ configure: (inout RunnerOptions) throws -> Void = { _ in }
    ) async throws -> (outcome: RunOutcome, desk: Desk) {
        let verification = VerificationJob(
            job: job(steps, components: components),
            started: Position(rawValue: 7)
        )
        var options = RunnerOptions()
        options.script("look", perform: { _ in .succeeded(["found": "all is well"]) })
        options.pause = { _ in }
        try configure(&options)
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: { command in
                desk.take(command)
                return .quiet
            },
            load: { _, _ in nil },
            loadVerification: { _, _ in desk.isOpen ? verification : nil },
            options: options
        )
        let outcome = try await runner.verify(
            verification.job.project,
            verification.job.promotion.name
        )
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(workshop.path)/runner")
        #expect(left == [], "the work directory is gone")
        return (outcome, desk)
    }

    @Test func `steps know what was promoted, and their results are reported once`() async throws {
        let (outcome, desk) = try await verify(
            [
                step("look", alias: "first"),
                step("look", alias: "each", forEach: .changed),
                step(
                    "fail",
                    ["message": "${{ outputs.first.found }} in ${{ ctx.stage }}"],
                    condition: "${{ outputs.first.found != 'all is well' }}"
                ),
            ],
            components: [component("web", .changed), component("api", .unchanged)]
        )
        #expect(outcome == .ended)
        #expect(desk.commands.count == 1)
        #expect(
            desk.findings.map { "\($0.alias) \($0.uses) \($0.template) \($0.status)" } == [
                "first look 0 succeeded", "each[Warehouse/web] look 1 succeeded",
                "step-3 fail 2 skipped",
            ]
        )
        guard case .finishVerification(let command) = desk.commands[0] else { return }
        #expect(command.started == Position(rawValue: 7))
    }

    @Test func `after a step that fails the others are skipped`() async throws {
        let (_, desk) = try await verify([
            step("look"), step("fail", ["message": "the page is blank"]), step("look"),
            step("look", condition: "${{ always() }}"),
        ])
        #expect(desk.findings.map(\.status) == [.succeeded, .failed, .skipped, .succeeded])
        #expect(desk.findings[1].message == "the page is blank")
    }

    @Test(arguments: ["git-commit", "git-push", "git-tag"])
    func `what changes what others see is not performed`(uses: String) async throws {
        let (_, desk) = try await verify([step(uses, ["path": "out"])])
        #expect(desk.findings.map(\.status) == [.errored])
        #expect(
            desk.findings[0].message
                == "\(uses) changes what others see, and a verification only looks"
        )
    }

    @Test func `it stops when the verification is over, and reports nothing`() async throws {
        let desk = Desk()
        let (outcome, _) = try await verify([step("ask"), step("look")], at: desk) { options in
            options.script("ask", perform: { _ in .waiting(for: "the pods") })
            options.pause = { _ in desk.close() }
        }
        let name = job([]).promotion.name
        #expect(outcome == .stopped(.verificationOver(name)))
        #expect(desk.commands.isEmpty)
    }

    @Test func `a verification that is over, or has no steps, is not performed`() async throws {
        let desk = Desk()
        desk.close()
        #expect(try await verify([step("look")], at: desk).outcome == .notRunning)
        #expect(desk.commands.isEmpty)
    }

    @Test func `secrets are hidden in what is reported`() async throws {
        let safe = try Safe()
        try safe.put("secrets/shop/npm/token", "correct-horse")
        let (_, desk) = try await verify([
            step("fail", ["message": "401 with ${{ secret('npm').token }}"])
        ]) { $0.sources.keys = safe.store() }
        #expect(desk.findings.map(\.message) == ["401 with ***"])
    }
}
