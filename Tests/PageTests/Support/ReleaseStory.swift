import EventLog
import Ledger
import PromotionModel
import Testing

extension Story {
    /// Two weeks in the shop: releases, a hotfix, a failure; release 39 broke prod, on-call went
    /// back at night, checkout 3.9.0 is quarantined, and a payments hotfix waits for its pull
    /// request.
    static func releases() async throws -> Story {
        let story = try Story()
        try await story.act(
            .applyManifests(ApplyManifests(resources: Shop.resources)),
            by: "operator",
            reason: "the shop's pipeline"
        )
        try await story.firstWeek()
        try await story.secondWeek()
        try await story.today()
        return story
    }

    private func flowAll(_ versions: [(String, String)]) async throws {
        for (warehouse, version) in versions {
            try await flow(warehouse, version)
            wait(seconds: 240)
            try await verify()
        }
    }

    /// Somebody looks at what uat runs, and it passes.
    private func verify(_ result: ReportedResult = .passed) async throws {
        guard try state(of: "uat").verification != nil else { return }
        try await act(
            .reportVerification(
                ReportVerification(
                    project: Self.project,
                    target: .open(in: StageName(unchecked: "uat")),
                    result: result,
                    evidence: "https://ci.example.com/runs/4711"
                )
            ),
            by: "test-bot"
        )
    }

    private func firstWeek() async throws {
        try await flowAll([
            ("catalog", "1.20.0"), ("checkout", "3.6.0"), ("payments", "2.12.0"),
            ("search", "5.0.0"), ("web", "8.31.0"),
        ])
        at("2026-09-04T14:00:00Z")
        try await release("calm-grouse", reason: "first release")
        try await bookmark("first-release")
        try await request("dr", "calm-grouse", by: "release-manager")
        try await perform("dr")
        at("2026-09-08T09:00:00Z")
        try await flowAll([("checkout", "3.7.0"), ("web", "8.32.0")])
        at("2026-09-08T14:00:00Z")
        try await release("icy-bison", reason: "release 33")
        at("2026-09-08T18:20:00Z")
        try await rollBack("web 8.32.0 serves an empty basket to signed-out visitors (INC-204)")
        at("2026-09-10T09:00:00Z")
        try await flowAll([("checkout", "3.7.1"), ("web", "8.33.0"), ("search", "5.1.0")])
        at("2026-09-10T15:30:00Z")
        try await failingRelease()
    }

    private func failingRelease() async throws {
        try await collect()
        try await act(
            .repackage(
                Repackage(project: Self.project, junction: Shop.release, alias: "rustic-lynx")
            ),
            by: "release-manager",
            reason: "release 35"
        )
        try await request("prod", "rustic-lynx", by: "release-manager", reason: "release 35")
        try await perform("prod", ending: .failed)
        wait(seconds: 900)
        let reason = "release 35, again: sync had timed out"
        try await request("prod", "rustic-lynx", by: "release-manager", reason: reason)
        try await perform("prod")
    }

    private func secondWeek() async throws {
        at("2026-09-15T09:00:00Z")
        try await flowAll([("checkout", "3.8.2"), ("search", "5.2.1"), ("catalog", "1.21.2")])
        at("2026-09-15T12:05:00Z")
        try await release("calm-walrus", reason: "release 38: basket rules, search synonyms")
        try await bookmark("release-38")
        at("2026-09-15T15:00:00Z")
        try await flowAll([("checkout", "3.9.0"), ("search", "5.3.0"), ("web", "8.36.0")])
        at("2026-09-16T10:20:00Z")
        try await release("ashen-crane", reason: "release 39: saved carts, faceted search")
        try await bookmark("release-39")
        try await request("dr", "ashen-crane", by: "release-manager")
        try await perform("dr")
        at("2026-09-16T16:00:00Z")
        try await flowAll([("web", "8.37.1"), ("catalog", "1.22.0")])
    }

    private func today() async throws {
        at("2026-09-17T02:50:00Z")
        let prod = StageName(unchecked: "prod")
        try await act(
            .reportHealth(
                ReportHealth(
                    project: Self.project,
                    stage: prod,
                    health: .unhealthy,
                    message: "error rate 4.1 %"
                )
            ),
            by: "argocd"
        )
        try await rollBack("checkout 3.9.0 times out on saved carts; error rate 4.1 % (INC-212)")
        try await act(
            .quarantineFreight(
                QuarantineFreight(project: Self.project, freight: try freight("checkout", "3.9.0"))
            ),
            by: "on-call",
            reason: "times out on saved carts (INC-212)"
        )
        try await act(
            .recordNote(
                RecordNote(
                    project: Self.project,
                    subject: .stage(prod),
                    text: "dr still runs the combination with checkout 3.9.0; it takes no traffic"
                )
            ),
            by: "on-call"
        )
        try await act(
            .reportHealth(
                ReportHealth(project: Self.project, stage: prod, health: .healthy, message: nil)
            ),
            by: "argocd"
        )
        at("2026-09-17T09:03:00Z")
        try await flow("checkout", "3.9.1")
        try await verify()
        wait(seconds: 300)
        try await hotfix()
        wait(seconds: 960)
        try await discover("search", "5.4.0")
        let search = try newest(.warehouse(WarehouseName(unchecked: "search"))).rawValue
        try await request("dev", search)
        try await perform("dev")
        try await request("uat", search)
        try await perform("uat", steps: 2)
        wait(seconds: 3)
    }

    private func hotfix() async throws {
        try await discover("payments", "2.14.1")
        let payments = try newest(.warehouse(WarehouseName(unchecked: "payments"))).rawValue
        try await act(
            .approveFreight(
                ApproveFreight(
                    project: Self.project,
                    freight: payments,
                    consumer: .stage(StageName(unchecked: "prod"))
                )
            ),
            by: "approver",
            reason: "reviewed with payments-lead"
        )
        try await request("dev", payments)
        try await perform("dev")
        try await request("uat", payments)
        try await perform("uat")
        let reason = "3-D Secure callbacks fail for two issuers (INC-213); cannot wait"
        let name = try await request("prod", payments, by: "payments-lead", reason: reason)
        try await perform("prod", steps: 5)
        try await act(
            .requestInput(
                RequestInput(
                    project: Self.project,
                    promotion: name,
                    attempt: 1,
                    step: 5,
                    message: "a review of pull request 481",
                    url: "https://git.example.com/shop/gitops/pulls/481"
                )
            ),
            by: "runner-1"
        )
    }

    private func bookmark(_ name: String) async throws {
        try await act(
            .setBookmark(SetBookmark(project: Self.project, name: name)),
            by: "release-manager"
        )
    }

    private func rollBack(_ reason: String) async throws {
        try await act(
            .rollBackStage(
                RollBackStage(
                    project: Self.project,
                    stage: StageName(unchecked: "prod"),
                    target: .previous
                )
            ),
            by: "on-call",
            reason: reason
        )
        try await perform("prod")
    }

    /// The id of a version's freight.
    func freight(_ warehouse: String, _ version: String) throws -> String {
        let page = try ledger.read { view throws(LedgerError) in
            try view.trace(version, in: Self.project).items
        }
        let name = Origin.warehouse(WarehouseName(unchecked: warehouse))
        return try #require(page.first { $0.freight.origin == name }?.freight.id.rawValue)
    }
}
