import EventLog
import Ledger
import PromotionModel
import Testing

@testable import LedgerPages

/// How many changes the audit page measures.
@Suite struct AuditMeasures {
    private func delivery(_ text: String, _ story: Story, atMost count: Int) throws -> Fill? {
        let path = try #require(PagePath(parsing: text))
        let content = try story.ledger.read { view throws(LedgerError) in
            let context = PageContext(path, view, Renderer.session(story.now), nil)
            var page = try AuditPage(context, Story.project)
            page.measuredCountMax = count
            return try page.content()
        }
        return content.fill["delivery"] as? Fill
    }

    @Test func `where there are more changes than are measured, it says so and leads to all`()
        async throws
    {
        let story = try await Story.releases()
        let few = try #require(try delivery("/p/shop/audit", story, atMost: 2))
        #expect(few["cut"] as? String == "the last 2 promotions")
        let link = String(try #require(few["whole"] as? String).prefix { $0 != "#" })
        let all = try #require(try delivery(link, story, atMost: 2))
        #expect(all["cut"] == nil)
        let many = try #require(try delivery("/p/shop/audit", story, atMost: 100))
        #expect(many["cut"] == nil)
        #expect(titles(few) == ["Deployments", "Lead time", "Failed changes", "Time to restore"])
        // One that ended without having changed anything does not count.
        #expect((1...2).contains(try counted(few)))
        #expect(try counted(all) > 2)
        #expect(try counted(all) == counted(many))
        await story.ledger.log.close()
    }

    private func titles(_ delivery: Fill) -> [String] {
        (delivery["plots"] as? [Fill] ?? []).compactMap { $0["title"] as? String }
    }

    /// How many changes were counted: of "2 of 5" the five.
    private func counted(_ delivery: Fill) throws -> Int {
        let plots = delivery["plots"] as? [Fill] ?? []
        let plot = try #require(plots.first { $0["title"] as? String == "Failed changes" })
        let words = try #require(plot["big"] as? String).split(separator: " ")
        return try #require(words.last.flatMap { Int($0) })
    }
}
