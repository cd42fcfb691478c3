import EventLog
import Foundation
import Ledger
import LedgerPages
import PromotionModel
import Testing

/// Renders pages of the release story into a folder that it prints.
@Suite struct PagesOfAStory {
    static let folder: String = {
        let path = ProcessInfo.processInfo.environment["PAGES_FOLDER"] ?? "/tmp/waybill-pages"
        try? FileManager.default.createDirectory(
            atPath: path + "/assets",
            withIntermediateDirectories: true
        )
        return path
    }()

    static func session(_ now: Timestamp) -> PageSession {
        PageSession(
            actor: "release-manager",
            csrfToken: "token",
            now: now,
            makeCommandID: { UUID().uuidString.lowercased() }
        )
    }

    @Test func `every page of the story is a page`() async throws {
        let story = try await Story.releases()
        let paths = [
            ("projects", "/"), ("pipeline", "/p/shop"), ("pipeline-past", "/p/shop?at=200"),
        ]
        for asset in Asset.all {
            try Data(asset.bytes).write(to: URL(filePath: "\(Self.folder)/assets/\(asset.name)"))
        }
        for (name, text) in paths {
            let path = try #require(PagePath(parsing: text))
            let moment = try #require(path.moment)
            let page = try story.ledger.read(at: moment) { view throws(LedgerError) in
                try LedgerPages.render(path, view, for: Self.session(story.now))
            }
            #expect(page.status == 200, "\(text): \(page.title)")
            try Data(page.html).write(to: URL(filePath: "\(Self.folder)/\(name).html"))
        }
        print("pages: \(Self.folder)")
        await story.ledger.log.close()
    }
}
