import Testing

/// What a manifest says is named as the reason where it is the reason.
@Suite struct ExplainingConfigurations {
    @Test func `freight that is made by hand`() async throws {
        var pipeline = Pipeline(services: ["payments"])
        pipeline.warehouse = "  freightCreationPolicy: Manual\n"
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        var answers = try await Inquiry(shop: shop, state: "by hand").check()
        let text = answers.text("stage/dev", "Warehouse/payments")
        #expect(text.contains("freightCreationPolicy is Manual"))
        #expect(text.contains("waybill assemble --warehouse payments"))
        #expect(answers.kinds("warehouse/payments") == ["creationByHand"])
        try await shop.waybill("assemble", "--warehouse", "payments")
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "assembled").check()
        #expect(answers.kinds("warehouse/payments") == ["current"])
    }

    @Test func `criteria that do not hold`() async throws {
        var pipeline = Pipeline(services: ["payments"])
        pipeline.warehouse = """
              freightCreationCriteria:
                expression: "commitFrom('REPOSITORIES/payments.git').Author == 'nobody'"

            """
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        let answers = try await Inquiry(shop: shop, state: "criteria").check()
        #expect(answers.text("stage/dev", "Warehouse/payments").contains("Criteria do not hold"))
        #expect(answers.kinds("warehouse/payments") == ["creationCriteria"])
    }

    @Test(arguments: [
        ("branch: main, includePaths: [nowhere/]", "includePaths nowhere/"),
        ("commitSelectionStrategy: SemVer, semverConstraint: '>=1.0.0'", "semantic version in >=1"),
    ])
    func `nothing that matches`(subscription: String, words: String) async throws {
        var pipeline = Pipeline(services: ["payments"])
        pipeline.subscription = subscription
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        let answers = try await Inquiry(shop: shop, state: subscription).check()
        #expect(answers.kinds("warehouse/payments") == ["nothingFound"])
        let page = try await shop.waybill("explain", "warehouse/payments").output
        #expect(page.contains(words) && page.contains("found nothing"), "\(page)")
        let dev = answers.text("stage/dev", "Warehouse/payments")
        #expect(dev.contains("nothing was found") && dev.contains("explain warehouse/payments"))
    }

    @Test func `no policy, and a project that is only observed`() async throws {
        let shop = try await Pipeline(automatic: []).made()
        try await shop.runUntilIdle()
        var answers = try await Inquiry(shop: shop, state: "no policy", automatic: []).check()
        #expect(answers.kinds("stage/dev", "Warehouse/checkout") == ["notAutomatic"])
        #expect(answers.text("stage/uat", "Warehouse/checkout").contains("--stage dev --freight"))
        try await shop.waybill("adopt", "shop", "--observe")
        answers = try await Inquiry(shop: shop, state: "observed", automatic: []).check()
        for subject in ["stage/dev", "junction/release", "warehouse/checkout"] {
            #expect(answers.text(subject).contains("waybill adopt shop"), "\(subject)")
        }
    }

    @Test func `a stage without steps`() async throws {
        var pipeline = Pipeline()
        pipeline.uatIsControlFlow = true
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        let answers = try await Inquiry(
            shop: shop,
            state: "control flow",
            automatic: ["dev", "uat"]
        ).check()
        #expect(answers.kinds("stage/uat") == ["controlFlow"])
        #expect(answers.kinds("stage/prod", "Warehouse/payments") == ["notAutomatic"])
    }

    @Test func `a junction that is collected by hand`() async throws {
        var pipeline = Pipeline()
        pipeline.collection = "{policy: Manual}"
        let shop = try await pipeline.made()
        try await shop.runUntilIdle()
        var answers = try await Inquiry(shop: shop, state: "nothing collected").check()
        #expect(answers.text("junction/release", "Warehouse/checkout").contains("is by hand"))
        try await shop.waybill("collect", "release")
        answers = try await Inquiry(shop: shop, state: "collected").check()
        #expect(answers.kinds("junction/release") == ["byHand"])
    }

    @Test func `what cannot be explained, and what there is not`() async throws {
        let shop = try await Pipeline().made()
        for (subject, code) in [
            ("task/deploy", 2), ("stage/nowhere", 4), ("warehouse/nowhere", 4),
            ("promotion/nowhere", 4), ("junction/nowhere", 4), ("freight/nowhere", 4),
        ] {
            let ending = try await shop.place.run("explain", subject)
            #expect(ending.code == code, "\(subject): \(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
        }
    }
}
