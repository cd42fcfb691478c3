import EventLog
import Foundation
import Ledger
import LedgerPages
import PromotionModel
import Testing
import Transparency

/// Renders pages of a story, and looks at them.
struct Renderer {
    let story: Story
    let checkpoint: SignedNote?

    static let folder: String = {
        let path = ProcessInfo.processInfo.environment["PAGES_FOLDER"] ?? "/tmp/waybill-pages"
        try? FileManager.default.createDirectory(
            atPath: path + "/assets",
            withIntermediateDirectories: true
        )
        return path
    }()

    static func session(_ now: Timestamp, _ checkpoint: SignedNote? = nil) -> PageSession {
        PageSession(
            actor: "release-manager",
            csrfToken: "token",
            now: now,
            checkpoint: checkpoint,
            makeCommandID: { UUID().uuidString.lowercased() }
        )
    }

    func page(_ text: String) throws -> HTMLPage {
        let path = try #require(PagePath(parsing: text), "\(text)")
        let moment = try #require(path.moment, "\(text)")
        return try story.ledger.read(at: moment) { view throws(LedgerError) in
            try LedgerPages.render(path, view, for: Self.session(story.now, checkpoint))
        }
    }

    func html(_ text: String) throws -> String {
        String(decoding: try page(text).html, as: UTF8.self)
    }

    func write(_ asset: Asset) throws {
        try Data(asset.bytes).write(to: URL(filePath: "\(Self.folder)/assets/\(asset.name)"))
    }

    func write(_ page: HTMLPage, as name: String) throws {
        try Data(page.html).write(to: URL(filePath: "\(Self.folder)/\(name).html"))
    }

    /// Looks at the markup, and whether every link is a page.
    func check(
        _ page: HTMLPage,
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let markup = MarkupCheck(String(decoding: page.html, as: UTF8.self))
        #expect(markup.faults.isEmpty, "\(text)", sourceLocation: sourceLocation)
        for (target, isPost) in markup.targets {
            let address = target.replacing("&amp;", with: "&").replacing("&#39;", with: "'")
            let isKnown =
                isPost
                ? address.hasPrefix("/p/") && address.contains("/do/")
                    || ["/sign-in", "/sign-out"].contains(address)
                : address.hasPrefix("#") || address.hasPrefix("https://")
                    || ["population", "sample"].contains { address == "/p/shop/audit/\($0)" }
                    || address.hasPrefix("/p/shop/audit/evidence?promotion=")
                    || Asset.all.contains { $0.path == address }
                    || PagePath(parsing: String(address.prefix { $0 != "#" })) != nil
            #expect(isKnown, "\(text) leads to \(address)", sourceLocation: sourceLocation)
        }
    }

    /// A page of every kind.
    func addresses() throws -> [(name: String, text: String)] {
        let prod = try #require(try story.state(of: "prod").running)
        let old = try #require(try story.state(of: "prod").currentPromotion)
        return [
            ("projects", "/"), ("pipeline", "/p/shop"), ("pipeline-past", "/p/shop?at=300"),
            ("pipeline-search", "/p/shop?q=search&w=search&w=web&window=24h"),
            ("stage", "/p/shop/stages/prod"), ("stage-uat", "/p/shop/stages/uat?do=verified"),
            ("stage-rollback", "/p/shop/stages/prod?do=rollback&to=calm-grouse"),
            ("stage-choose", "/p/shop/stages/dr?do=choose&freight=calm-walrus"),
            ("stage-past", "/p/shop/stages/prod?at=300"),
            ("junction", "/p/shop/junctions/release"),
            ("junction-rollback", "/p/shop/junctions/release?do=rollback&to=300"),
            ("warehouse", "/p/shop/warehouses/checkout"), ("freight-list", "/p/shop/freight"),
            ("freight-found", "/p/shop/freight?q=3.9.0"),
            ("freight", "/p/shop/freight/ashen-crane"),
            ("freight-leaf", "/p/shop/freight/\(try story.freight("checkout", "3.9.0"))"),
            ("promotion", "/p/shop/promotions/\(prod)"),
            ("promotion-old", "/p/shop/promotions/\(old)"), ("grid", "/p/shop/grid"),
            (
                "grid-checkout",
                "/p/shop/grid?artifact=https://git.example.com/shop/checkout.git"
            ), ("audit", "/p/shop/audit"),
            ("audit-event", "/p/shop/audit?about=stage/prod&event=300"),
            ("audit-bad", "/p/shop/audit?type=Nothing"), ("restore", "/p/shop/restore?to=300"),
            ("sign-in", "/sign-in"),
        ]
    }
}
