import Testing

/// The demo from nothing to a rollback: in every state, `explain` alone says why nothing more is
/// promoted.
@Suite struct ExplainingTheDemo {
    @Test func `from the first apply to the first train`() async throws {
        let shop = try await Pipeline().made()
        var answers = try await Inquiry(shop: shop, state: "applied").check()
        #expect(answers.text("stage/dev", "Warehouse/checkout").contains("nobody has looked at"))
        #expect(answers.text("stage/prod", "Junction/release").contains("it holds nothing of"))
        #expect(answers.kinds("warehouse/checkout") == ["neverLookedAt"])

        try await shop.waybill("discover", "--allow-file-repos")
        answers = try await Inquiry(shop: shop, state: "discovered").check()
        #expect(
            answers.text("stage/uat", "Warehouse/checkout").contains("automation makes freight")
        )
        #expect(answers.kinds("warehouse/payments") == ["creating"])

        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "at uat").check()
        #expect(answers.kinds("junction/release") == ["byHand"])
        #expect(
            answers.text("stage/prod", "Junction/release").contains("waybill repackage release")
        )
        #expect(answers.kinds("stage/prod", "Warehouse/payments") == ["notAutomatic"])

        try await shop.waybill("repackage", "release", "--alias", "2026.47")
        answers = try await Inquiry(shop: shop, state: "repackaged").check()
        #expect(
            answers.text("stage/prod", "Junction/release")
                .contains("waybill promote --stage prod --freight 2026.47")
        )

        try await shop.waybill("promote", "--stage", "prod", "--freight", "2026.47")
        answers = try await Inquiry(shop: shop, state: "asked for").check()
        #expect(answers.text("stage/prod").contains("is first in the queue\nwaybill run"))
        let promotion = try await shop.json("get", "stage", "prod")["pending"][0]
        let name = promotion["name"].isNull ? promotion.text : promotion["name"].text
        #expect(answers.kinds("promotion/\(name)") == ["pending"])

        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "first train").check()
        #expect(answers.kinds("stage/prod", "Junction/release") == ["current"])
        #expect(answers.kinds("promotion/\(name)") == ["succeeded"])
    }

    @Test func `from the second commit to a rollback`() async throws {
        let shop = try await released()
        try await shop.commit(to: "checkout", "Show prices with tax")
        try await shop.waybill("discover", "checkout", "--allow-file-repos")
        var answers = try await Inquiry(shop: shop, state: "new commit").check()
        #expect(answers.kinds("stage/dev", "Warehouse/checkout") == ["current", "creating"])

        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "second train waits").check()
        let release = answers.text("stage/prod", "Junction/release")
        #expect(release.contains("another combination than its bundle 2026.47"))
        #expect(release.contains("waybill repackage release"))

        try await shop.commit(to: "payments", "Do not charge twice")
        try await shop.runUntilIdle()
        let fix = try await shop.newest(of: "payments")
        try await shop.waybill(
            "promote",
            "--stage",
            "prod",
            "--from",
            "uat",
            "--origin",
            "payments"
        )
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "hotfix").check()
        #expect(answers.kinds("stage/prod", "Warehouse/payments") == ["current"])
        #expect(answers.text("stage/prod", "Warehouse/payments").contains(fix))

        try await shop.waybill("rollback", "stage/prod", "--to", "previous")
        answers = try await Inquiry(shop: shop, state: "rollback asked for").check()
        #expect(answers.kinds("stage/prod") == ["pending"])
        #expect(answers.kinds("stage/prod", "Warehouse/payments").contains("held"))

        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "rolled back").check()
        #expect(
            answers.text("stage/prod", "Warehouse/payments")
                .contains("waybill resume stage/prod --origin Warehouse/payments")
        )
        try await shop.waybill("resume", "stage/prod")
        answers = try await Inquiry(shop: shop, state: "resumed").check()
        #expect(answers.kinds("stage/prod", "Warehouse/payments") == ["notAutomatic"])
    }

    @Test func `a choice by hand in uat, an approval, and what takes something back`() async throws
    {
        let shop = try await released()
        try await shop.commit(to: "payments", "Charge in pounds")
        try await shop.runUntilIdle()
        try await shop.waybill(
            "rollback",
            "stage/uat",
            "--to",
            "previous",
            "--origin",
            "Warehouse/payments"
        )
        try await shop.commit(to: "payments", "Charge in euros")
        try await shop.runUntilIdle()
        var answers = try await Inquiry(shop: shop, state: "held").check()
        let fix = try await shop.newest(of: "payments")
        #expect(answers.kinds("stage/uat", "Warehouse/payments").first == "held")
        #expect(
            answers.text("stage/prod", "Warehouse/payments").contains("not verified in stage uat")
        )

        try await shop.waybill("approve", fix, "--for", "stage/prod", "--reason", "urgent")
        answers = try await Inquiry(shop: shop, state: "approved").check()
        #expect(answers.kinds("stage/prod", "Warehouse/payments") == ["notAutomatic"])
        try await shop.waybill("revoke", fix, "--for", "stage/prod", "--reason", "too late")
        answers = try await Inquiry(shop: shop, state: "revoked").check()
        #expect(answers.kinds("stage/prod", "Warehouse/payments").contains("notVerified"))

        try await shop.waybill("resume", "stage/uat")
        answers = try await Inquiry(shop: shop, state: "resumed").check()
        #expect(answers.kinds("stage/uat", "Warehouse/payments") == ["next"])
        try await shop.commit(to: "checkout", "Show prices with tax")
        try await shop.waybill("collect", "release")
        try await shop.waybill("repackage", "release", "--alias", "2026.48")
        try await shop.runUntilIdle()
        try await shop.waybill("promote", "--stage", "prod", "--freight", fix)
        try await shop.runUntilIdle()
        answers = try await Inquiry(shop: shop, state: "a train without the hotfix").check()
        #expect(answers.kinds("stage/prod", "Junction/release").contains("regression"))
        #expect(answers.text("stage/prod", "Junction/release").contains("--allow-regression"))
    }

    /// A shop whose prod runs the first train.
    private func released() async throws -> Shop {
        let shop = try await Pipeline().made()
        try await shop.runUntilIdle()
        try await shop.waybill("repackage", "release", "--alias", "2026.47")
        try await shop.waybill("promote", "--stage", "prod", "--freight", "2026.47")
        try await shop.runUntilIdle()
        return shop
    }
}
