import EventLog
import Ledger
import LedgerPages
import PromotionModel
import Testing

/// What forms are like for whoever may not send them, and what was not there yet.
@Suite struct FormsByRole {
    private func html(
        _ text: String,
        _ story: Story,
        _ grants: [RoleGrant]
    ) throws -> String {
        let path = try #require(PagePath(parsing: text))
        let session = PageSession(
            actor: "looker",
            csrfToken: "token",
            now: story.now,
            powers: Powers(grants),
            principal: "token/looker",
            makeCommandID: { "01a20abd-3e8b-7c52-be9f-1a86975cc6a3" }
        )
        let page = try story.ledger.read { view throws(LedgerError) in
            try LedgerPages.render(path, view, for: session)
        }
        return String(decoding: page.html, as: UTF8.self)
    }

    /// How many buttons of forms that change something are there, and how many of them can be used.
    private func buttons(_ html: String) -> (all: Int, usable: Int) {
        let forms = html.matches(of: /(?s)<form method="post" action="\/p\/.*?<\/form>/)
        var (all, usable) = (0, 0)
        for form in forms {
            all += form.output.matches(of: /<button class="btn[^>]*>/).count
            usable += form.output.matches(of: /<button class="btn[^>]*>/)
                .count { !$0.output.contains("disabled") }
        }
        return (all, usable)
    }

    @Test func `whoever only looks sees every form, disabled, with the reason`() async throws {
        let story = try await Story.releases()
        let grants = [RoleGrant(.viewer, in: Story.project)]
        for text in [
            "/p/shop", "/p/shop/stages/uat", "/p/shop/stages/prod?do=rollback&to=calm-grouse",
            "/p/shop/junctions/release", "/p/shop/freight/calm-grouse",
            "/p/shop/restore?to=%23300", "/p/shop/warehouses/payments",
        ] {
            let page = try html(text, story, grants)
            let found = buttons(page)
            #expect(found.all > 0, "\(text)")
            #expect(found.usable == 0, "\(text)")
            #expect(page.contains("token/looker"), "\(text)")
        }
        await story.ledger.log.close()
    }

    @Test func `whoever may promote to one stage can use the forms of that stage only`()
        async throws
    {
        let story = try await Story.releases()
        let grants = [RoleGrant(.promoter, in: Story.project, stages: ["uat"])]
        let back = "?do=rollback&to=previous"
        let uat = try html("/p/shop/stages/uat" + back, story, grants)
        #expect(buttons(uat).usable > 0)
        let prod = try html("/p/shop/stages/prod" + back, story, grants)
        let form = try #require(prod.firstMatch(of: /(?s)do\/roll-back-stage".*?<\/form>/))
        #expect(form.output.contains("disabled"))
        #expect(form.output.contains("token/looker"))
        await story.ledger.log.close()
    }

    @Test func `places that were not there yet are dotted, with what they take now`() async throws {
        let story = try await Story.releases()
        let renderer = Renderer(story: story, checkpoint: nil)
        let page = try renderer.page("/p/shop?at=1")
        let html = String(decoding: page.html, as: UTF8.self)
        #expect(html.contains("class=\"later\""))
        #expect(html.contains("did not exist yet"))
        #expect(html.contains(" gone\""))
        renderer.check(page, "/p/shop?at=1")
        #expect(!(try renderer.html("/p/shop?at=300")).contains("class=\"later\""))
        await story.ledger.log.close()
    }

    @Test func `each card has a key of its own, whatever places are called`() async throws {
        let story = try await Story.releases()
        let html = try Renderer(story: story, checkpoint: nil).html("/p/shop")
        let keys = html.matches(of: /data-card="([^"]*)"/).map { String($0.output.1) }
        #expect(Set(keys).count == keys.count)
        #expect(keys.contains("stage/prod") && keys.contains("junction/release"))
        await story.ledger.log.close()
    }
}
