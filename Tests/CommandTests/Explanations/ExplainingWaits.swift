import Testing

/// Whatever is waited for is named, with what ends the wait or when it ends.
@Suite struct ExplainingWaits {
    @Test(.doesNotHang)
    func `a promotion that runs, and what waits behind it`() async throws {
        let shop = try await Pipeline().made()
        try await shop.runUntilIdle()
        try await shop.commit(to: "checkout", "Show prices with tax")
        try await shop.commit(to: "payments", "Charge in pounds")
        let gate = try await Gate(in: shop, hook: "pre-receive")
        _ = try await Program.run(Program.waybill, SmallShop.run, in: shop.path) { _ in
            try await gate.reached()
            let answers = try await Inquiry(
                shop: shop,
                state: "dev runs",
                isConducted: true
            ).check()
            let dev = try await shop.json("get", "stage", "dev")
            let running = dev["running"].text
            #expect(answers.text("stage/dev").contains("promotion \(running) is running: step"))
            #expect(answers.text("promotion/\(running)").contains("its present step began at"))
            let pending = try await shop.json("get", "promotions", "--phase", "pending")["items"][0]
            let waiting = answers.text("promotion/\(pending["name"].text)")
            #expect(waiting.contains("it is number 1 of 1 in the queue of stage dev"))
            #expect(waiting.contains("waits until \(running) has ended"))
            let texts = ["checkout", "payments"].map {
                answers.text("stage/uat", "Warehouse/\($0)")
            }
            #expect(texts.contains { $0.contains("to which promotion \(running) is bringing it") })
            #expect(texts.contains { $0.contains("for which promotion") })
            try await gate.open()
        }.checked()
        let answers = try await Inquiry(shop: shop, state: "done").check()
        #expect(answers.kinds("stage/uat", "Warehouse/checkout") == ["current"])
    }

    @Test func `a run that was killed`() async throws {
        let shop = try await Pipeline().made()
        let gate = try await Gate(in: shop, hook: "pre-receive")
        _ = try await Program.run(Program.waybill, SmallShop.run, in: shop.path) { run in
            try await gate.reached()
            run.send(9)
            try await gate.open()
        }
        let answers = try await Inquiry(shop: shop, state: "killed").check()
        #expect(answers.kinds("stage/dev").first == "running")
        let page = try await shop.waybill("explain", "stage/dev").output
        #expect(page.contains("automation: no process runs it") && page.contains("    waybill run"))
    }

    @Test func `several in a queue, one of which lost its freight`() async throws {
        let shop = try await Pipeline(automatic: []).made()
        try await shop.runUntilIdle()
        for service in ["checkout", "payments"] {
            try await shop.waybill(
                "promote",
                "--stage",
                "dev",
                "--freight",
                try await shop.newest(of: service)
            )
        }
        let lost = try await shop.newest(of: "payments")
        try await shop.waybill("quarantine", lost, "--reason", "it leaks")
        let answers = try await Inquiry(shop: shop, state: "queue", automatic: []).check()
        let last = try await shop.json("get", "promotions", "--stage", "dev")["items"][0]
        let text = answers.text("promotion/\(last["name"].text)")
        #expect(text.contains("it is number 2 of 2 in the queue of stage dev"))
        #expect(text.contains("goes first"))
        #expect(text.contains("it will end with an error when its turn comes: freight \(lost)"))
        #expect(text.contains("waybill unquarantine \(lost)"))
        try await shop.runUntilIdle()
        let ended = try await Inquiry(shop: shop, state: "ended", automatic: []).check()
        #expect(ended.text("promotion/\(last["name"].text)").contains("ended with an error"))
    }

    @Test func `a verification that is open, failed, and passed`() async throws {
        var pipeline = Pipeline()
        pipeline.verification = "{analysisTemplates: [{name: smoke}]}"
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        var answers = try await Inquiry(shop: shop, state: "verifying").check()
        #expect(answers.kinds("stage/dev").contains("verifying"))
        #expect(answers.text("stage/dev").contains("waybill report --promotion dev."))
        let isTold = ["checkout", "payments"].contains {
            answers.text("stage/uat", "Warehouse/\($0)").contains("is being verified since")
        }
        #expect(isTold)
        #expect(answers.text("stage/dev").contains("is verified"))
        let promotion = try await shop.json(
            "get",
            "promotions",
            "--stage",
            "dev",
            "--phase",
            "succeeded"
        )["items"][0]["name"].text
        try await shop.waybill(
            "report",
            "--promotion",
            promotion,
            "--result",
            "failed",
            "--reason",
            "no answer"
        )
        answers = try await Inquiry(shop: shop, state: "verification failed").check()
        #expect(answers.kinds("stage/dev").contains("verificationFailed"))
        let failed = ["checkout", "payments"].contains {
            answers.text("stage/uat", "Warehouse/\($0)").contains("its verification ended failed")
        }
        #expect(failed)
        #expect(answers.kinds("promotion/\(promotion)") == ["succeeded", "verificationFailed"])
    }

    @Test func `soak in uat`() async throws {
        var pipeline = Pipeline(services: ["payments"])
        pipeline.uatSources = ", requiredSoakTime: 1h"
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        let answers = try await Inquiry(shop: shop, state: "soaking").check()
        let reason = answers.reasons("stage/uat", "Warehouse/payments")[0]
        #expect(reason["reason"].text == "notSoaked" && !reason["at"].isNull)
        #expect(reason["text"].text.contains("it must stay in stage dev until"))
    }

    @Test(arguments: [
        ("{policy: Automatic, debounce: 10m}", "debouncing", "automation waits until"),
        (
            "{policy: Automatic, criteria: {expression: \"len(changed) > 5\"}}", "criteria",
            "do not hold"
        ),
        ("{policy: Manual, requireVerifiedTogether: true}", "byHand", "repackaged by hand"),
    ])
    func `a junction that waits`(
        repackaging: String,
        kind: String,
        words: String
    ) async throws {
        var pipeline = Pipeline()
        pipeline.repackaging = repackaging
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        let answers = try await Inquiry(shop: shop, state: kind).check()
        #expect(answers.kinds("junction/release").contains(kind))
        #expect(answers.text("junction/release").contains(words))
        #expect(answers.text("stage/prod", "Junction/release").contains(words))
    }

    @Test func `a restore of the project`() async throws {
        let shop = try await Pipeline().made()
        try await shop.runUntilIdle()
        let before = try shop.place.state().size
        try await shop.commit(to: "checkout", "Show prices with tax")
        try await shop.runUntilIdle()
        try await shop.waybill("rollback", "project", "--to", "#\(before)")
        var answers = try await Inquiry(shop: shop, state: "restoring").check()
        #expect(answers.kinds("stage/dev").first == "restoring")
        #expect(answers.text("stage/dev").contains("until the restore has ended in uat"))
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "restored").check()
        #expect(answers.kinds("stage/dev", "Warehouse/checkout").first == "held")
    }
}
