import ConformanceSupport
import Expressions
import Foundation
import Manifests
import Testing

/// Kargo's own documents, where they are beside the checkout; they are not copied.
@Suite struct RealManifests {
    private static let folder = ConformanceFile.repository
        .deletingLastPathComponent().appending(path: "shared/manifests")

    @Test func `complete documents are judged as their index says`() throws {
        let index = Self.folder.appending(path: "index.json")
        guard FileManager.default.fileExists(atPath: index.path()) else {
            print("RealManifests: skipped, ../shared/manifests is not there")
            return
        }
        let files = try Value(json: String(contentsOf: index, encoding: .utf8))["files"]
        var accepted = 0
        var refused = 0
        var unable = 0
        for row in files?.arrayValue ?? [] where row["complete"] == .bool(true) {
            let name = try #require(row["file"]?.stringValue)
            let text = try String(
                contentsOf: Self.folder.appending(path: name),
                encoding: .utf8
            )
            let problems = ManifestReader.read(text, file: name).problems
            // What this version cannot do yet is not what the index is about.
            let own = problems.filter { !$0.message.contains("this version") }
            // A rule of docs/KARGO.md: what webhook receivers say is not read.
            let isUnread = row["expect"]?["category"] == "schema-lags-code"
            if row["valid"] == .bool(true) || isUnread {
                #expect(own.map(\.description) == [])
                if problems.isEmpty { accepted += 1 } else { unable += 1 }
            } else {
                #expect(!problems.isEmpty, "\(name) is accepted")
                refused += 1
            }
        }
        print(
            "RealManifests: \(accepted) documents accepted, \(refused) refused as the index says, "
                + "\(unable) valid ones with something that this version does not do"
        )
    }
}
