import Foundation
import Testing

@testable import LedgerPages

/// What templates and assets must and must not say.
@Suite struct TemplateRules {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/LedgerPages").standardized

    @Test func `every template of the folder is in the binary, as it is`() throws {
        let folder = Self.sources.appending(path: "Templates")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path())
        let names = files.filter { $0.hasSuffix(".mustache") }.map { String($0.dropLast(9)) }
        #expect(names.sorted() == templateSources.map(\.name).sorted())
        for (name, bytes) in templateSources {
            let file = try Data(contentsOf: folder.appending(path: "\(name).mustache"))
            #expect(Array(file) == bytes, "\(name)")
        }
    }

    @Test func `templates escape everything, and have no style and no handler`() {
        for (name, bytes) in templateSources {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
            #expect(!text.contains(" style="), "\(name)")
            #expect(text.firstMatch(of: /\son[a-z]+=/) == nil, "\(name)")
        }
    }

    @Test func `assets are named by their content, and found by their names`() {
        for asset in Asset.all {
            #expect(Asset.named(asset.name) == asset)
            #expect(asset.name.firstMatch(of: /\.[0-9a-f]{12}\.(css|js|svg)$/) != nil)
        }
        #expect(Set(Asset.all.map(\.name)).count == Asset.all.count)
        #expect(Asset.named("style.css") == nil)
    }

    @Test func `nothing in assets comes from elsewhere`() {
        for asset in Asset.all {
            let text = String(decoding: asset.bytes, as: UTF8.self)
                .replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!text.contains("http://") && !text.contains("https://"), "\(asset.name)")
            #expect(!text.contains("@import") && !text.contains("innerHTML"), "\(asset.name)")
        }
    }
}
