import Expressions
import Matching

/// A map of a manifest whose fields are taken one by one.
///
/// Each taking says what it wants; what is of another kind becomes a problem, and the field is
/// treated as absent. What nobody took is unknown, and `finish` says so.
struct FieldMap {
    let path: String
    let mark: YAMLMark
    let problems: ProblemList
    private var members: [String: YAMLNode] = [:]
    private var unknown: [(name: String, mark: YAMLMark)] = []
    private var known: Set<String> = []

    /// nil, with a problem, for what is no map.
    init?(_ node: YAMLNode, path: String, _ problems: ProblemList) {
        self.path = path
        mark = node.mark
        self.problems = problems
        guard case .mapping(let pairs) = node.content else {
            problems.add("a map is wanted here, not \(node.kindName)", at: mark, field: path)
            return nil
        }
        for (key, value) in pairs {
            members[key.keyText] = value
            unknown.append((key.keyText, key.mark))
        }
    }

    /// The path of a field.
    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The node of a field, which is known from now on; nil where it is absent or null.
    mutating func node(_ name: String) -> YAMLNode? {
        known.insert(name)
        guard let node = members[name], !node.isNull else { return nil }
        return node
    }

    /// The same, and a problem where it is absent.
    mutating func requiredNode(_ name: String) -> YAMLNode? {
        if let node = node(name) { return node }
        problems.add("the field is missing", at: mark(of: name), field: path(of: name))
        return nil
    }

    /// Makes fields known that say nothing to Waybill.
    mutating func ignore(_ names: String...) {
        known.formUnion(names)
    }

    /// A problem for a field that must say nothing.
    mutating func refuse(_ name: String, because message: String) {
        guard let node = node(name), !node.isEmpty else { return }
        problems.add(message, at: node.mark, field: path(of: name))
    }

    /// A problem for a field that says something which this version does not do.
    mutating func limit(_ name: String, because message: String) {
        guard let node = node(name), !node.isEmpty else { return }
        problems.add(message, at: node.mark, field: path(of: name), isLimitation: true)
    }

    /// A notice for a field that says something without effect.
    mutating func notice(_ name: String, _ message: String) {
        guard let node = node(name), !node.isEmpty else { return }
        problems.notice("\(path(of: name)): \(message)", at: node.mark)
    }

    /// The names of all fields but one, in the order in which they were written.
    func otherNames(than name: String) -> [String] {
        unknown.map(\.name).filter { $0 != name }
    }

    /// Where a field's value stands; of an absent one, where the map begins.
    func mark(of name: String) -> YAMLMark { members[name]?.mark ?? mark }

    /// Adds a problem about a field, at its value.
    func add(_ message: String, about name: String, nearest: String? = nil) {
        problems.add(message, at: mark(of: name), field: path(of: name), nearest: nearest)
    }

    /// Says what nobody took.
    func finish() {
        problems.note(known, of: path)
        for (name, mark) in unknown where !known.contains(name) {
            let others = known.subtracting(unknown.map(\.name))
            problems.add(
                "there is no such field",
                at: mark,
                field: path(of: name),
                nearest: NearestName.nearest(to: name, among: others.sorted())
            )
        }
    }

    // MARK: - Kinds

    mutating func text(_ name: String) -> String? {
        node(name).flatMap { text(of: $0, path(of: name)) }
    }

    mutating func requiredText(_ name: String) -> String? {
        guard let text = requiredNode(name).flatMap({ text(of: $0, path(of: name)) }) else {
            return nil
        }
        if text.isEmpty { add("the field is empty", about: name) }
        return text.isEmpty ? nil : text
    }

    mutating func texts(_ name: String) -> [String] {
        list(name).compactMap { text(of: $0.node, $0.path) }
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let node = node(name) else { return nil }
        if case .bool(let flag) = node.value { return flag }
        add("true or false is wanted here, not \(node.kindName)", about: name)
        return nil
    }

    mutating func whole(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let node = node(name) else { return nil }
        if case .int(let number) = node.value, range.contains(number) { return number }
        add(
            "a whole number from \(range.lowerBound) to \(range.upperBound) is wanted here",
            about: name
        )
        return nil
    }

    mutating func durationMs(_ name: String) -> Int64? {
        guard let text = text(name) else { return nil }
        if let duration = TimeText.durationMs(text) { return duration }
        add("a duration such as 1h30m is wanted here, not \"\(text)\"", about: name)
        return nil
    }

    /// One of some words; the empty text counts as absent.
    mutating func choice<Choice>(_ name: String, _ choices: KeyValuePairs<String, Choice>)
        -> Choice?
    {
        guard let text = text(name), !text.isEmpty else { return nil }
        if let choice = choices.first(where: { $0.key == text }) { return choice.value }
        let words = choices.map(\.key)
        add(
            "\"\(text)\" is none of \(words.joined(separator: ", "))",
            about: name,
            nearest: NearestName.nearest(to: text, among: words)
        )
        return nil
    }

    mutating func map(_ name: String) -> FieldMap? {
        node(name).flatMap { FieldMap($0, path: path(of: name), problems) }
    }

    mutating func requiredMap(_ name: String) -> FieldMap? {
        requiredNode(name).flatMap { FieldMap($0, path: path(of: name), problems) }
    }

    /// The elements of a list with their paths; none where it is absent.
    mutating func list(_ name: String) -> [(node: YAMLNode, path: String)] {
        guard let node = node(name) else { return [] }
        guard case .sequence(let elements) = node.content else {
            add("a list is wanted here, not \(node.kindName)", about: name)
            return []
        }
        return elements.enumerated().map { ($0.element, "\(path(of: name))[\($0.offset)]") }
    }

    /// The elements of a list that are maps.
    mutating func maps(_ name: String) -> [FieldMap] {
        list(name).compactMap { FieldMap($0.node, path: $0.path, problems) }
    }

    /// A map of texts, in the order of its keys.
    mutating func textMap(_ name: String) -> [(key: String, value: String)] {
        guard let node = node(name) else { return [] }
        guard case .mapping(let pairs) = node.content else {
            add("a map is wanted here, not \(node.kindName)", about: name)
            return []
        }
        return pairs.compactMap { key, value in
            let text = text(of: value, "\(path(of: name)).\(key.keyText)")
            return text.map { (key.keyText, $0) }
        }
        .sorted { $0.0 < $1.0 }
    }

    /// Texts only: a number or boolean without quotes would lose its spelling.
    private func text(of node: YAMLNode, _ path: String) -> String? {
        if case .string(let text) = node.value { return text }
        let advice: String
        if case .scalar(let written, _) = node.content, !node.isNull {
            advice = ": write it in quotes, \"\(written)\""
        } else {
            advice = ""
        }
        problems.add(
            "text is wanted here, not \(node.kindName)\(advice)",
            at: node.mark,
            field: path
        )
        return nil
    }
}

extension YAMLNode {
    /// What it is, with an article.
    var kindName: String { value.kindName }

    /// Whether it says nothing: null, an empty text, list or map.
    var isEmpty: Bool {
        switch content {
        case .scalar(let text, _): isNull || text.isEmpty
        case .sequence(let elements): elements.isEmpty
        case .mapping(let members): members.isEmpty
        }
    }
}
