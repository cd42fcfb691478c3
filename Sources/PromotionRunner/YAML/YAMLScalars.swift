private import CYaml

/// A YAML document as a tree that knows where each scalar stands in the text.
indirect enum YAMLScalars {
    case scalar(YAMLScalar)
    case sequence([YAMLScalars])
    case mapping([(key: String?, value: YAMLScalars)])
    /// `*anchor`.
    case alias

    /// The first document of `bytes`, which must be well-formed to the end.
    ///
    /// nil for an empty text. Throws with the line where it is not well-formed.
    static func parse(_ bytes: [UInt8]) throws(StepError) -> YAMLScalars? {
        var events = try YAMLEvents.read(bytes)[...]
        guard let first = events.first else { return nil }
        events.removeFirst()
        return try node(first, &events, depth: 0)
    }

    private static func node(
        _ event: YAMLEvents.Event,
        _ events: inout ArraySlice<YAMLEvents.Event>,
        depth: Int
    ) throws(StepError) -> YAMLScalars {
        guard depth < 200 else { throw .wrong("the file is nested deeper than 200 levels") }
        switch event {
        case .scalar(let scalar): return .scalar(scalar)
        case .alias, .end: return .alias
        case .sequence:
            var elements: [YAMLScalars] = []
            while let next = events.popFirst(), next != .end {
                elements.append(try node(next, &events, depth: depth + 1))
            }
            return .sequence(elements)
        case .mapping:
            var members: [(key: String?, value: YAMLScalars)] = []
            while let next = events.popFirst(), next != .end {
                let key = try node(next, &events, depth: depth + 1)
                guard let value = events.popFirst() else { break }
                var name: String?
                if case .scalar(let scalar) = key { name = scalar.text }
                members.append((name, try node(value, &events, depth: depth + 1)))
            }
            return .mapping(members)
        }
    }

    /// The scalar at `key`.
    func scalar(at key: YAMLKey) throws(StepError) -> YAMLScalar {
        var node = self
        for part in key.parts {
            switch node {
            case .mapping(let members):
                let matches = members.filter { $0.key == part.name }
                guard let match = matches.first else {
                    let names = members.compactMap(\.key)
                    throw .wrong(
                        "there is no \(part.name) on the way to \(key.source)"
                            + NearestName.hint(part.name, names)
                    )
                }
                guard matches.count == 1 else {
                    throw .wrong("\(part.name) on the way to \(key.source) is there twice")
                }
                node = match.value
            case .sequence(let elements):
                guard let index = part.index, index < elements.count else {
                    throw .wrong(
                        "\(part.name) on the way to \(key.source) is no index into a list of "
                            + "\(elements.count)"
                    )
                }
                node = elements[index]
            case .alias:
                throw .wrong("\(key.source) leads through an alias; change it where it is defined")
            case .scalar:
                throw .wrong("\(key.source) leads into a scalar, before \(part.name)")
            }
        }
        guard case .scalar(let scalar) = node else {
            throw .wrong("\(key.source) is no scalar; only scalars can be replaced")
        }
        guard !scalar.isDecorated else {
            throw .wrong("\(key.source) has an anchor or a tag, which would be lost")
        }
        return scalar
    }
}

/// A scalar, and where it stands.
struct YAMLScalar: Hashable {
    /// What it reads as.
    let text: String
    /// In bytes; empty where nothing is written (`key:`).
    var span: Range<Int>
    /// The quotes around it, if it has some.
    let quote: Character?
    /// Inside `[ ]` or `{ }`.
    let isInFlow: Bool
    /// Has an anchor or a tag in its span.
    let isDecorated: Bool
}

/// Reads the parser's events: the one place that talks to libyaml.
enum YAMLEvents {
    enum Event: Hashable {
        case scalar(YAMLScalar)
        case alias
        case sequence
        case mapping
        /// Of the innermost sequence or mapping.
        case end
    }

    /// The events of the first document.
    ///
    /// The rest of the text is parsed too, so that nothing is written to a broken file.
    static func read(_ bytes: [UInt8]) throws(StepError) -> [Event] {
        var reader = Reader(offsets: CharacterOffsets(bytes))
        let failure: StepError? = unsafe bytes.withUnsafeBufferPointer { buffer in
            var parser = unsafe yaml_parser_t()
            guard unsafe yaml_parser_initialize(&parser) == 1 else {
                return StepError.broken("there is no memory for a YAML parser")
            }
            defer { unsafe yaml_parser_delete(&parser) }
            unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            while !reader.isDone {
                var event = unsafe yaml_event_t()
                guard unsafe yaml_parser_parse(&parser, &event) == 1 else {
                    let problem = unsafe parser.problem.map { unsafe String(cString: $0) }
                    let line = unsafe parser.problem_mark.line + 1
                    return .wrong("line \(line) is not YAML: \(problem ?? "it cannot be read")")
                }
                unsafe reader.take(event)
                unsafe yaml_event_delete(&event)
            }
            return nil
        }
        if let failure { throw failure }
        return reader.events
    }

    private struct Reader {
        let offsets: CharacterOffsets
        var events: [Event] = []
        var isDone = false
        private var documents = 0
        /// One for each open sequence and mapping: whether it is written with brackets.
        private var flows: [Bool] = []

        init(offsets: CharacterOffsets) { self.offsets = offsets }

        mutating func take(_ event: yaml_event_t) {
            switch unsafe event.type {
            case YAML_STREAM_END_EVENT: isDone = true
            case YAML_DOCUMENT_START_EVENT: documents += 1
            case YAML_SCALAR_EVENT: unsafe add(.scalar(scalar(event)))
            case YAML_ALIAS_EVENT: add(.alias)
            case YAML_SEQUENCE_START_EVENT:
                unsafe flows.append(
                    event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                        || flows.last == true
                )
                add(.sequence)
            case YAML_MAPPING_START_EVENT:
                unsafe flows.append(
                    event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                        || flows.last == true
                )
                add(.mapping)
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
                _ = flows.popLast()
                add(.end)
            default: break
            }
        }

        private mutating func add(_ event: Event) {
            if documents == 1 { events.append(event) }
        }

        private func scalar(_ event: yaml_event_t) -> YAMLScalar {
            let data = unsafe event.data.scalar
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: data.value, count: data.length),
                as: UTF8.self
            )
            let quote: Character? =
                switch unsafe data.style {
                case YAML_SINGLE_QUOTED_SCALAR_STYLE: "'"
                case YAML_DOUBLE_QUOTED_SCALAR_STYLE: "\""
                default: nil
                }
            let start = unsafe offsets.byteOffset(ofCharacter: event.start_mark.index)
            let end = unsafe offsets.byteOffset(ofCharacter: event.end_mark.index)
            return unsafe YAMLScalar(
                text: text,
                span: start..<max(start, end),
                quote: quote,
                isInFlow: flows.last ?? false,
                isDecorated: data.anchor != nil || data.tag != nil
            )
        }
    }
}

/// libyaml counts characters; a text is changed by bytes.
private struct CharacterOffsets {
    /// The first byte of each character; nil where every character is a byte.
    private let starts: [Int]?
    /// A byte order mark, which libyaml does not count.
    private let skipped: Int

    init(_ bytes: [UInt8]) {
        skipped = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            starts = nil
            return
        }
        var starts = bytes.indices.dropFirst(skipped).filter { bytes[$0] & 0xC0 != 0x80 }
        starts.append(bytes.count)
        self.starts = starts
    }

    func byteOffset(ofCharacter index: Int) -> Int {
        guard let starts else { return index }
        return starts[min(index, starts.count - 1)]
    }
}
