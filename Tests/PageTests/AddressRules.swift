import EventLog
import LedgerPages
import PromotionModel
import Testing

/// Addresses of pages, and what forms send.
@Suite struct AddressRules {
    @Test(arguments: [
        "/", "/sign-in", "/p/shop", "/p/shop?at=1204", "/p/shop/stages/prod?q=a%20b&w=x&w=y",
        "/p/shop/freight/calm-walrus", "/p/shop/audit?text=%3Cscript%3E&about=stage%2Fprod",
        "/p/shop/grid?artifact=https:%2F%2Fgit.example.com%2Fshop%2Fweb.git",
    ])
    func `an address is read as it was written`(text: String) throws {
        #expect(try #require(PagePath(parsing: text)).text == text)
    }

    @Test(arguments: [
        "", "p/shop", "/p", "/p/", "//p/shop", "/p/shop/", "/p/SHOP", "/p/../etc",
        "/p/shop/stages/..%2f..", "/p/shop/stages/%00", "/p/shop/nothing", "/p/shop/stages/a/b",
        "/p/%zz", "/p/shop?at=%f", "/p/shop?q=%ff",
    ])
    func `what is no address of a page is none`(text: String) {
        #expect(PagePath(parsing: text) == nil)
    }

    @Test func `parameters that are none are let be`() throws {
        let path = try #require(PagePath(parsing: "/p/shop?utm_source=mail&at=7"))
        #expect(path.text == "/p/shop?at=7")
    }

    private func body(_ fields: [(String, String)]) -> String {
        ([("csrf", "token"), ("command", "page-1"), ("back", "/p/shop")] + fields)
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    @Test func `a form is what its fields say`() throws {
        let sent = try PageSubmission(
            path: "/p/shop/do/roll-back-stage",
            body: body([
                ("stage", "prod"), ("to", "%231204"), ("reason", "+broken+"), ("seen", "1772"),
                ("allow", "quarantined"),
            ])
        )
        #expect(
            sent.form
                == .rollBackStage(
                    StageName(unchecked: "prod"),
                    to: "#1204",
                    origin: nil,
                    allows: [.quarantined]
                )
        )
        #expect(sent.reason == "broken")
        #expect(sent.seen?.rawValue == 1772)
        #expect(sent.csrfToken == "token")
    }

    @Test func `a hotfix names only what was typed`() throws {
        let sent = try PageSubmission(
            path: "/p/shop/do/derive",
            body: body([
                ("freight", "calm-walrus"), ("artifact", "Warehouse/web:a"), ("version", ""),
                ("artifact", "Warehouse/payments:b"), ("version", "2.14.1"),
            ])
        )
        guard case .derive("calm-walrus", let versions) = sent.form else {
            Issue.record("\(sent.form)")
            return
        }
        #expect(versions.map(\.artifact) == ["Warehouse/payments:b"])
        #expect(versions.map(\.version) == ["2.14.1"])
    }

    @Test(arguments: [
        ("promote", "stage=prod", "freight"), ("promote", "freight=x", "stage"),
        ("roll-back-stage", "stage=prod", "to"), ("derive", "freight=x", "version"),
        ("approve", "freight=x&for=nothing", "for"), ("bookmark", "", "name"),
        ("report", "promotion=prod.01.ab", "result"), ("note", "about=stage/prod", "text"),
    ])
    func `a form that lacks something names the field`(verb: String, fields: String, field: String)
    {
        #expect {
            try PageSubmission(
                path: "/p/shop/do/\(verb)",
                body: "csrf=t&command=c-1&" + fields
            )
        } throws: { error in
            (error as? FormFault)?.field == field
                && (error as? FormFault)?.sentence.isEmpty == false
        }
    }

    @Test(arguments: ["/p/shop/do/nothing", "/p/shop/do", "/p/../do/abort", "/", "/p/shop/do/a/b"])
    func `what is no form is refused`(path: String) {
        #expect(throws: FormFault.self) {
            try PageSubmission(path: path, body: "csrf=t&command=c-1")
        }
        #expect(throws: FormFault.self) {
            try PageSubmission(path: "/p/shop/do/abort", body: "%f=1")
        }
    }
}
