import Glibc
import Testing

/// What `waybill run` does while something waits: for somebody, or for a time.
@Suite struct ConductorTests {
    /// A stage whose promotions do nothing but clone.
    private func stage(_ name: String, sources: String, in shop: Shop) -> String {
        """
        apiVersion: kargo.akuity.io/v1alpha1
        kind: Stage
        metadata: {name: \(name), namespace: shop}
        spec:
          requestedFreight:
          - origin: {kind: Warehouse, name: checkout}
            sources: \(sources)
          promotionTemplate:
            spec:
              steps:
              - uses: git-clone
                config:
                  repoURL: file://\(shop.path)/repos/gitops.git
                  checkout: [{branch: main, path: gitops}]

        """
    }

    /// Waits until the last promotion of a stage has come to `phase`.
    private func waitFor(_ phase: String, of stage: String, in shop: Shop) async throws {
        var found = ""
        while found != phase {
            let page = try await shop.json("get", "promotions", "--stage", stage, "--limit", "1")
            found = page["items"].items.first?["phase"].text ?? ""
        }
    }

    @Test(.doesNotHang)
    func `other stages go on while a promotion waits`() async throws {
        let shop = try await SmallShop.made()
        _ = try await shop.place.apply(stage("side", sources: "{direct: true}", in: shop))
            .checked()
        let gate = try await Gate(in: shop, hook: "pre-receive")
        let ending = try await Program.run(
            Program.waybill,
            SmallShop.run,
            in: shop.path
        ) { run in
            try await gate.reached()
            let freight = try await shop.freight()[0].alias
            try await shop.waybill("promote", "--stage", "side", "--freight", freight)
            try await waitFor("succeeded", of: "side", in: shop)
            let waiting = try await shop.json("get", "promotions", "--stage", "dev")
            #expect(waiting["items"].items.map { $0["phase"].text } == ["running"])
            try await gate.open()
        }
        #expect(ending.code == 0, "\(ending.errors)")
        let types = try await shop.eventTypes()
        #expect(types.count { $0 == "PromotionSucceeded" } == 2)
    }

    @Test(.doesNotHang)
    func `a run that goes on promotes what has soaked, without another event`() async throws {
        let shop = try await SmallShop.made()
        let policies = """
            apiVersion: kargo.akuity.io/v1alpha1
            kind: ProjectConfig
            metadata: {name: shop, namespace: shop}
            spec:
              promotionPolicies:
              - stageSelector: {name: "glob:*"}
                autoPromotionEnabled: true
            ---

            """
        let uat = stage("uat", sources: "{stages: [dev], requiredSoakTime: 3s}", in: shop)
        _ = try await shop.place.apply(policies + uat).checked()
        let ending = try await Program.run(
            Program.waybill,
            ["run", "--allow-file-repos"],
            in: shop.path
        ) { run in
            try await waitFor("succeeded", of: "uat", in: shop)
            run.send(SIGTERM)
        }
        #expect(ending.code == 0, "\(ending.errors)")
    }
}
