import Expressions

/// Collects changes to the text of a document, all about the text as it is, and makes them at
/// once.
///
/// What is not changed keeps its bytes: layout, comments, quotes, anchors.
struct YAMLEditor {
    let document: YAMLDocument
    let layout: YAMLLayout
    private var edits: [(range: Range<Int>, text: String)] = []

    init(_ document: YAMLDocument, layout standard: YAMLLayout) {
        self.document = document
        layout = YAMLLayout(of: document, else: standard)
    }

    /// Where a node stands: behind a key's colon, behind a dash, or alone.
    struct Place {
        enum Introducer { case colon, dash, nothing }

        let introducer: Introducer
        /// Behind the colon or dash.
        let start: Int
        /// The column of the key or dash.
        let column: Int
    }

    /// The text with the changes made; ends with a line break.
    func applied() -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        let order = edits.indices.sorted {
            (edits[$0].range.lowerBound, $0) < (edits[$1].range.lowerBound, $1)
        }
        for edit in order.map({ edits[$0] }) {
            result += document.bytes[position..<edit.range.lowerBound]
            result += edit.text.utf8
            position = edit.range.upperBound
        }
        result += document.bytes[position...]
        if result.last != UInt8(ascii: "\n") { result += document.lineBreak.utf8 }
        return result
    }

    /// The place of the value of a member.
    func place(of member: YAMLMember) -> Place {
        let bytes = document.bytes
        var colon = member.key.span.upperBound
        while colon < bytes.count, bytes[colon] != UInt8(ascii: ":") { colon += 1 }
        return Place(
            introducer: .colon,
            start: min(colon + 1, bytes.count),
            column: document.column(member.key.span.lowerBound)
        )
    }

    /// The place of the element at `index` of a block sequence.
    func place(ofElement index: Int, in list: YAMLNode, _ elements: [YAMLNode]) -> Place {
        var dash = list.span.lowerBound
        if index > 0 {
            dash = document.startOfNextLine(elements[index - 1].span.upperBound)
            while dash < document.bytes.count, isBlankOrComment(dash) {
                dash = document.startOfNextLine(dash)
            }
            while dash < document.bytes.count, document.bytes[dash] == UInt8(ascii: " ") {
                dash += 1
            }
        }
        return Place(introducer: .dash, start: dash + 1, column: document.column(dash))
    }

    private func isBlankOrComment(_ line: Int) -> Bool {
        let text = document.bytes[line..<document.endOfLine(line)]
        let first = text.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return first == nil || first == UInt8(ascii: "#")
    }

    // MARK: - Replacing

    /// Puts `fragment` where `node` is.
    mutating func replace(
        _ node: YAMLNode,
        at place: Place,
        with fragment: YAMLFragment
    ) throws(StepError) {
        guard !node.isDecorated else {
            throw .wrong("what is to be replaced has an anchor or a tag, which would be lost")
        }
        let end = node.isBlock ? document.endOfLine(node.span.upperBound) : node.span.upperBound
        let isBelow =
            node.isBlock && place.introducer != .nothing
            && document.startOfLine(node.span.lowerBound) > place.start
        let inline = fragment.placement == .inline || place.introducer != .colon
        let column =
            switch (place.introducer, fragment.placement) {
            case (.nothing, _): 0
            case (.colon, .inline), (.dash, .inline): place.column
            case (.colon, .map): place.column + layout.mapIndentation
            case (.colon, .list): place.column + layout.listIndentation
            case (.dash, _): place.column + 2
            }
        let text = fragment.text(at: column, document.lineBreak)
        if inline {
            if isBelow {
                edit(place.start..<place.start, " " + text)
                edit(document.endOfLine(place.start)..<end, "")
            } else if node.span.isEmpty, place.introducer != .nothing {
                edit(place.start..<place.start, " " + text)
            } else {
                edit(node.span.lowerBound..<end, text)
            }
            return
        }
        let below =
            document.lineBreak + String(repeating: " ", count: column) + text
        if isBelow {
            edit(document.endOfLine(place.start)..<end, below)
        } else {
            edit(place.start..<max(node.span.upperBound, place.start), "")
            let line = document.endOfLine(max(node.span.upperBound, place.start))
            edit(line..<line, below)
        }
    }

    /// Makes `node` say `value`, and touches no more of it than that takes.
    mutating func update(
        _ node: YAMLNode,
        at place: Place,
        to value: Value
    ) throws(StepError) {
        if try YAMLDocument.value(of: node) == value { return }
        switch (node.content, value) {
        case (.mapping(let members), .object(let new)) where node.isBlock && !new.isEmpty:
            let names = Set(members.compactMap(\.name))
            if !names.isDisjoint(with: new.keys) {
                return try update(node, members, to: new)
            }
        case (.sequence(let elements), .array(let new)) where node.isBlock && !new.isEmpty:
            return try update(node, elements, to: new)
        case (.scalar(let scalar), .string), (.scalar(let scalar), .int),
            (.scalar(let scalar), .double), (.scalar(let scalar), .bool),
            (.scalar(let scalar), .null):
            let text = YAMLScalarText.text(
                of: value,
                keepsQuotes: scalar.quote,
                inFlow: node.isInFlow
            )
            let fragment = YAMLFragment(lines: [text], placement: .inline)
            return try replace(node, at: place, with: fragment)
        default: break
        }
        try replace(node, at: place, with: fragment(of: value, inPlaceOf: node))
    }

    /// A value in the manner of what it replaces: `{}` and `[]` may become blocks, other brackets
    /// stay.
    private func fragment(of value: Value, inPlaceOf node: YAMLNode) -> YAMLFragment {
        let isEmpty =
            switch node.content {
            case .mapping(let members): members.isEmpty
            case .sequence(let elements): elements.isEmpty
            case .scalar, .alias: true
            }
        guard node.isInFlow || node.isBracketed && !isEmpty else {
            return layout.fragment(of: value)
        }
        let text = YAMLLayout.inline(value, inFlow: true)
        return YAMLFragment(lines: [text], placement: .inline)
    }

    private mutating func update(
        _ node: YAMLNode,
        _ members: [YAMLMember],
        to new: [String: Value]
    ) throws(StepError) {
        for member in members {
            guard let name = member.name, let value = new[name] else { continue }
            try update(member.value, at: place(of: member), to: value)
        }
        remove(from: members) { new[$0.name ?? ""] == nil }
        let names = Set(members.compactMap(\.name))
        for (name, value) in new.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
            insert(layout.entry(name, value), behind: node)
        }
    }

    private mutating func update(
        _ node: YAMLNode,
        _ elements: [YAMLNode],
        to new: [Value]
    ) throws(StepError) {
        for (index, element) in elements.enumerated() {
            let place = place(ofElement: index, in: node, elements)
            if index < new.count {
                try update(element, at: place, to: new[index])
            } else {
                let start = document.endOfLine(elements[index - 1].span.upperBound)
                edit(start..<document.endOfLine(element.span.upperBound), "")
            }
        }
        for value in new.dropFirst(elements.count) {
            insert(layout.fragment(of: [value]).lines, behind: node)
        }
    }

    // MARK: - Adding and removing

    /// Puts a member into a map that has some.
    mutating func add(
        _ name: String,
        _ value: Value,
        to node: YAMLNode,
        _ members: [YAMLMember]
    ) {
        guard node.isBracketed, let last = members.last else {
            return insert(layout.entry(name, value), behind: node)
        }
        let key = YAMLScalarText.text(of: .string(name), keepsQuotes: nil, inFlow: true)
        let end = last.value.span.upperBound
        edit(end..<end, ", \(key): \(YAMLLayout.inline(value, inFlow: true))")
    }

    /// Puts an element behind the last one of a list that has some.
    mutating func append(_ value: Value, to node: YAMLNode, _ elements: [YAMLNode]) {
        guard node.isBracketed, let last = elements.last else {
            return insert(layout.fragment(of: [value]).lines, behind: node)
        }
        let end = last.span.upperBound
        edit(end..<end, ", " + YAMLLayout.inline(value, inFlow: true))
    }

    /// Puts lines below the last one of a block, in its column.
    mutating func insert(_ lines: [String], behind node: YAMLNode) {
        let column = document.column(node.span.lowerBound)
        let margin = String(repeating: " ", count: column)
        let text = YAMLFragment(lines: lines, placement: .map).text(at: column, document.lineBreak)
        if let end = document.endOfKeptBreaks(node) {
            edit(end..<end, margin + text + document.lineBreak)
        } else {
            let end = document.endOfLine(node.span.upperBound)
            edit(end..<end, document.lineBreak + margin + text)
        }
    }

    /// Takes members out of a block that keeps others.
    mutating func remove(from members: [YAMLMember], where isGone: (YAMLMember) -> Bool) {
        guard let kept = members.firstIndex(where: { !isGone($0) }), let first = members.first
        else { return }
        let start = first.key.span.lowerBound
        if kept > 0, document.isFirstOfLine(start) {
            let end = document.startOfNextLine(members[kept - 1].end)
            edit(document.startOfLine(start)..<end, "")
        } else if kept > 0 {
            // What is kept moves up behind the dash.
            edit(start..<members[kept].key.span.lowerBound, "")
        }
        for index in members.indices.dropFirst(kept + 1) where isGone(members[index]) {
            let start = document.endOfLine(members[index - 1].end)
            edit(start..<document.endOfLine(members[index].end), "")
        }
    }

    private mutating func edit(_ range: Range<Int>, _ text: String) {
        if !range.isEmpty || !text.isEmpty { edits.append((range, text)) }
    }
}

extension YAMLDocument {
    /// Where the empty lines end that the last text of `node` keeps (`|+`); nil if it keeps none.
    func endOfKeptBreaks(_ node: YAMLNode) -> Int? {
        switch node.content {
        case .mapping(let members): return members.last.flatMap { endOfKeptBreaks($0.value) }
        case .sequence(let elements): return elements.last.flatMap { endOfKeptBreaks($0) }
        case .alias: return nil
        case .scalar(let scalar):
            guard scalar.style == .block else { return nil }
            let header = text(node.span.lowerBound..<endOfLine(node.span.lowerBound))
            let isKept = header.prefix(3).contains("+")
            return isKept && scalar.end == startOfLine(scalar.end) ? scalar.end : nil
        }
    }
}
