import Expressions
import Foundation
import PromotionModel
import PromotionRunner
import Secrets
import Synchronization
import Testing

/// A value that came from a secret never reaches the ledger.
@Suite struct StepsWithSecrets {
    let workshop: Workshop
    let safe: Safe

    init() throws {
        workshop = try Workshop()
        safe = try Safe()
        try safe.put("secrets/shop/npm/token", "correct-horse\n")
        try safe.put("secrets/shop/npm/pin", "493817")
        try safe.put("secrets/_shared/bot/token", "battery-staple")
        try safe.put("config/shop/urls/web", "https://web.example.com", mode: 0o644)
        try safe.put("config/_shared/urls/web", "https://example.com", mode: 0o644)
    }

    private func runner(_ ledger: FakeLedger) throws -> PromotionRunner {
        var options = RunnerOptions()
        options.allowFileRepositories = true
        options.sources.keys = safe.store()
        options.sources.privateDirectory = try workshop.directory("private")
        options.sources.freight = { _, name in
            name == "fine-fox"
                ? FreightNotes(metadata: ["ticket": 7], status: ["VerifiedIn": ["uat": [:]]]) : nil
        }
        return PromotionRunner(
            workDirectory: try workshop.directory("runner"),
            submit: ledger.submit,
            load: ledger.load,
            options: options
        )
    }

    /// Performs steps; all that the ledger got.
    private func finishes(_ steps: [StepTemplate]) async throws -> [FinishStep] {
        let ledger = FakeLedger(job(steps))
        let job = await ledger.job
        _ = try await runner(ledger).perform(job.project, job.promotion.name)
        let finishes = await ledger.finishes
        let said = finishes.map { ($0.message ?? "") + $0.outputs.json }.joined()
        for secret in ["correct-horse", "CORRECT", "493817", "battery", "Y29ycmVjdC1ob3JzZ"] {
            #expect(!said.contains(secret), "\(said)")
        }
        return finishes
    }

    @Test func `outputs are hidden in the ledger and known to later steps`() async throws {
        let finishes = try await finishes([
            step(
                "compose-output",
                ["header": "Bearer ${{ secret('npm').token }}", "plain": "x"],
                alias: "made"
            ),
            step(
                "file-write",
                ["path": "header", "contents": "${{ outputs.made.header }}"]
            ),
            step(
                "fail",
                ["message": "${{ outputs.made.header == 'Bearer correct-horse' ? 'yes' : 'no' }}"]
            ),
        ])
        #expect(finishes[0].outputs == ["header": "Bearer ***", "plain": "x"])
        // The answer was read off the secret, so it is as secret.
        #expect(finishes[2].message == "***")
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(workshop.path)/private")
        #expect(left.isEmpty, "forgotten with the promotion")
    }

    @Test(
        arguments: [
            "${{ upper(secret('npm').token) }}", "${{ toBase64('u:' + secret('npm').token) }}",
            "${{ secret('npm').pin }}", "${{ vars.pin + 1 }}", "${{ secret('npm').token + 'x' }}",
            "${{ sharedSecret('bot').token }}",
            "${{ toJSON(secret('npm')) }}", "${{ join(reverse(split(secret('npm').token, ''))) }}",
            "${{ let t = secret('npm'); upper(t.token) }}",
            "${{ join(map(values(secret('npm')), upper(#)), ' ') }}",
            "${{ upper(vars.token) }}", "${{ upper(vars['token']) }}",
            "${{ join(map(values(vars), upper(string(#)))) }}",
        ]
    )
    func `what was made of a secret is hidden, too`(template: String) async throws {
        var use = step("compose-output", ["value": .string(template)])
        use.vars = [
            Variable(name: "token", value: "${{ secret('npm').token }}"),
            Variable(name: "pin", value: "${{ secret('npm').pin }}"),
        ]
        let value = try await finishes([use])[0].outputs["value"]
        #expect(value?.json.contains("***") == true, "\(value?.json ?? "nothing")")
    }

    @Test func `what has nothing to do with a secret stays as it is`() async throws {
        var use = step(
            "compose-output",
            [
                "stage": "${{ upper(ctx.stage) }}", "count": "${{ len(secret('npm')) }}",
                "plain": "${{ upper(vars.plain) }}",
            ]
        )
        use.vars = [
            Variable(name: "token", value: "${{ secret('npm').token }}"),
            Variable(name: "plain", value: "a"),
        ]
        let outputs = try await finishes([use])[0].outputs
        #expect(outputs == ["stage": "PROD", "count": 2, "plain": "A"])
    }

    @Test func `messages of errors do not show it`() async throws {
        let finishes = try await finishes([
            step(
                "yaml-update",
                [
                    "path": "${{ secret('npm').token }}",
                    "updates": [["key": "a", "value": 1]],
                ]
            ),
            step(
                "compose-output",
                ["a": "${{ int(secret('npm').token) }}"],
                condition: "${{ always() }}"
            ),
        ])
        #expect(finishes.map(\.status) == [.errored, .errored])
        #expect(finishes[0].message?.contains("***") == true)
    }

    @Test func `messages of commits and of tags do not show it`() async throws {
        let code = try await workshop.makeRepository("code")
        try await code.push("First", files: ["a.yaml": "a: 1\n"])
        _ = try await finishes([
            step("git-clone", ["repoURL": .string(code.url), "checkout": [["path": "out"]]]),
            step(
                "yaml-update",
                [
                    "path": "out/a.yaml",
                    "updates": [["key": "a", "value": "${{ secret('npm').token }}"]],
                ],
                alias: "update"
            ),
            step("git-commit", ["path": "out", "message": "${{ outputs.update.commitMessage }}"]),
            step("git-push", ["path": "out"]),
        ])
        let message = try await workshop.run(["log", "-1", "--format=%B", "main"], in: code.bare)
        #expect(message.hasPrefix("Updated out/a.yaml\n\n- a: ***\n"))
        // What a file shall have is the business of who wrote the manifest.
        #expect(try await code.file("a.yaml") == "a: correct-horse\n")
    }

    @Test func `a URL with a secret in it is not handed to git`() async throws {
        let url: Value = "https://robot:${{ secret('npm').token }}@git.example.com/a/b.git"
        let finishes = try await finishes([
            step("git-clone", ["repoURL": url, "checkout": [["path": "out"]]])
        ])
        #expect(
            finishes[0].message
                == "https://***@git.example.com/a/b.git is not cloned: it has a user or password "
                + "in it; keep these in credentials/ beside the ledger"
        )
    }

    @Test func `neither metadata nor an alias is made of it`() async throws {
        let update: Value = [
            "kind": "Freight", "name": "fine-fox", "values": ["t": "${{ secret('npm').token }}"],
        ]
        let finishes = try await finishes([
            step("set-metadata", ["updates": [update]]),
            step(
                "set-freight-alias",
                ["name": "fine-fox", "alias": "a-${{ secret('npm').token }}"],
                condition: "${{ always() }}"
            ),
        ])
        #expect(finishes.allSatisfy { $0.message?.contains("comes from a secret") == true })
    }

    @Test func `a runner that takes over knows what is hidden, and hides it`() async throws {
        let ledger = FakeLedger(
            job([
                step("compose-output", ["token": "${{ secret('npm').token }}"], alias: "made"),
                step("file-write", ["path": "a", "contents": "${{ outputs.made.token }}"]),
                step(
                    "compose-output",
                    [
                        "again": "${{ outputs.made.token }}",
                        "same": "${{ len(outputs.made.token) }}",
                    ]
                ),
            ])
        )
        await ledger.interrupt { command in
            if case .startStep(let start) = command, start.step == 1 { throw FakeLedger.Crash() }
        }
        let job = await ledger.job
        await #expect(throws: FakeLedger.Crash.self) {
            try await runner(ledger).perform(job.project, job.promotion.name)
        }
        let folder = "\(workshop.path)/private"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        await ledger.interrupt { _ in }
        // The secret is gone meanwhile; what the promotion made of it is not.
        try FileManager.default.removeItem(atPath: "\(safe.path)/secrets/shop/npm")
        _ = try await runner(ledger).perform(job.project, job.promotion.name)
        #expect(await ledger.finishes.last?.outputs == ["again": "***", "same": 13])
    }

    @Test func `settings are no secrets`() async throws {
        let finishes = try await finishes([
            step(
                "compose-output",
                [
                    "own": "${{ configMap('urls').web }}",
                    "shared": "${{ sharedConfigMap('urls').web }}",
                    "absent": "${{ len(configMap('none')) + len(secret('none')) }}",
                ]
            )
        ])
        #expect(
            finishes[0].outputs == [
                "own": "https://web.example.com", "shared": "https://example.com", "absent": 0,
            ]
        )
    }

    @Test func `a secret that others may read breaks the step, and says so`() async throws {
        try safe.put("secrets/shop/open/key", "x", mode: 0o644)
        let message = try await finishes([step("fail", ["message": "${{ secret('open').key }}"])])[
            0
        ]
        .message
        #expect(message?.contains("secrets/shop/open/key may be read by others") == true)
    }

    @Test func `freight tells its metadata and status`() async throws {
        let finishes = try await finishes([
            step(
                "compose-output",
                [
                    "ticket": "${{ freightMetadata('fine-fox').ticket }}",
                    "verified": "${{ 'uat' in freightStatus('fine-fox').VerifiedIn }}",
                    "unknown": "${{ freightMetadata('other') == nil }}",
                    "stage": "${{ stageMetadata('uat') == nil }}",
                ]
            )
        ])
        #expect(
            finishes[0].outputs
                == ["ticket": 7, "verified": true, "unknown": true, "stage": true]
        )
    }

    @Test func `what ended while nobody was there leaves nothing`() async throws {
        let runner = try runner(FakeLedger(job([])))
        let kept = ["shop_prod.01k.abcdef1"]
        for name in kept + ["shop_prod.01k.abcdef1.draft", "shop_dev.01k.1234567"] {
            try "{}".write(
                toFile: "\(workshop.path)/private/\(name)",
                atomically: false,
                encoding: .utf8
            )
        }
        for name in ["shop_prod.01k.abcdef1_2", "shop_dev.01k.1234567_1", "askpass", "other"] {
            _ = try workshop.directory("runner/\(name)")
        }
        runner.sweep(keeping: [
            (ProjectName(unchecked: "shop"), PromotionName(unchecked: "prod.01k.abcdef1"))
        ])
        let files = FileManager.default
        #expect(
            try files.contentsOfDirectory(atPath: "\(workshop.path)/private").sorted() == kept
        )
        #expect(
            try files.contentsOfDirectory(atPath: "\(workshop.path)/runner").sorted()
                == ["askpass", "other", "shop_prod.01k.abcdef1_2"]
        )
    }
}
