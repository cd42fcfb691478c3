import Testing

/// Whatever went wrong is named with its cause, at the stage and downstream of it.
@Suite struct ExplainingTroubles {
    @Test func `a promotion that failed, what is uncertain, and what settles it`() async throws {
        let shop = try await Pipeline().made()
        try await shop.runUntilIdle()
        try shop.closeForPushes(saying: "closed for the night")
        try await shop.commit(to: "checkout", "Show prices with tax")
        try await shop.runUntilIdle()
        var answers = try await Inquiry(shop: shop, state: "dev failed").check()
        let failed = try await shop.json("get", "promotions", "--stage", "dev")["items"][0]
        let name = failed["name"].text
        #expect(answers.kinds("stage/dev") == ["uncertain"])
        let dev = answers.text("stage/dev", "Warehouse/checkout")
        #expect(dev.contains(name) && dev.contains("closed for the night"))
        let uat = answers.text("stage/uat", "Warehouse/checkout")
        #expect(uat.contains("where promotion \(name) of it ended with an error"))
        let ended = answers.text("promotion/\(name)")
        #expect(ended.contains("git-push") && ended.contains("closed for the night"))
        #expect(answers.kinds("promotion/\(name)").last == "uncertain")

        // The first promotion to prod fails, so there is nothing to go back to.
        try await shop.waybill("repackage", "release", "--alias", "2026.47")
        try await shop.waybill("promote", "--stage", "prod", "--freight", "2026.47")
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "prod failed").check()
        #expect(answers.kinds("stage/prod", "Junction/release").first == "unsuccessful")
        #expect(!answers.text("stage/prod").contains("rollback"))

        try shop.closeForPushes(saying: nil)
        let freight = try await shop.newest(of: "checkout")
        try await shop.waybill("promote", "--stage", "dev", "--freight", freight)
        try await shop.waybill("abort", try await pending(shop, "dev"))
        answers = try await Inquiry(shop: shop, state: "aborted before it began").check()
        #expect(answers.text("stage/dev", "Warehouse/checkout").contains("was aborted at"))
        try await shop.waybill("promote", "--stage", "dev", "--freight", freight)
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "settled").check()
        #expect(answers.kinds("stage/dev").isEmpty)
        #expect(answers.kinds("stage/uat", "Warehouse/checkout") == ["current"])
    }

    private func pending(_ shop: Shop, _ stage: String) async throws -> String {
        let first = try await shop.json("get", "stage", stage)["pending"][0]
        return first["name"].isNull ? first.text : first["name"].text
    }

    @Test func `a rollback that failed is asked for again`() async throws {
        let shop = try await Pipeline().made()
        try await shop.runUntilIdle()
        try await shop.commit(to: "checkout", "Show prices with tax")
        try await shop.runUntilIdle()
        try shop.closeForPushes(saying: "closed for the night")
        try await shop.waybill("rollback", "stage/uat", "--to", "previous")
        try await shop.runUntilIdle()
        let answers = try await Inquiry(shop: shop, state: "rollback failed").check()
        #expect(answers.text("stage/uat").contains("waybill rollback stage/uat --to '#"))
        #expect(answers.text("stage/uat").contains("waybill rollback stage/uat --to now"))
    }

    @Test func `a repository that cannot be read, before and after it was`() async throws {
        let shop = try await Pipeline().made()
        let repository = shop.place.directory.sub("repos/checkout.git")
        try Files.move(repository, to: repository + ".away")
        try await shop.runUntilIdle()
        var answers = try await Inquiry(shop: shop, state: "never read").check()
        for stage in ["stage/dev", "stage/uat"] {
            let text = answers.text(stage, "Warehouse/checkout")
            #expect(text.contains("there is no freight of Warehouse/checkout yet: warehouse"))
            #expect(text.contains("waybill explain warehouse/checkout"))
        }
        #expect(answers.kinds("warehouse/checkout") == ["discoveryFailed"])
        #expect(answers.text("warehouse/checkout").contains("of at most 900 s"))

        try Files.move(repository + ".away", to: repository)
        try await shop.runUntilIdle()
        try Files.move(repository, to: repository + ".away")
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "gone").check()
        let dev = answers.kinds("stage/dev", "Warehouse/checkout")
        #expect(dev == ["current", "discoveryFailed"])
        #expect(answers.kinds("junction/release", "Warehouse/checkout").contains("discoveryFailed"))
    }

    @Test func `repositories on this machine are named where they are not allowed`() async throws {
        let shop = try await Pipeline(services: ["payments"]).made()
        try await shop.waybill("run", "--until-idle")
        let answers = try await Inquiry(shop: shop, state: "not allowed").check()
        #expect(answers.text("stage/dev", "Warehouse/payments").contains("--allow-file-repos"))
    }

    @Test func `quarantined freight, running and not`() async throws {
        let shop = try await Pipeline().made()
        try await shop.runUntilIdle()
        let running = try await shop.newest(of: "checkout")
        try await shop.waybill("quarantine", running, "--reason", "it leaks")
        var answers = try await Inquiry(shop: shop, state: "quarantined").check()
        #expect(answers.text("stage/dev", "Warehouse/checkout").contains("unquarantine \(running)"))
        #expect(answers.kinds("junction/release", "Warehouse/checkout").contains("quarantined"))
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "slot emptied").check()
        #expect(answers.kinds("junction/release").contains("slotEmpty"))
        try await shop.waybill("unquarantine", running, "--reason", "mended")
        try await shop.commit(to: "checkout", "Do not leak")
        try await shop.waybill("discover", "--allow-file-repos")
        try await shop.waybill("assemble", "--warehouse", "checkout")
        let fix = try await shop.newest(of: "checkout")
        try await shop.waybill("quarantine", fix, "--reason", "it leaks more")
        answers = try await Inquiry(shop: shop, state: "the newest is quarantined").check()
        let dev = answers.text("stage/dev", "Warehouse/checkout")
        #expect(dev.contains("it leaks more") && dev.contains(running))
    }

    @Test func `freight that somebody put together is not for automation`() async throws {
        let shop = try await Pipeline().made()
        try await shop.runUntilIdle()
        let freight = try await shop.newest(of: "checkout")
        let older = try await Program.run(
            "git",
            ["rev-parse", "main~1"],
            in: shop.place.directory.sub("repos/checkout.git")
        ).checked().output.prefix(40)
        try await shop.waybill(
            "assemble",
            "--from",
            freight,
            "--set",
            "file://\(shop.path)/repos/checkout.git=\(older)",
            "--allow-file-repos"
        )
        try await shop.runUntilIdle()
        let answers = try await Inquiry(shop: shop, state: "assembled").check()
        #expect(answers.text("stage/dev", "Warehouse/checkout").contains("promoteAssembled"))
    }
}
