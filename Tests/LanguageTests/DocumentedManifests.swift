import ConformanceSupport
import Foundation
import Manifests
import Testing

/// `docs/MANIFESTS.md` against the readers.
@Suite struct DocumentedManifests {
    /// A heading of the page, with its tables' fields and its examples.
    private struct Section {
        let title: String
        var fields: [String] = []
        var examples: [String] = []
    }

    private static func sections() throws -> [Section] {
        let page = ConformanceFile.repository.appending(path: "docs/MANIFESTS.md")
        var sections: [Section] = []
        var example: [Substring]?
        for line in try String(contentsOf: page, encoding: .utf8).split(
            separator: "\n",
            omittingEmptySubsequences: false
        ) {
            if line.hasPrefix("```") {
                if let lines = example {
                    sections[sections.count - 1].examples.append(lines.joined(separator: "\n"))
                }
                example = line == "```yaml" ? [] : nil
            } else if example != nil {
                example?.append(line)
            } else if line.hasPrefix("## ") {
                sections.append(Section(title: String(line.dropFirst(3))))
            } else if line.hasPrefix("| `") {
                let field = line.dropFirst(3).prefix { $0 != "`" }
                sections[sections.count - 1].fields.append(String(field))
            }
        }
        return sections
    }

    /// The section and the path under which a field of a kind is described.
    private static func place(of field: String) -> String {
        let parts = field.components(separatedBy: ": ")
        let (kind, path) = (parts[0], parts[1])
        let isCommon =
            ["apiVersion", "kind", "metadata", "status"].contains(path)
            || path.hasPrefix("metadata.")
        if isCommon { return "All kinds: \(path)" }
        let request = "spec.requestedFreight[]."
        if path.hasPrefix(request) { return "Requested freight: \(path.dropFirst(request.count))" }
        for steps in ["spec.promotionTemplate.spec.steps[].", "spec.steps[]."]
        where path.hasPrefix(steps) {
            return "Steps: \(path.dropFirst(steps.count))"
        }
        return "\(kind == "ClusterPromotionTask" ? "PromotionTask" : kind): \(path)"
    }

    @Test func `the page has the fields that the readers know, and no others`() throws {
        let sections = try Self.sections()
        let documented = sections.flatMap { section in
            section.fields.map { "\(section.title): \($0)" }
        }
        #expect(Set(documented).count == documented.count, "a field is there twice")
        let known = sections.flatMap(\.examples).reduce(into: Set<String>()) {
            $0.formUnion(ManifestReader.knownFields(readFor: $1))
        }
        let wanted = Set(known.map(Self.place(of:)))
        #expect(wanted.subtracting(documented).sorted() == [])
        #expect(Set(documented).subtracting(wanted).sorted() == [])
        #expect(documented.count > 120)
    }

    @Test func `each example is valid, and read without a notice`() throws {
        let sections = try Self.sections()
        var count = 0
        for section in sections {
            for example in section.examples {
                let reading = ManifestReader.read(example, file: section.title)
                let wrong = reading.problems.filter { !$0.isLimitation }
                #expect(wrong.map(\.description) == [])
                #expect(reading.notices.map(\.description) == [])
                #expect(!reading.resources.isEmpty || !reading.problems.isEmpty)
                count += reading.documentCount
            }
        }
        #expect(count >= 11)
    }
}
