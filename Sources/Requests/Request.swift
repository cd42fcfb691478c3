package import Expressions
import PromotionModel

/// What somebody asks for, in his own words: names, aliases and moments as text.
///
/// The command line makes it of options, the server of a URL or a JSON body.
package protocol Request: Sendable {
    /// One in which nothing was said.
    init()
    /// All that can be said.
    static var fields: [RequestField<Self>] { get }
    /// Where a server takes it, with all that was said in the query or body.
    var place: RequestPlace { get }
    /// Why what was said makes no sense together, in a sentence; nil if it does.
    var contradiction: String? { get }
}

extension Request {
    /// Nothing contradicts anything.
    package var contradiction: String? { nil }

    /// A request of words by their names.
    ///
    /// - Throws: a failure whose details name the field that is unknown, missing or of the wrong
    ///   type, and what it takes.
    package init(words: [String: Value]) throws(CommandFailure) {
        self.init()
        try say(words, of: Set(Self.fields.map(\.name)))
        if let contradiction { throw .usage(contradiction) }
    }

    /// Takes what was said, of the fields that can be said where it was said.
    ///
    /// - Throws: as `init(words:)` does.
    package mutating func say(
        _ words: [String: Value],
        of known: Set<String>
    ) throws(CommandFailure) {
        for name in words.keys.sorted() where !known.contains(name) {
            let others = Self.fields.map(\.name).filter(known.contains).joined(separator: ", ")
            throw Self.failure(
                name,
                "\(name.quotedForDisplay) is no field of this request; it takes "
                    + (others.isEmpty ? "none" : others)
            )
        }
        for field in Self.fields where known.contains(field.name) {
            let word = words[field.name] ?? .null
            guard !word.isNull else {
                guard !field.isRequired else {
                    throw Self.failure(
                        field.name,
                        "\(field.name) is missing; say \(field.kind.words)"
                    )
                }
                continue
            }
            guard field.set(&self, word) else {
                throw Self.failure(field.name, "\(field.name) takes \(field.kind.words)")
            }
        }
    }

    /// What was said, by its names.
    package var words: [String: Value] {
        var words: [String: Value] = [:]
        for field in Self.fields {
            let word = field.get(self)
            if !word.isNull { words[field.name] = word }
        }
        return words
    }

    private static func failure(_ field: String, _ sentence: String) -> CommandFailure {
        CommandFailure(.usage, "invalidField", sentence, details: [("field", .string(field))])
    }
}
