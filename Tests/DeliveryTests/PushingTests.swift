import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Testing

/// What git-push pushes, and what it does where others are in its way.
@Suite struct Pushing {
    let workshop: Workshop
    let code: Repository

    init() async throws {
        workshop = try Workshop()
        code = try await workshop.makeRepository("code")
        try await code.push("First", files: ["a.yaml": "a: 1\n"])
    }

    /// Clones, changes, commits, and then does what `steps` say; what became of these.
    private func perform(
        _ steps: [StepTemplate],
        _ ledger: ((PromotionJob) async -> FakeLedger)? = nil
    ) async throws -> [FinishStep] {
        let all =
            [
                step(
                    "git-clone",
                    [
                        "repoURL": .string(code.url),
                        "checkout": [["path": "out", "branch": "main"]],
                    ]
                ),
                step(
                    "yaml-update",
                    ["path": "out/a.yaml", "updates": [["key": "a", "value": 2]]]
                ),
                step("git-commit", ["path": "out", "message": "Second"]),
            ] + steps
        let job = job(all)
        let ledger = await ledger?(job) ?? FakeLedger(job)
        var options = RunnerOptions()
        options.allowFileRepositories = true
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        try await runner.perform(job.project, job.promotion.name)
        return Array(await ledger.finishes.dropFirst(3))
    }

    @Test func `a branch of the promotion's own`() async throws {
        let finish = try await perform([
            step("git-push", ["path": "out", "generateTargetBranch": true])
        ])[0]
        let branch = "kargo/promotion/prod.01k.abcdef1"
        #expect(finish.outputs["branch"] == .string(branch), "\(finish.message ?? "")")
        #expect(try await code.subjects(branch) == ["Second", "First"])
        #expect(try await code.subjects() == ["First"])
    }

    @Test func `a tag`() async throws {
        let finishes = try await perform([
            step("git-tag", ["path": "out", "tag": "v2", "message": "Two"]),
            step("git-push", ["path": "out", "tag": "v2"]),
            step("git-push", ["path": "out", "tag": "v3"], condition: "${{ always() }}"),
        ])
        let commit = try await code.line(["rev-parse", "v2^{commit}"])
        #expect(finishes[1].outputs == ["commit": .string(commit)])
        #expect(finishes[1].hasTakenEffect)
        #expect(try await code.subjects("v2") == ["Second", "First"])
        #expect(finishes[2].message?.contains("make it with git-tag first") == true)
    }

    @Test(arguments: [false, true])
    func `a tag that others pushed stays, unless it is forced`(_ isForced: Bool) async throws {
        let code = code
        let steps = [
            step("git-tag", ["path": "out", "tag": "v2", "message": "Two"]),
            step("git-push", ["path": "out", "tag": "v2", "force": .bool(isForced)]),
        ]
        let finishes = try await perform(steps) { job in
            let ledger = FakeLedger(job)
            await ledger.interrupt { command in
                if case .startStep(let start) = command, start.step == 4 {
                    try await code.workshop.run(["tag", "v2", "main"], in: code.bare)
                }
            }
            return ledger
        }
        #expect(finishes[1].status == (isForced ? .succeeded : .errored))
        #expect(
            try await code.subjects("v2") == (isForced ? ["Second", "First"] : ["First"])
        )
    }

    @Test func `a tag that an attempt pushed before it died is that promotion's`() async throws {
        let steps = [
            step("git-tag", ["path": "out", "tag": "v2", "message": "Two"]),
            step("git-push", ["path": "out", "tag": "v2"]),
        ]
        let finishes = try await perform(steps) { job in
            let ledger = FakeLedger(job)
            await ledger.interrupt { command in
                if case .finishStep(let finish) = command, finish.step == 4, finish.attempt == 1 {
                    throw FakeLedger.Crash()
                }
            }
            _ = try? await perform(ledger)
            await ledger.takeOver()
            return ledger
        }
        // Those of the first attempt are among them.
        #expect(finishes.last?.status == .succeeded, "\(finishes.last?.message ?? "")")
        #expect(try await code.subjects("v2") == ["Second", "First"])
    }

    private func perform(_ ledger: FakeLedger) async throws {
        var options = RunnerOptions()
        options.allowFileRepositories = true
        let runner = PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
        let job = await ledger.job
        try await runner.perform(job.project, job.promotion.name)
    }

    @Test func `force replaces what the branch has`() async throws {
        let code = code
        let finishes = try await perform([step("git-push", ["path": "out", "force": true])]) {
            job in
            let ledger = FakeLedger(job)
            await ledger.interrupt { command in
                if case .startStep(let start) = command, start.step == 3 {
                    try await code.push("Theirs", files: ["b.yaml": "b: 1\n"])
                }
            }
            return ledger
        }
        #expect(finishes[0].status == .succeeded, "\(finishes[0].message ?? "")")
        #expect(try await code.subjects() == ["Second", "First"])
    }

    @Test func `a history that was rewritten meanwhile is what the commit is put on`()
        async throws
    {
        let code = code
        let finishes = try await perform([step("git-push", ["path": "out"])]) { job in
            let ledger = FakeLedger(job)
            await ledger.interrupt { command in
                guard case .startStep(let start) = command, start.step == 3 else { return }
                let amend = ["commit", "--quiet", "--amend", "-m", "Rewritten"]
                try await code.workshop.run(amend, in: code.work)
                try await code.commit("Theirs")
            }
            return ledger
        }
        #expect(finishes[0].status == .succeeded, "\(finishes[0].message ?? "")")
        let subjects = try await code.subjects()
        #expect(subjects.first == "Second")
        #expect(subjects.contains("Rewritten"))
        #expect(subjects.filter { $0 == "Second" }.count == 1)
    }

    @Test func `a repository that disappears is an error, and nothing was done`() async throws {
        let code = code
        let finishes = try await perform([step("git-push", ["path": "out"])]) { job in
            let ledger = FakeLedger(job)
            await ledger.interrupt { command in
                if case .startStep(let start) = command, start.step == 3 {
                    try FileManager.default.removeItem(atPath: code.bare)
                }
            }
            return ledger
        }
        #expect(finishes[0].status == .errored)
        #expect(finishes[0].hasTakenEffect == false)
        #expect(finishes[0].message?.contains("\n") == false)
    }

    @Test func `where others are always quicker the push gives up`() async throws {
        // Somebody commits to the branch during each push, just before it would arrive.
        let hook = "\(code.bare)/hooks/pre-receive"
        let script = """
            #!/bin/sh
            unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
            export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x
            export GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x
            new=$(echo "Quicker" | git commit-tree -p main 'main^{tree}')
            git update-ref refs/heads/main "$new"

            """
        try script.write(toFile: hook, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        let finish = try await perform([step("git-push", ["path": "out", "maxAttempts": 3])])[0]
        #expect(finish.status == .errored)
        #expect(
            finish.message == "out: others pushed to main each of 3 times in between",
            "\(finish.message ?? "")"
        )
        #expect(finish.hasTakenEffect == false)
        #expect(try await code.subjects() == ["Quicker", "Quicker", "Quicker", "First"])
    }

    @Test(
        arguments: [
            (["targetBranch": "--force"], "no branch can be called"),
            (["targetBranch": "a b"], "no branch can be called"),
            (["targetBranch": "a:b"], "no branch can be called"),
            (["targetBranch": "a\nb"], "no branch can be called"),
            (["tag": "-d"], "no tag can be called"),
            (["tag": "v1", "targetBranch": "main"], "exclude each other"),
            (["tag": "v1", "generateTargetBranch": true], "exclude each other"),
            (["provider": "forge"], "must be one of azure, bitbucket, gitea, github, gitlab"),
        ] as [([String: Value], String)]
    )
    func `what cannot be pushed to is refused`(config: [String: Value], words: String)
        async throws
    {
        let all = config.merging(["path": "out"]) { $1 }
        let message = try await perform([step("git-push", .object(all))])[0].message
        #expect(message?.contains(words) == true, "\(message ?? "")")
    }

    @Test(
        arguments: [
            ("https://github.com/shop/web.git", "https://github.com/shop/web/commit/ID"),
            ("git@github.com:shop/web.git", "https://github.com/shop/web/commit/ID"),
            (
                "ssh://git@gitlab.example.com:2222/a/b/c.git",
                "https://gitlab.example.com/a/b/c/-/commit/ID"
            ),
            ("https://bitbucket.org/shop/web", "https://bitbucket.org/shop/web/commits/ID"),
            (
                "https://dev.azure.com/o/p/_git/r",
                "https://dev.azure.com/o/p/_git/r/commit/ID"
            ),
            (
                "git@ssh.dev.azure.com:v3/o/p/r", "https://dev.azure.com/o/p/_git/r/commit/ID"
            ),
            ("https://git.example.com/shop/web.git", nil), ("file:///github/web.git", nil),
        ] as [(String, String?)]
    )
    func `the page of a commit`(url: String, page: String?) {
        #expect(CommitPage.url(ofCommit: "ID", in: url) == page)
    }
}
