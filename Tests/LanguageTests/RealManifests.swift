import ConformanceSupport
import Expressions
import Foundation
import Manifests
import Testing

/// Kargo's own documents, where they are beside the checkout; they are not copied.
@Suite struct RealManifests {
    private static let folder =
        ProcessInfo.processInfo.environment["WAYBILL_MANIFESTS"].map { URL(filePath: $0) }
        ?? ConformanceFile.repository
        .deletingLastPathComponent().appending(path: "shared/manifests")

    /// Documents that Kargo accepts and Waybill does not, with the words of the problem and the
    /// beginning of the rule in docs/KARGO.md.
    private static let differences: [String: (problem: String, rule: String)] = [
        "e2e-argocd-update-kargo-3.yaml": (
            "there is no function now() here", "- `now()` is not known in templates."
        ),
        "ui-promotion-task-example-1.yaml": (
            "metadata.namespace: \"<namespace>\" is no name", "- `metadata.namespace` is a name."
        ),
    ]

    @Test func `each difference is a rule with its reason`() throws {
        let page = ConformanceFile.repository.appending(path: "docs/KARGO.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for rule in Self.differences.values { #expect(text.contains("\n\(rule.rule) ")) }
    }

    @Test func `complete documents are judged as their index says`() throws {
        let index = Self.folder.appending(path: "index.json")
        guard FileManager.default.fileExists(atPath: index.path()) else {
            print("RealManifests: skipped, \(Self.folder.lastPathComponent) is not there")
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
            let own = problems.filter { !$0.isLimitation }
            if let rule = Self.differences[name] {
                #expect(own.map(\.description).joined().contains(rule.problem), "\(name)")
                continue
            }
            // A rule of docs/KARGO.md: what webhook receivers say is not read.
            let isUnread = row["expect"]?["category"] == "schema-lags-code"
            if row["valid"] == .bool(true) || isUnread {
                #expect(own.map(\.description) == [])
                if problems.isEmpty { accepted += 1 } else { unable += 1 }
            } else {
                #expect(!own.isEmpty, "\(name) is accepted")
                refused += 1
            }
        }
        print(
            "RealManifests: \(accepted) documents accepted, \(refused) refused as the index says, "
                + "\(unable) valid ones with something that this version does not do"
        )
    }
}
