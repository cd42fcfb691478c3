import EventLog
import Ledger
import LedgerPages
import PromotionModel
import Testing

/// Whatever somebody writes is shown as text.
@Suite struct HostileTexts {
    private static let hostile =
        "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;{{x}}"

    @Test func `no text that anybody writes is markup`() async throws {
        let text = Self.hostile
        let story = try await Story.hostile(text)
        let renderer = Renderer(story: story, checkpoint: nil)
        let promotion = try #require(try story.state(of: "dev").running)
        let freight = try story.newest(.warehouse(WarehouseName(unchecked: "web"))).rawValue
        var seen = 0
        for address in [
            "/", "/p/shop", "/p/shop/stages/dev", "/p/shop/freight", "/p/shop/freight/\(freight)",
            "/p/shop/promotions/\(promotion)", "/p/shop/audit", "/p/shop/audit?event=12",
            "/p/shop/warehouses/web", "/p/shop/warehouses/search", "/p/shop/grid",
            "/p/shop?q=%3Cscript%3Ealert(3)%3C/script%3E&lanes=%22%3E&open=%22%3E",
            "/p/shop/audit?text=%22%3E%3Cscript%3E&about=%22%3E&from=%22%3E&actor=%22%3E",
            "/p/shop/stages/dev?do=rollback&to=%22%3E%3Cscript%3E",
            "/p/shop/freight?q=%22%3E%3Cscript%3E", "/p/shop/restore?to=%22%3E%3Cscript%3E",
            "/p/shop/stages/dev?do=choose&freight=%22%3E%3Cscript%3E", "/p/shop/freight/%22%3E",
        ] {
            let page = try renderer.page(address)
            let html = String(decoding: page.html, as: UTF8.self)
            #expect(!html.contains("<script>"), "\(address)")
            #expect(!html.contains("<img"), "\(address)")
            #expect(!html.lowercased().contains("href=\"javascript:"), "\(address)")
            if html.contains("alert(1)") { seen += 1 }
            renderer.check(page, address)
        }
        #expect(seen >= 8)
        await story.ledger.log.close()
    }
}

extension Story {
    /// A shop in which every text that people and repositories write is `text`.
    static func hostile(_ text: String) async throws -> Story {
        let story = try Story()
        try await story.act(
            .applyManifests(ApplyManifests(resources: Shop.resources)),
            by: text,
            reason: text
        )
        let web = WarehouseName(unchecked: "web")
        var commit = CommitArtifact(
            repoURL: "https://git.example.com/shop/web.git",
            id: String(repeating: "ab", count: 20),
            branch: text,
            tag: text
        )
        commit.message = text
        commit.author = text
        let finding = SubscriptionFinding(
            subscription: "",
            repoURL: commit.repoURL,
            artifacts: [Artifact(commit: commit)]
        )
        try await story.act(
            .recordDiscovery(
                RecordDiscovery(project: project, warehouse: web, findings: [finding])
            )
        )
        try await story.act(.createFreight(CreateFreight(project: project, warehouse: web)))
        try await story.act(
            .recordDiscoveryFailure(
                RecordDiscoveryFailure(
                    project: project,
                    warehouse: WarehouseName(unchecked: "search"),
                    message: text
                )
            )
        )
        try await story.hostilePromotion(text)
        return story
    }

    private func hostilePromotion(_ text: String) async throws {
        let web = WarehouseName(unchecked: "web")
        let freight = try newest(.warehouse(web)).rawValue
        let name = try await request("dev", freight, by: text, reason: text)
        try await perform("dev", steps: 1)
        try await act(
            .requestInput(
                RequestInput(
                    project: Self.project,
                    promotion: name,
                    attempt: 1,
                    step: 1,
                    message: text,
                    url: "javascript:alert(1)"
                )
            )
        )
        let dev = StageName(unchecked: "dev")
        try await act(
            .reportHealth(
                ReportHealth(project: Self.project, stage: dev, health: .unhealthy, message: text)
            ),
            by: text
        )
        try await act(
            .recordNote(RecordNote(project: Self.project, subject: .stage(dev), text: text)),
            by: text
        )
    }
}
