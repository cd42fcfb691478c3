private import CYaml

/// Reads the parser's events: the one place that talks to libyaml.
enum YAMLEvents {
    struct Event {
        enum Kind {
            case document
            case scalar(String, YAMLScalar.Style)
            case alias(String)
            case sequence(isFlow: Bool)
            case mapping(isFlow: Bool)
            /// Of the innermost sequence or mapping.
            case end
        }

        let kind: Kind
        /// In bytes.
        let start: Int
        let end: Int
        let anchor: String?
        let tag: String?
    }

    /// Hands every event to `take`, those of later documents too.
    static func read(
        _ bytes: [UInt8],
        _ take: (Event) throws(StepError) -> Void
    ) throws(StepError) {
        let offsets = CharacterOffsets(bytes)
        let failure: StepError? = unsafe bytes.withUnsafeBufferPointer { buffer in
            var parser = unsafe yaml_parser_t()
            guard unsafe yaml_parser_initialize(&parser) == 1 else {
                return StepError.broken("there is no memory for a YAML parser")
            }
            defer { unsafe yaml_parser_delete(&parser) }
            unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            while true {
                var event = unsafe yaml_event_t()
                guard unsafe yaml_parser_parse(&parser, &event) == 1 else {
                    let problem = unsafe parser.problem.map { unsafe String(cString: $0) }
                    let line = unsafe parser.problem_mark.line + 1
                    return .wrong("line \(line) is not YAML: \(problem ?? "it cannot be read")")
                }
                defer { unsafe yaml_event_delete(&event) }
                if unsafe event.type == YAML_STREAM_END_EVENT { return nil }
                guard let read = unsafe self.event(event, offsets) else { continue }
                do throws(StepError) {
                    try take(read)
                } catch {
                    return error
                }
            }
        }
        if let failure { throw failure }
    }

    private static func event(_ event: yaml_event_t, _ offsets: CharacterOffsets) -> Event? {
        let kind: Event.Kind
        var anchor: String?
        var tag: String?
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .document
        case YAML_SCALAR_EVENT:
            let data = unsafe event.data.scalar
            kind = unsafe .scalar(
                String(
                    decoding: UnsafeBufferPointer(start: data.value, count: data.length),
                    as: UTF8.self
                ),
                style(data.style)
            )
            anchor = unsafe text(data.anchor)
            tag = unsafe text(data.tag)
        case YAML_ALIAS_EVENT: kind = .alias(unsafe text(event.data.alias.anchor) ?? "")
        case YAML_SEQUENCE_START_EVENT:
            let data = unsafe event.data.sequence_start
            kind = unsafe .sequence(isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE)
            anchor = unsafe text(data.anchor)
            tag = unsafe text(data.tag)
        case YAML_MAPPING_START_EVENT:
            let data = unsafe event.data.mapping_start
            kind = unsafe .mapping(isFlow: data.style == YAML_FLOW_MAPPING_STYLE)
            anchor = unsafe text(data.anchor)
            tag = unsafe text(data.tag)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .end
        default: return nil
        }
        return Event(
            kind: kind,
            start: unsafe offsets.byteOffset(ofCharacter: event.start_mark.index),
            end: unsafe offsets.byteOffset(ofCharacter: event.end_mark.index),
            anchor: anchor,
            tag: tag
        )
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
        default: .plain
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
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
