/// The documents of several files as one stream of YAML, and where in it each file begins.
///
/// A server that is sent the stream calls it `body`; what it says of line 70 there may be about
/// line 3 of the last file.
package struct ManifestSource: Sendable {
    /// All documents.
    package private(set) var text = ""

    /// The files, and how many lines stand before each.
    private var files: [(name: String, linesBefore: Int)] = []

    /// No documents.
    package init() {}

    /// Appends the documents of a file that sentences call `name`.
    package mutating func add(_ added: String, of name: String) {
        if !text.isEmpty {
            if text.last?.isNewline != true { text += "\n" }
            // Directives may stand only behind the end of a document (YAML 1.2, 9.2).
            if added.hasPrefix("%") {
                text += "...\n"
            } else if !added.hasPrefix("---") {
                text += "---\n"
            }
        }
        files.append((name, Self.breakCount(in: text)))
        text += added
    }

    /// What a server says of the stream, told of the files.
    package func told(_ sentence: String) -> String {
        sentence.replacing(/\bbody:(\d+):(\d+)/) { match in
            guard let line = Int(match.1),
                let file = files.last(where: { $0.linesBefore < line })
            else { return String(match.0) }
            return "\(file.name):\(line - file.linesBefore):\(match.2)"
        }
    }

    /// How many lines end in a text: with LF, CR or both (YAML 1.2, 5.4).
    private static func breakCount(in text: String) -> Int {
        var count = 0
        var last: UInt8 = 0
        for byte in text.utf8 {
            let isSecond = byte == UInt8(ascii: "\n") && last == UInt8(ascii: "\r")
            if [UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(byte), !isSecond { count += 1 }
            last = byte
        }
        return count
    }
}
