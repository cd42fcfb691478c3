import EventLog
import Foundation
import Ledger
@testable import LedgerPages
import PromotionModel
import Testing
import Transparency

/// Renders every page of a story into a folder that it prints, and looks at their markup.
@Suite struct PagesOfAStory {
    @Test func `every page of the story is sound`() async throws {
        let story = try await Story.releases()
        _ = try await CheckpointSigner(story.ledger.log).makeKey()
        let note = try await CheckpointSigner(story.ledger.log).sign()
        let renderer = Renderer(story: story, checkpoint: note)
        for asset in Asset.all { try renderer.write(asset) }
        for (name, text) in try renderer.addresses() {
            let page = try renderer.page(text)
            #expect(page.status == 200, "\(text): \(page.title)")
            try renderer.write(page, as: name)
            renderer.check(page, text)
        }
        print("pages: \(Renderer.folder)")
        await story.ledger.log.close()
    }

    @Test func `what there is not is a page that says so`() async throws {
        let story = try await Story.releases()
        let renderer = Renderer(story: story, checkpoint: nil)
        for text in [
            "/p/nothing", "/p/shop/stages/nothing", "/p/shop/junctions/nothing",
            "/p/shop/freight/nothing", "/p/shop/warehouses/nothing",
            "/p/shop/promotions/prod.01ab.cdef012", "/p/shop?at=1",
        ] {
            let page = try renderer.page(text)
            #expect(page.status == (text == "/p/shop?at=1" ? 200 : 404), "\(text)")
            renderer.check(page, text)
        }
        for page in [
            LedgerPages.error(status: 503, "the queue is full; try again"),
            LedgerPages.signIn(refusal: "unknown <token>", csrfToken: "token"),
        ] { renderer.check(page, page.title) }
        await story.ledger.log.close()
    }

    @Test func `a refusal comes back on the form that it is of, with what was typed`() async throws
    {
        let story = try await Story.releases()
        let path = try #require(
            PagePath(parsing: "/p/shop/stages/prod?do=rollback&to=previous")
        )
        let refusal = FormRefusal(
            verb: "roll-back-stage",
            field: "reason",
            sentence: "say why; the history keeps it",
            values: ["reason": ["half a <b>reason</b>"]]
        )
        let page = try story.ledger.read { view throws(LedgerError) in
            try LedgerPages.render(path, view, for: Renderer.session(story.now), after: refusal)
        }
        let html = String(decoding: page.html, as: UTF8.self)
        #expect(page.status == 422)
        #expect(html.contains("say why; the history keeps it"))
        #expect(html.contains("half a &lt;b&gt;reason&lt;/b&gt;"))
        await story.ledger.log.close()
    }

    @Test func `a preview shows the exact change set, and refuses what the rule refuses`()
        async throws
    {
        let story = try await Story.releases()
        let renderer = Renderer(story: story, checkpoint: nil)
        let back = try renderer.html("/p/shop/stages/prod?do=rollback&to=calm-grouse")
        #expect(back.contains("Roll prod back: 4 of 5 change"))
        #expect(back.contains("waybill rollback stage/prod --to &#39;calm-grouse&#39; --reason …"))
        let refused = try renderer.html("/p/shop/stages/prod?do=rollback&to=ashen-crane")
        #expect(refused.contains("is quarantined") || refused.contains("quarantined freight"))
        #expect(refused.contains("Allow quarantined freight"))
        let freight = try renderer.html("/p/shop/freight/ashen-crane")
        #expect(freight.contains("waybill assemble --from ashen-crane --set"))
        let unknown = try renderer.html("/p/shop/stages/prod?do=rollback&to=%239999")
        #expect(unknown.contains("there is no event #9999 yet"))
        await story.ledger.log.close()
    }

    @Test func `a promotion's log has every event about it, as it came, with the time of day`()
        async throws
    {
        let story = try await Story.releases()
        let name = try story.ledger.read { view throws(LedgerError) in
            let filter = PromotionFilter()
            return try view.promotions(filter, in: Story.project, limit: 1).items[0]
        }
        var about = AuditFilter()
        about.narrow(to: .promotion(name), in: Story.project)
        let filter = about
        let events = try story.ledger.read { view throws(LedgerError) in
            try view.events(filter, limit: 100).items
        }
        let html = try Renderer(story: story, checkpoint: nil)
            .html("/p/\(Story.project)/promotions/\(name)")
        let log = try #require(html.split(separator: "data-fragment=\"log\"").last)
            .prefix { $0 != "\u{0}" }
        let rows = String(log).split(separator: "<li class=\"ev\">").dropFirst()
        #expect(events.count > 3 && rows.count == events.count)
        for (row, event) in zip(rows, events.reversed()) {
            #expect(row.contains("#\(event.header.position.rawValue)"))
            #expect(row.contains(">\(event.header.recorded.clockText)</time>"))
        }
        await story.ledger.log.close()
    }

    @Test(arguments: [
        (0, "0 ms"), (-5, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (2849, "2.8 s"),
        (9999, "9.9 s"), (10_000, "10 s"), (59_999, "59 s"), (60_000, "1 min"),
    ])
    func `what took a moment is told in more detail`(milliseconds: Int64, text: String) {
        #expect(TimeText.precise(milliseconds) == text)
    }

    @Test func `sentences tell times as people do`() {
        let sentence = "It began at 2026-09-17T09:41:20.500Z and ended at 2026-09-18T00:00:00Z."
        #expect(
            TimeText.readable(sentence)
                == "It began at Thu 17 Sep 2026, 09:41:20 UTC and ended at Fri 18 Sep 2026, "
                + "00:00:00 UTC."
        )
        #expect(TimeText.readable("at 2026-99-99T00:00:00Z") == "at 2026-99-99T00:00:00Z")
    }

    @Test func `in the past nothing is live, no form is there, and what differs is marked`()
        async throws
    {
        let story = try await Story.releases()
        let renderer = Renderer(story: story, checkpoint: nil)
        let html = try renderer.html("/p/shop?at=300")
        #expect(html.contains("<body class=\"past\""))
        #expect(html.contains("not live"))
        #expect(html.contains("Bring prod back to this…"))
        #expect(html.contains("#i-diamond"))
        #expect(!html.contains("data-ago"))
        let stage = try renderer.html("/p/shop/stages/prod?at=300")
        #expect(!stage.contains("method=\"post\""))
        await story.ledger.log.close()
    }
}
