// libyaml as Yams brings it: Yams' own parser builds a tree before anything can be counted.
import CYaml

/// Bounds on what a manifest may be.
package enum ManifestLimits {
    /// Bytes of one file: 600 stages of 10 KiB and room.
    package static let fileBytesMax = 16 * 1_024 * 1_024
    /// Nodes of one file, aliases counted with what they stand for.
    package static let nodeCountMax = 1_000_000
    /// Levels of one document.
    package static let depthMax = 64
    /// Problems of one file that are told.
    package static let problemCountMax = 100
}

/// Reads YAML by parser events, so that nothing grows before it was counted.
///
/// An alias costs what it stands for: a document of a hundred lines that would unfold to
/// millions of nodes is refused at the alias that passes the limit.
struct YAMLParser {
    /// The documents that are complete.
    private(set) var documents: [YAMLNode] = []
    /// What ended the reading early, and keys that are there twice.
    private(set) var problems: [YAMLProblem] = []

    private var nodeCount = 0
    private var anchors: [String: YAMLNode] = [:]
    private var open: [Container] = []

    /// A list or map that has begun.
    private struct Container {
        let isMapping: Bool
        let mark: YAMLMark
        let anchor: String?
        var elements: [YAMLNode] = []
    }

    /// Reads all documents of `text`, up to the first place where it is no YAML.
    init(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= ManifestLimits.fileBytesMax else {
            let limit = ManifestLimits.fileBytesMax / 1_048_576
            fail("the file is larger than \(limit) MiB", YAMLMark(line: 1, column: 1))
            return
        }
        unsafe bytes.withUnsafeBufferPointer { buffer in
            var parser = unsafe yaml_parser_t()
            guard unsafe yaml_parser_initialize(&parser) == 1 else {
                fatalError("no memory for a YAML parser")
            }
            defer { unsafe yaml_parser_delete(&parser) }
            unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            while unsafe next(&parser) {}
        }
    }

    /// Takes the next event; false after the last one.
    private mutating func next(_ parser: inout yaml_parser_t) -> Bool {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(&parser, &event) == 1 else {
            let mark = unsafe parser.problem_mark
            let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "unknown"
            // libyaml's scanner runs ahead of its events, and stops at the same depth.
            if problem.hasPrefix("Maximum nesting level") {
                let place = unsafe parser.mark
                return tooDeep(YAMLMark(line: Int(place.line) + 1, column: Int(place.column) + 1))
            }
            fail(
                "this is not well-formed YAML: \(problem)",
                YAMLMark(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
            )
            return false
        }
        defer { unsafe yaml_event_delete(&event) }
        let start = unsafe event.start_mark
        let mark = YAMLMark(line: Int(start.line) + 1, column: Int(start.column) + 1)
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: return false
        case YAML_DOCUMENT_START_EVENT:
            anchors = [:]
            return true
        case YAML_SCALAR_EVENT: return unsafe scalar(event.data.scalar, mark)
        case YAML_ALIAS_EVENT:
            return alias(unsafe Self.text(event.data.alias.anchor) ?? "", mark)
        case YAML_SEQUENCE_START_EVENT:
            return begin(unsafe Self.text(event.data.sequence_start.anchor), false, mark)
        case YAML_MAPPING_START_EVENT:
            return begin(unsafe Self.text(event.data.mapping_start.anchor), true, mark)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return end()
        default: return true
        }
    }

    private mutating func scalar(
        _ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar,
        _ mark: YAMLMark
    ) -> Bool {
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        let isText = unsafe Self.text(scalar.tag) == "tag:yaml.org,2002:str"
        let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE && !isText
        let node = YAMLNode(
            content: .scalar(text, isPlain: isPlain),
            mark: mark,
            nodeCount: 1,
            depth: 1
        )
        return add(node, anchor: unsafe Self.text(scalar.anchor), mark)
    }

    private mutating func alias(_ name: String, _ mark: YAMLMark) -> Bool {
        guard let node = anchors[name] else {
            return fail("there is no anchor &\(name) before the alias *\(name)", mark)
        }
        return add(node, anchor: nil, mark)
    }

    private mutating func begin(_ anchor: String?, _ isMapping: Bool, _ mark: YAMLMark) -> Bool {
        guard open.count < ManifestLimits.depthMax else { return tooDeep(mark) }
        open.append(Container(isMapping: isMapping, mark: mark, anchor: anchor))
        return true
    }

    private mutating func end() -> Bool {
        guard let container = open.popLast() else { return true }
        let elements = container.elements
        let content: YAMLNode.Content =
            container.isMapping ? .mapping(members(of: elements)) : .sequence(elements)
        let node = YAMLNode(
            content: content,
            mark: container.mark,
            nodeCount: elements.reduce(1) { $0 + $1.nodeCount },
            depth: (elements.map(\.depth).max() ?? 0) + 1
        )
        // Its elements are counted already.
        nodeCount -= node.nodeCount - 1
        return add(node, anchor: container.anchor, container.mark)
    }

    private mutating func add(_ node: YAMLNode, anchor: String?, _ mark: YAMLMark) -> Bool {
        nodeCount += node.nodeCount
        guard nodeCount <= ManifestLimits.nodeCountMax else {
            let limit = ManifestLimits.nodeCountMax
            return fail("with its aliases unfolded the file has more than \(limit) nodes", mark)
        }
        guard open.count + node.depth <= ManifestLimits.depthMax else { return tooDeep(mark) }
        if let anchor { anchors[anchor] = node }
        if open.isEmpty {
            documents.append(node)
        } else {
            open[open.count - 1].elements.append(node)
        }
        return true
    }

    private mutating func tooDeep(_ mark: YAMLMark) -> Bool {
        fail("the document is nested deeper than \(ManifestLimits.depthMax) levels", mark)
    }

    /// The members of a map from its keys and values in turn, with `<<` merged in.
    private mutating func members(of elements: [YAMLNode]) -> [(key: YAMLNode, value: YAMLNode)] {
        var members: [(key: YAMLNode, value: YAMLNode)] = []
        var merged: [(key: YAMLNode, value: YAMLNode)] = []
        var keys: Set<String> = []
        for index in stride(from: 0, to: elements.count - 1, by: 2) {
            let (key, value) = (elements[index], elements[index + 1])
            guard case .scalar(let name, let isPlain) = key.content else {
                problems.append(YAMLProblem(mark: key.mark, message: "a key must be a text"))
                continue
            }
            if name == "<<", isPlain {
                merged += mergeable(value)
            } else if keys.insert(name).inserted {
                members.append((key, value))
            } else {
                problems.append(
                    YAMLProblem(mark: key.mark, message: "the key \"\(name)\" is there twice")
                )
            }
        }
        for member in merged where keys.insert(member.key.keyText).inserted {
            members.append(member)
        }
        return members
    }

    /// The members that `<<: value` brings in, those that count first.
    private mutating func mergeable(_ value: YAMLNode) -> [(key: YAMLNode, value: YAMLNode)] {
        switch value.content {
        case .mapping(let members): return members
        case .sequence(let elements): return elements.flatMap { mergeable($0) }
        case .scalar:
            problems.append(YAMLProblem(mark: value.mark, message: "<< wants a map to merge"))
            return []
        }
    }

    @discardableResult
    private mutating func fail(_ message: String, _ mark: YAMLMark) -> Bool {
        problems.append(YAMLProblem(mark: mark, message: message))
        return false
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }
}
