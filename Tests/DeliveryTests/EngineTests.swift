import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Synchronization
import Testing

/// Steps run, are skipped and are tried again as in Kargo.
@Suite struct PerformingSteps {
    let workshop: Workshop
    let repository: Repository

    init() async throws {
        workshop = try Workshop()
        repository = try await workshop.makeRepository("code")
        try await repository.push("First", files: ["a.yaml": "a: 1\n"])
    }

    /// A step that succeeds, with `path` as the directory that it makes.
    private func good(_ path: String, alias: String? = nil, condition: String? = nil)
        -> StepTemplate
    {
        step(
            "git-clone",
            ["repoURL": .string(repository.url), "checkout": [["path": .string(path)]]],
            alias: alias,
            condition: condition
        )
    }

    /// A step that breaks.
    private func bad(continueOnError: Bool = false) -> StepTemplate {
        step("no-such-step", continueOnError: continueOnError)
    }

    /// Performs a job to its end; the statuses in their order, and the ledger.
    private func perform(
        _ job: PromotionJob,
        options: RunnerOptions = RunnerOptions()
    ) async throws -> (statuses: [StepStatus], ledger: FakeLedger) {
        let ledger = FakeLedger(job)
        var options = options
        options.allowFileRepositories = true
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        #expect(try await runner.perform(job.project, job.promotion.name) == .ended)
        return (await ledger.finishes.map(\.status), ledger)
    }

    @Test func `each step is reported when it starts and when it ends`() async throws {
        let (_, ledger) = try await perform(job([good("a"), bad()]))
        #expect(
            await ledger.reports == [
                "start 0", "finish 0 succeeded", "start 1", "finish 1 errored",
            ]
        )
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(workshop.path)/runner")
        #expect(left.isEmpty)
    }

    @Test func `after a failure, steps without a condition are skipped`() async throws {
        let steps = [
            bad(), good("a"), good("b", condition: "${{ failure() }}"),
            good("c", condition: "${{ success() }}"), good("d", condition: "${{ always() }}"),
        ]
        let (statuses, _) = try await perform(job(steps))
        #expect(statuses == [.errored, .skipped, .succeeded, .skipped, .succeeded])
    }

    @Test func `a failure that may be does not count`() async throws {
        let steps = [
            bad(continueOnError: true), good("a"), good("b", condition: "${{ failure() }}"),
        ]
        let (statuses, _) = try await perform(job(steps))
        #expect(statuses == [.errored, .succeeded, .skipped])
    }

    @Test(arguments: ["true", "${{ 1 }}", "${{ 'yes' }}", "${{ nothing() }}", "${{ ( }}"])
    func `a condition that comes to no truth value breaks the step`(condition: String) async throws
    {
        let (statuses, _) = try await perform(job([good("a", condition: condition)]))
        #expect(statuses == [.errored])
    }

    @Test func `a condition may look at outputs, variables and other steps`() async throws {
        let steps = [
            good("a", alias: "clone"),
            good("b", condition: "${{ len(outputs.clone.commits.a) == 40 }}"),
            good("c", condition: "${{ status('clone') == 'Succeeded' && vars.on == 'yes' }}"),
            good("d", condition: "${{ status('later') != '' }}"),
        ]
        let (statuses, _) = try await perform(job(steps, vars: [("on", "yes")]))
        #expect(statuses == [.succeeded, .succeeded, .succeeded, .skipped])
    }

    @Test func `variables see those before them`() async throws {
        var clone = good("${{ vars.path }}")
        clone.vars = [Variable(name: "path", value: "${{ vars.b }}/${{ ctx.stage }}")]
        clone.config = [
            "repoURL": .string(repository.url),
            "checkout": [["path": "${{ replace(vars.path, '/', '-') }}"]],
        ]
        let (_, ledger) = try await perform(
            job([clone], vars: [("a", "x")], templateVars: [("b", "${{ vars.a + 'y' }}")])
        )
        let commits = await ledger.finishes[0].outputs["commits"]
        #expect(commits?.objectValue?.keys.sorted() == ["xy-prod"])
    }

    @Test func `an error of an expression says where it stands`() async throws {
        let (_, ledger) = try await perform(
            job([good("${{ vars.a }}")], vars: [("a", "${{ nothing() }}")])
        )
        let message = await ledger.finishes[0].message
        #expect(message?.hasPrefix("vars.a: there is no function nothing()") == true)
    }

    @Test func `a step that nobody knows proposes one that there is`() async throws {
        let (_, ledger) = try await perform(job([step("git-comit")]))
        #expect(
            await ledger.finishes[0].message
                == "there is no step git-comit; did you mean git-commit?"
        )
    }

    @Test func `an unknown field proposes one that there is`() async throws {
        let (_, ledger) = try await perform(
            job([
                step(
                    "git-clone",
                    ["repoURL": .string(repository.url), "checkout": [["pth": "a"]]]
                ),
                step(
                    "git-commit",
                    ["path": "a", "message": "m", "mesage": "n"],
                    condition: "${{ always() }}"
                ),
                step(
                    "git-commit",
                    ["path": "a", "message": 42],
                    condition: "${{ always() }}"
                ),
            ])
        )
        let messages = await ledger.finishes.map(\.message)
        #expect(
            messages[0] == "checkout[0].path is missing; "
                + "checkout[0].pth is no field of this step; did you mean path?"
        )
        #expect(messages[1] == "mesage is no field of this step; did you mean message?")
        #expect(messages[2]?.contains("wrap it in quote()") == true)
    }

    @Test func `a step that may go better is tried as often as it says`() async throws {
        let moved = "\(workshop.path)/moved.git"
        try FileManager.default.moveItem(atPath: repository.bare, toPath: moved)
        let pauses = Mutex(0)
        var options = RunnerOptions()
        let bare = repository.bare
        options.pause = { _ in
            let count = pauses.withLock { count in
                count += 1
                return count
            }
            if count == 2 { try FileManager.default.moveItem(atPath: moved, toPath: bare) }
        }
        var clone = good("a")
        clone.retry = StepRetry()
        clone.retry?.errorThreshold = 3
        let (statuses, _) = try await perform(job([clone]), options: options)
        #expect(statuses == [.succeeded])
        #expect(pauses.withLock { $0 } == 2)
    }

    @Test func `without a word about it, the first failure is the last`() async throws {
        var options = RunnerOptions()
        options.pause = { _ in Issue.record("it was tried again") }
        let missing: Value = ["repoURL": "file:///no/such.git", "checkout": [["path": "a"]]]
        let (statuses, _) = try await perform(job([step("git-clone", missing)]), options: options)
        #expect(statuses == [.errored])
    }

    @Test func `what is wrong for good is not tried again`() async throws {
        var options = RunnerOptions()
        options.pause = { _ in Issue.record("it was tried again") }
        let (statuses, _) = try await perform(
            job([step("no-such-step", errorThreshold: 5)]),
            options: options
        )
        #expect(statuses == [.errored])
    }

    @Test func `a promotion that is over is left alone`() async throws {
        let (_, ledger) = try await perform(job([good("a")]))
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load
        )
        let job = await ledger.job
        #expect(try await runner.perform(job.project, job.promotion.name) == .notRunning)
    }

    @Test func `a refused report ends the work`() async throws {
        let ledger = FakeLedger(job([good("a"), good("b")]))
        await ledger.interrupt { command in
            if case .finishStep(let finish) = command, finish.attempt == 1 {
                await ledger.takeOver()
            }
        }
        var options = RunnerOptions()
        options.allowFileRepositories = true
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        let job = await ledger.job
        let outcome = try await runner.perform(job.project, job.promotion.name)
        #expect(
            outcome == .stopped(.staleAttempt(job.promotion.name, attempt: 1, current: 2))
        )
        #expect(await ledger.reports == ["start 0"])
    }
}
