import Foundation

/// A JSON value, read by Foundation, so that what writes JSON is not what checks it.
enum JSON: Hashable, Sendable, Decodable {
    case null
    case bool(Bool)
    case number(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(parsing text: String) throws {
        do {
            self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
        } catch {
            throw TestFailure("no JSON: \(text.prefix(300))")
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(name: String) -> JSON {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    subscript(index: Int) -> JSON {
        items.indices.contains(index) ? items[index] : .null
    }

    var items: [JSON] { if case .array(let items) = self { items } else { [] } }
    var members: [String: JSON] {
        if case .object(let members) = self { members } else { [:] }
    }
    var text: String { if case .string(let text) = self { text } else { "" } }
    var int: Int { if case .number(let number) = self { Int(number) } else { -1 } }
    var isTrue: Bool { self == .bool(true) }
    var isNull: Bool { self == .null }
}
