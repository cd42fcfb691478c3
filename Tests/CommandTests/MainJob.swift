/// The main job, done once for all tests that look at what it left; nobody changes its ledger.
struct MainJob: Sendable {
    let shop: Shop
    /// The commits to prod that each promotion made.
    let firstTrain: [GitCommit]
    let secondTrain: [GitCommit]
    let hotfix: [GitCommit]
    let rollback: [GitCommit]
    /// env/prod after the first train and after the rollback.
    let treeAfterFirstTrain: String
    let treeAfterRollback: String
    /// The previews of the two bundles.
    let previews: [JSON]

    private static let task = Task { try await perform() }

    /// What the main job left.
    static var done: MainJob { get async throws { try await task.value } }

    /// The shop after a main job of its own, for tests that go on to push: copies share the
    /// repositories that their manifests name.
    static func shop() async throws -> Shop { try await perform().shop }

    private static func perform() async throws -> MainJob {
        let shop = try await Shop.made()
        try await shop.runUntilIdle()
        var previews = [try await shop.json("repackage", "release", "--preview")]
        try await shop.waybill("repackage", "release", "--alias", "2026.47")
        let firstTrain = try await promote(shop, "--freight", "2026.47")
        let first = try await shop.tree(of: "prod")

        try await shop.script("push-changes")
        try await shop.runUntilIdle()
        previews.append(try await shop.json("repackage", "release", "--preview"))
        try await shop.waybill("repackage", "release", "--alias", "2026.48")
        let secondTrain = try await promote(shop, "--freight", "2026.48")

        try await shop.script("push-hotfix")
        try await shop.runUntilIdle()
        let hotfix = try await promote(shop, "--from", "uat", "--origin", "Warehouse/payments")

        let before = try await shop.git("rev-parse", "main")
        try await shop.waybill(
            "rollback",
            "stage/prod",
            "--to",
            "2026.47",
            "--reason",
            "customers cannot pay"
        )
        try await shop.runUntilIdle()
        return MainJob(
            shop: shop,
            firstTrain: firstTrain,
            secondTrain: secondTrain,
            hotfix: hotfix,
            rollback: try await shop.commits(to: "prod", since: before),
            treeAfterFirstTrain: first,
            treeAfterRollback: try await shop.tree(of: "prod"),
            previews: previews
        )
    }

    private static func promote(_ shop: Shop, _ what: String...) async throws -> [GitCommit] {
        let before = try await shop.git("rev-parse", "main")
        _ = try await shop.place.run(["promote", "--stage", "prod"] + what).checked()
        try await shop.runUntilIdle()
        return try await shop.commits(to: "prod", since: before)
    }
}
