/// The first document of a YAML text as a tree that knows where everything stands.
///
/// The whole text must be well-formed, so that nothing is written to a broken file.
struct YAMLDocument {
    let bytes: [UInt8]
    /// nil where there is nothing but comments.
    let root: YAMLNode?
    let documentCount: Int

    /// Parses `bytes`; throws with the line where they are no YAML.
    init(_ bytes: [UInt8]) throws(StepError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .wrong("the file is not UTF-8")
        }
        var builder = YAMLTreeBuilder(bytes)
        try YAMLEvents.read(bytes) { (event) throws(StepError) in try builder.take(event) }
        self.bytes = bytes
        root = builder.root
        documentCount = builder.documentCount
    }

    /// Does something with the document in the file `path`, which messages then name.
    static func reading<Result>(
        _ bytes: [UInt8],
        _ path: String,
        _ body: (YAMLDocument) throws(StepError) -> Result
    ) throws(StepError) -> Result {
        do throws(StepError) {
            return try body(try YAMLDocument(bytes))
        } catch {
            throw StepError(
                message: "\(WorkDirectory.shown(path)): \(error.message)",
                isTerminal: error.isTerminal,
                isRefusal: error.isRefusal
            )
        }
    }

    /// The node at `parts` of the key `key`.
    ///
    /// An alias is followed if more lies behind it, or is an error where `followsAliases` is
    /// false.
    func node(
        at parts: some Sequence<YAMLKey.Part>,
        of key: String,
        followsAliases: Bool = true
    ) throws(StepError) -> YAMLNode {
        guard var node = root else { throw .wrong("the file is empty") }
        for part in parts {
            if case .alias(_, let target) = node.content {
                guard followsAliases else {
                    throw .wrong("\(key) leads through an alias; change it where it is defined")
                }
                node = target
            }
            switch node.content {
            case .mapping(let members): node = try Self.member(part, of: members, key).value
            case .sequence(let elements):
                guard let index = part.index, elements.indices.contains(index) else {
                    throw .wrong(
                        "\(part.name) on the way to \(key) is no index into a list of "
                            + "\(elements.count)"
                    )
                }
                node = elements[index]
            case .scalar, .alias:
                throw .wrong("\(key) leads into a scalar, before \(part.name)")
            }
        }
        return node
    }

    /// The member that `part` names.
    private static func member(
        _ part: YAMLKey.Part,
        of members: [YAMLMember],
        _ key: String
    ) throws(StepError) -> YAMLMember {
        guard let member = try member(part.name, of: members) else {
            throw .wrong(
                "there is no \(part.name) on the way to \(key)"
                    + NearestName.hint(part.name, members.compactMap(\.name))
            )
        }
        return member
    }

    /// The member of a name; nil if there is none, an error if there are two.
    static func member(
        _ name: String,
        of members: [YAMLMember]
    ) throws(StepError) -> YAMLMember? {
        let matches = members.filter { $0.name == name }
        guard matches.count <= 1 else { throw .wrong("the key \(name) is there twice") }
        return matches.first
    }
}

/// Places in the text.
extension YAMLDocument {
    /// The end of the line in which `offset` is: its line break, or the end of the text.
    func endOfLine(_ offset: Int) -> Int {
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        return end > offset && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
    }

    /// The first byte of the line in which `offset` is.
    func startOfLine(_ offset: Int) -> Int {
        bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }

    /// How many bytes stand before `offset` in its line.
    func column(_ offset: Int) -> Int { offset - startOfLine(offset) }

    /// Whether only blanks stand before `offset` in its line.
    func isFirstOfLine(_ offset: Int) -> Bool {
        bytes[startOfLine(offset)..<offset].allSatisfy { $0 == UInt8(ascii: " ") }
    }

    /// The first byte of the line behind the one in which `offset` is.
    func startOfNextLine(_ offset: Int) -> Int {
        bytes[offset...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
    }

    /// What ends lines here.
    var lineBreak: String {
        let first = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        return first > 0 && bytes[first - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
    }

    /// A part of the text.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
