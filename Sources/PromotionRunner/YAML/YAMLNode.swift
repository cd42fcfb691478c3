/// A node of a YAML document, with the place where it is written.
struct YAMLNode {
    indirect enum Content {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLMember])
        /// `*name`, and what it stands for.
        case alias(String, YAMLNode)
    }

    let content: Content
    /// The bytes that are written; empty where nothing is (`key:`).
    ///
    /// Of a block, from the first character of what is in it to the last one.
    let span: Range<Int>
    /// A sequence or mapping that is written with brackets.
    let isBracketed: Bool
    /// Stands inside brackets.
    let isInFlow: Bool
    let anchor: String?
    /// The tag as it is meant (`tag:yaml.org,2002:str`); nil where none is written.
    let tag: String?

    /// Has an anchor or a tag, which a replacement would lose.
    var isDecorated: Bool { anchor != nil || tag != nil }

    /// Whether it is a sequence or mapping that is written without brackets.
    var isBlock: Bool {
        switch content {
        case .sequence, .mapping: !isBracketed
        case .scalar, .alias: false
        }
    }

    /// `a map`, `a list`, `a scalar` or `an alias`, for messages.
    var kindName: String {
        switch content {
        case .scalar: "a scalar"
        case .sequence: "a list"
        case .mapping: "a map"
        case .alias: "an alias"
        }
    }
}

/// One line of a map: its key and its value.
struct YAMLMember {
    let key: YAMLNode
    let value: YAMLNode

    /// The text of the key; nil where the key is no scalar.
    var name: String? {
        guard case .scalar(let scalar) = key.content else { return nil }
        return scalar.text
    }

    /// Behind what is written of it.
    var end: Int { max(value.span.upperBound, key.span.upperBound) }
}

/// A scalar: what it reads as, and how it is written.
struct YAMLScalar: Hashable {
    enum Style { case plain, singleQuoted, doubleQuoted, block }

    let text: String
    let style: Style
    /// Where the parser was behind it: of a block, after the empty lines below it.
    let end: Int

    /// The quotes around it, if it has some.
    var quote: Character? {
        switch style {
        case .singleQuoted: "'"
        case .doubleQuoted: "\""
        case .plain, .block: nil
        }
    }
}
