import Expressions
import Foundation
import Git
import PromotionModel
import PromotionRunner
import Testing

/// A promotion writes one commit, whatever happens on the way.
@Suite struct DeliveringOneCommit {
    let workshop: Workshop
    let gitops: Repository

    init() async throws {
        workshop = try Workshop()
        gitops = try await workshop.makeRepository("gitops")
        try await gitops.push(
            "Begin",
            files: [
                "env/catalog.yaml": "# values\nimage:\n  tag: none  # a commit\n",
                "env/web.yaml": "image:\n  tag: none\n",
                "env/payments.yaml": "image:\n  tag: none\n",
            ]
        )
    }

    static let components = [
        component("catalog", .changed), component("payments", .unchanged),
        component("web", .added),
    ]

    private func delivery(
        components: [JobComponent] = components,
        gitClient: GitClient? = nil
    ) -> PromotionJob {
        job(
            [
                step(
                    "git-clone",
                    [
                        "repoURL": .string(gitops.url),
                        "checkout": [["path": "out", "branch": "main"]],
                    ]
                ),
                step(
                    "yaml-update",
                    [
                        "path": "out/env/${{ component.name }}.yaml",
                        "updates": [
                            [
                                "key": "image.tag",
                                "value": "${{ quote(component.to.commits[0].ID) }}",
                            ]
                        ],
                    ],
                    forEach: .changed
                ),
                step(
                    "git-commit",
                    [
                        "path": "out",
                        "message": """
                        prod: ${{ join(map(filter(components, #.change != "unchanged"), #.name), \
                        ", ") }}
                        """,
                    ],
                    alias: "commit"
                ),
                step("git-push", ["path": "out", "targetBranch": "main"], alias: "push"),
            ],
            components: components,
            gitClient: gitClient
        )
    }

    private func runner(_ ledger: FakeLedger, _ directory: String = "runner") throws
        -> PromotionRunner
    {
        var options = RunnerOptions()
        options.allowFileRepositories = true
        return PromotionRunner(
            workDirectory: try workshop.directory(directory),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
    }

    /// Performs what the ledger hands out, to its end or to the crash that a test wants.
    private func perform(_ ledger: FakeLedger, _ directory: String = "runner") async throws {
        let job = await ledger.job
        do {
            try await runner(ledger, directory).perform(job.project, job.promotion.name)
        } catch is FakeLedger.Crash {}
    }

    @Test func `the commit changes and names what changed, and nothing else`() async throws {
        let ledger = FakeLedger(delivery())
        try await perform(ledger)
        #expect(await ledger.finishes.map(\.status) == Array(repeating: .succeeded, count: 5))
        #expect(try await gitops.subjects() == ["prod: catalog, web", "Begin"])
        let catalog = try await gitops.file("env/catalog.yaml")
        #expect(catalog == "# values\nimage:\n  tag: catalog-new  # a commit\n")
        #expect(try await gitops.file("env/payments.yaml") == "image:\n  tag: none\n")
        let tip = try await gitops.line(["rev-parse", "main"])
        #expect(await ledger.finishes[3].outputs == ["commit": .string(tip)])
        #expect(await ledger.finishes[4].outputs == ["branch": "main", "commit": .string(tip)])
        let effects = await ledger.finishes.map(\.hasTakenEffect)
        #expect(effects == [false, false, false, false, true], "only the push is seen by others")
    }

    @Test func `commits bear the name that holds for all projects`() async throws {
        var client = GitClient()
        client.email = "releases@example.com"
        try await perform(FakeLedger(delivery(gitClient: client)))
        let who = try await gitops.line(["log", "-1", "--format=%an <%ae> %cn <%ce>", "main"])
        #expect(who == "Waybill <releases@example.com> Waybill <releases@example.com>")
    }

    @Test func `who, when and the trailers are the promotion's`() async throws {
        try await perform(FakeLedger(delivery()))
        let format = "--format=%an <%ae> %cn <%ce> %at %ct"
        #expect(
            try await gitops.line(["log", "-1", format, "main"])
                == "Waybill <waybill@localhost> Waybill <waybill@localhost> 1700000000 1700000000"
        )
        let trailers = try await workshop.run(
            ["log", "-1", "--format=%(trailers:only)", "main"],
            in: gitops.bare
        )
        let lines = trailers.split(separator: "\n")
        #expect(lines.first == "Waybill-Promotion: prod.01k.abcdef1")
        #expect(lines.last?.hasPrefix("Waybill-Checkpoint: 41 e3b0c442") == true)
    }

    @Test func `the same promotion makes the same commit elsewhere`() async throws {
        try await perform(FakeLedger(delivery()))
        let first = try await gitops.line(["rev-parse", "main"])
        try await workshop.run(["update-ref", "refs/heads/main", "main~1"], in: gitops.bare)
        try await perform(FakeLedger(delivery()), "elsewhere")
        #expect(try await gitops.line(["rev-parse", "main"]) == first)
    }

    @Test(arguments: 0..<5, [true, false])
    func `a runner that dies in a step is taken over, and there is one commit`(
        index: Int,
        beforeStart: Bool
    ) async throws {
        let ledger = FakeLedger(delivery())
        await ledger.interrupt { command in
            switch command {
            case .startStep(let start) where beforeStart && start.step == index:
                throw FakeLedger.Crash()
            case .finishStep(let finish) where !beforeStart && finish.step == index:
                throw FakeLedger.Crash()
            default: break
            }
        }
        try await perform(ledger)
        #expect(await ledger.job.state.phase == .running)
        await ledger.interrupt { _ in }
        await ledger.takeOver()
        try await perform(ledger)
        #expect(await ledger.job.state.phase == .succeeded)
        #expect(try await gitops.subjects() == ["prod: catalog, web", "Begin"])
        let tip = try await gitops.line(["rev-parse", "main"])
        #expect(await ledger.finishes.last?.outputs == ["branch": "main", "commit": .string(tip)])
        #expect(await ledger.finishes.last?.hasTakenEffect == true, "whoever pushed it")
    }

    @Test func `a work directory that is lost is made again`() async throws {
        let ledger = FakeLedger(delivery())
        await ledger.interrupt { command in
            if case .startStep(let start) = command, start.step == 4 { throw FakeLedger.Crash() }
        }
        try await perform(ledger)
        try FileManager.default.removeItem(atPath: "\(workshop.path)/runner")
        await ledger.interrupt { _ in }
        try await perform(ledger)
        #expect(await ledger.job.state.phase == .succeeded)
        #expect(await ledger.reports.filter { $0 == "start 0" }.count == 1)
        #expect(try await gitops.subjects() == ["prod: catalog, web", "Begin"])
    }

    @Test func `what a runner that was taken over pushed late is not pushed twice`() async throws {
        let late = FakeLedger(delivery())
        let ledger = FakeLedger(delivery())
        await ledger.takeOver()
        await ledger.interrupt { command in
            if case .startStep(let start) = command, start.step == 4 {
                try await perform(late, "late")
            }
        }
        try await perform(ledger)
        #expect(await ledger.job.state.phase == .succeeded)
        #expect(try await gitops.subjects() == ["prod: catalog, web", "Begin"])
    }

    @Test func `what others pushed meanwhile stays below`() async throws {
        let ledger = FakeLedger(delivery())
        let gitops = gitops
        await ledger.interrupt { command in
            if case .startStep(let start) = command, start.step == 4 {
                try await gitops.push("Theirs", files: ["other.yaml": "a: 1\n"])
            }
        }
        try await perform(ledger)
        #expect(try await gitops.subjects() == ["prod: catalog, web", "Theirs", "Begin"])
        let date = try await gitops.line(["log", "-1", "--format=%ct", "main"])
        #expect(date == "1700000000")
    }

    @Test func `a conflict with what others pushed is an error, and theirs stays`() async throws {
        let ledger = FakeLedger(delivery())
        let gitops = gitops
        await ledger.interrupt { command in
            if case .startStep(let start) = command, start.step == 4 {
                try await gitops.push("Theirs", files: ["env/web.yaml": "image:\n  tag: theirs\n"])
            }
        }
        try await perform(ledger)
        #expect(await ledger.finishes.last?.status == .errored)
        #expect(await ledger.finishes.last?.message?.contains("changes the same lines") == true)
        #expect(await ledger.finishes.last?.hasTakenEffect == false)
        #expect(try await gitops.subjects() == ["Theirs", "Begin"])
    }

    @Test func `a push that a hook declines is an error with its words`() async throws {
        let hook = "\(gitops.bare)/hooks/pre-receive"
        try "#!/bin/sh\necho no promotions today >&2\nexit 1\n".write(
            toFile: hook,
            atomically: false,
            encoding: .utf8
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        let ledger = FakeLedger(delivery())
        try await perform(ledger)
        #expect(await ledger.finishes.last?.status == .errored)
        #expect(await ledger.finishes.last?.hasTakenEffect == false)
        #expect(try await gitops.subjects() == ["Begin"])
    }

    @Test func `a push that breaks may have arrived`() async throws {
        let ledger = FakeLedger(delivery())
        let bare = gitops.bare
        await ledger.interrupt { command in
            guard case .startStep(let start) = command, start.step == 4 else { return }
            // What receives the push ends before it answers; looking at the branch still works.
            let directory = "\(bare)/hooks"
            let hook = "\(directory)/post-receive"
            let script = "#!/bin/sh\nkill -KILL $PPID\n"
            try script.write(toFile: hook, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        }
        try await perform(ledger)
        #expect(await ledger.finishes.last?.status == .errored)
        #expect(await ledger.finishes.last?.hasTakenEffect == true)
        #expect(try await gitops.subjects() == ["prod: catalog, web", "Begin"])
    }

    @Test func `where nothing changes, nothing is committed`() async throws {
        let ledger = FakeLedger(delivery(components: [component("web", .uncertain, to: "x")]))
        try await gitops.push("Ready", files: ["env/web.yaml": "image:\n  tag: web-x\n"])
        try await perform(ledger)
        #expect(
            await ledger.finishes.map(\.status) == [.succeeded, .succeeded, .skipped, .succeeded]
        )
        #expect(try await gitops.subjects() == ["Ready", "Begin"])
        #expect(await ledger.finishes.last?.hasTakenEffect == false, "there was nothing to push")
    }
}

/// Clones and commits refuse what they cannot do, in one sentence.
@Suite struct RefusingSteps {
    let workshop: Workshop
    let code: Repository

    init() async throws {
        workshop = try Workshop()
        code = try await workshop.makeRepository("code")
        try await code.push("First", files: ["a.yaml": "a: 1\n"])
        try await workshop.run(["tag", "v1"], in: code.bare)
    }

    private func messages(_ steps: [StepTemplate]) async throws -> [String?] {
        let job = job(steps)
        let ledger = FakeLedger(job)
        var options = RunnerOptions()
        options.allowFileRepositories = true
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        try await runner.perform(job.project, job.promotion.name)
        return await ledger.finishes.map(\.message)
    }

    private func clone(_ checkout: [String: Value]) -> StepTemplate {
        step("git-clone", ["repoURL": .string(code.url), "checkout": [.object(checkout)]])
    }

    @Test func `a branch, a tag, a commit or nothing can be checked out`() async throws {
        let id = try await code.line(["rev-parse", "main"])
        let messages = try await messages([
            clone(["path": "a"]), clone(["path": "b", "branch": "main"]),
            clone(["path": "c", "tag": "v1"]), clone(["path": "d", "commit": .string(id)]),
            clone(["path": "e", "branch": "new", "create": true]),
        ])
        #expect(messages == [nil, nil, nil, nil, nil])
    }

    @Test(
        arguments: [
            (["path": "a", "branch": "next"], "has no branch next"),
            (["path": "a", "tag": "v2"], "has no tag v2"),
            (["path": "a", "commit": "abc"], "must be a full commit id"),
            (["path": "a", "commit": .string(String(repeating: "a", count: 40))], "has no commit"),
            (["path": "a", "branch": "-x"], "no branch can be called"),
            (["path": "a", "branch": "main", "tag": "v1"], "exclude each other"),
            (["path": "a", "create": true], "needs a branch"),
            (["path": "../a"], "must not lead out"),
            (["path": "/a"], "must be relative"),
            (["path": "."], "is there already"),
            (["path": "a", "sparse": ["a/*"]], "no pattern"),
            (["path": "a", "sparse": ["../b"]], "no pattern"),
        ] as [([String: Value], String)]
    )
    func `a checkout that cannot be`(checkout: [String: Value], words: String) async throws {
        let message = try await messages([clone(checkout)])[0]
        #expect(message?.contains(words) == true, "\(message ?? "no message")")
    }

    @Test func `a link in a repository leads to no file outside`() async throws {
        let outside = "\(workshop.path)/outside.yaml"
        try "a: 1\n".write(toFile: outside, atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: "\(code.work)/link.yaml",
            withDestinationPath: outside
        )
        try await code.commit("Link")
        let update: Value = ["path": "a/link.yaml", "updates": [["key": "a", "value": 2]]]
        let messages = try await messages([clone(["path": "a"]), step("yaml-update", update)])
        #expect(messages[1]?.contains("symbolic link") == true, "\(messages[1] ?? "")")
        #expect(try String(contentsOfFile: outside, encoding: .utf8) == "a: 1\n")
    }

    @Test func `what is no clone is not committed`() async throws {
        let messages = try await messages([
            step("git-commit", ["path": "a", "message": "m"]),
            step(
                "git-push",
                ["path": "."],
                condition: "${{ always() }}"
            ),
        ])
        #expect(messages[0]?.contains("is no clone") == true)
        #expect(messages[1]?.contains("is no clone") == true)
    }

    @Test func `a file without the key is an error that names file and key`() async throws {
        let update: Value = ["path": "a/a.yaml", "updates": [["key": "b", "value": 2]]]
        let messages = try await messages([clone(["path": "a"]), step("yaml-update", update)])
        #expect(
            messages[1] == "a/a.yaml: there is no b on the way to b; did you mean a?"
        )
    }
}
