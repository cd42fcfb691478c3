import Foundation
import PromotionModel
import Testing

/// Every kind of event has a section in docs/EVENTS.md that says everything about it.
@Suite struct DocumentedEvents {
    /// The sections by the number of their kind, each with its name and text.
    private static func sections() throws -> [UInt32: (name: String, text: String)] {
        let text = try String(contentsOfFile: "docs/EVENTS.md", encoding: .utf8)
        var sections: [UInt32: (name: String, text: String)] = [:]
        for part in text.components(separatedBy: "\n### ").dropFirst() {
            let body = part.components(separatedBy: "\n## ")[0]
            let heading = body.prefix { $0 != "\n" }.split(separator: " ")
            guard heading.count == 2, let number = UInt32(heading[0]) else { continue }
            sections[number] = (String(heading[1]), body)
        }
        return sections
    }

    /// The fields of a message of the published schema, without underscores.
    private static func fields(of message: String) throws -> [String] {
        let schema = try String(contentsOfFile: "docs/waybill.proto", encoding: .utf8)
        let start = try #require(schema.range(of: "message \(message) {")).upperBound
        let body = schema[start...].prefix { $0 != "}" }
        return body.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let sign = words.firstIndex(of: "="), sign > 0 else { return nil }
            return words[sign - 1].replacing("_", with: "").lowercased()
        }
    }

    @Test(arguments: EventType.allCases)
    func `a kind of event has a section with its meaning, when it is appended, and an example`(
        _ type: EventType
    ) throws {
        let section = try #require(try Self.sections()[type.rawValue], "\(type.name)")
        #expect(section.name == type.name)
        #expect(section.text.contains("\n*When, by whom:* "), "\(type.name)")
        #expect(section.text.contains("\n*Fields:* "), "\(type.name)")
        #expect(section.text.contains("\n    {"), "\(type.name) has no example")
    }

    @Test(arguments: EventType.allCases)
    func `a kind of event has each of its fields explained`(_ type: EventType) throws {
        let sections = try Self.sections()
        var text = try #require(sections[type.rawValue]).text
        // "as 43, and …": the fields of the other kind are its own too.
        for match in text.matches(of: /\bas (\d+)/) {
            text += sections[UInt32(match.1) ?? 0]?.text ?? ""
        }
        let explained = Set(text.matches(of: /`([A-Za-z]+)`/).map { $0.1.lowercased() })
        for field in try Self.fields(of: type.name) {
            #expect(explained.contains(field), "\(type.name) does not explain \(field)")
        }
    }

    @Test func `no section is about a kind of event that there is not`() throws {
        for (number, section) in try Self.sections() {
            #expect(EventType(rawValue: number)?.name == section.name, "\(number)")
        }
    }
}
