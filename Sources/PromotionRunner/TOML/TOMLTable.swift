import Expressions

/// A TOML document, table or inline table while it is read, and where its values stand.
final class TOMLTable {
    /// How a table came to be, which decides who may still add to it.
    enum Origin {
        /// A header below it named it on the way.
        case implicit
        /// Its own header, or the document itself.
        case header
        /// A dotted key.
        case dotted
        /// Written in braces: complete.
        case inline
    }

    /// What a key stands for.
    enum Node {
        /// Text, a number, a boolean, or a date as text; with the bytes that say so.
        case scalar(Value, Range<Int>)
        case array([Node])
        case table(TOMLTable)
        /// `[[name]]`
        case tables([TOMLTable])
    }

    private(set) var origin: Origin
    private(set) var members: [String: Node] = [:]

    init(_ origin: Origin) { self.origin = origin }

    /// Adds a value under the last of `keys`, in tables under the others; nil if all is well,
    /// else what is wrong.
    func add(_ node: Node, at keys: ArraySlice<String>) -> String? {
        guard let first = keys.first else { return "a key is missing" }
        guard keys.count > 1 else {
            guard members.updateValue(node, forKey: first) == nil else {
                return "\(first) is there twice"
            }
            return nil
        }
        switch members[first] {
        case nil:
            let table = TOMLTable(.dotted)
            members[first] = .table(table)
            return table.add(node, at: keys.dropFirst())
        case .table(let table) where table.origin == .dotted:
            return table.add(node, at: keys.dropFirst())
        case .table, .tables, .scalar, .array:
            return "\(first) is there already, and cannot be added to by a dotted key"
        }
    }

    /// The table that `[keys]` or, if it `isElement`, `[[keys]]` begins.
    func begin(_ keys: ArraySlice<String>, isElement: Bool) throws(TOMLProblem) -> TOMLTable {
        guard let first = keys.first else { throw TOMLProblem("a header without a name") }
        guard keys.count == 1 else {
            return try step(into: first).begin(keys.dropFirst(), isElement: isElement)
        }
        let made = TOMLTable(.header)
        switch (members[first], isElement) {
        case (nil, false): members[first] = .table(made)
        case (nil, true): members[first] = .tables([made])
        case (.tables(let tables), true): members[first] = .tables(tables + [made])
        case (.table(let table), false) where table.origin == .implicit:
            table.origin = .header
            return table
        default: throw TOMLProblem("\(first) is there already")
        }
        return made
    }

    /// The table that a header goes through on its way.
    private func step(into name: String) throws(TOMLProblem) -> TOMLTable {
        switch members[name] {
        case nil:
            let table = TOMLTable(.implicit)
            members[name] = .table(table)
            return table
        case .table(let table) where table.origin != .inline: return table
        case .tables(let tables): return tables[tables.count - 1]
        case .table, .scalar, .array:
            throw TOMLProblem("\(name) is there already, and is complete")
        }
    }

    /// The table as a value that expressions can take apart.
    var value: Value { .object(members.mapValues(\.value)) }
}

extension TOMLTable.Node {
    /// What it says, without where it says so.
    var value: Value {
        switch self {
        case .scalar(let value, _): value
        case .array(let elements): .array(elements.map(\.value))
        case .table(let table): table.value
        case .tables(let tables): .array(tables.map(\.value))
        }
    }
}

/// What is wrong with a TOML document, without its place.
struct TOMLProblem: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
