/// Words that the tree must not have, each with what to write instead.
enum WordRules {
    /// Rooms at the edge, where Foundation is allowed.
    private static let edge: Set<String> = ["waybill", "LedgerAPI"]
    /// Who may write to standard output.
    private static let speakers: Set<String> = ["waybill"]

    static func findings(in tree: SourceTree) -> [Finding] {
        tree.swiftFiles.flatMap { file in
            file.code.enumerated().flatMap { index, line in
                words(in: file).filter { $0.occurs(in: line) }.map { word in
                    Finding(path: file.path, line: index + 1, message: word.advice)
                }
            }
        } + unfinished(in: tree)
    }

    private static func words(in file: SourceFile) -> [Word] {
        var words = [Word("try!", "do not trap: throw, or `guard … else { preconditionFailure }`")]
        let isTest = file.path.hasPrefix("Tests/")
        let isBench = file.path.hasPrefix("tools/bench/")
        if !isTest, !edge.contains(file.target ?? "") {
            words += [
                Word(
                    "import Foundation",
                    "levels 0 to 5 do without Foundation: use the "
                        + "standard library, System or Subprocess"
                ),
                Word("Data(", "bytes are `[UInt8]` or `Span<UInt8>`"),
                Word("Date(", "time is a `Timestamp` that comes in as a parameter"),
            ]
        }
        if !isBench, !file.path.hasPrefix("Tests/"), !speakers.contains(file.target ?? "") {
            words.append(Word("print(", "only `waybill` and `bench` speak: return or throw it"))
        }
        return words
    }

    /// Words about work that was left for another day.
    private static func unfinished(in tree: SourceTree) -> [Finding] {
        let words = ["TODO", "FIXME", "XXX", "HACK", "not yet implemented", "for the time being"]
        return tree.files.filter { !$0.path.hasPrefix("Tests/TidyTests/") }.flatMap { file in
            file.lines.enumerated().flatMap { index, line in
                words.filter { Word($0, "").occurs(in: line) }.map { word in
                    Finding(
                        path: file.path,
                        line: index + 1,
                        message: "\"\(word)\": do it, or open an issue and say nothing here"
                    )
                }
            }
        }
    }
}

/// A piece of text that counts only where it stands for itself.
private struct Word {
    let text: String
    let advice: String

    init(_ text: String, _ advice: String) {
        self.text = text
        self.advice = advice
    }

    /// Whether `line` has it, with neither letter nor digit joined on to it.
    func occurs(in line: String) -> Bool {
        // Most lines do not: tell that by bytes, before characters are looked at.
        guard let first = text.utf8.first, line.utf8.contains(first) else { return false }
        var rest = line[...]
        while let range = rest.firstRange(of: text) {
            let before = rest[..<range.lowerBound].last ?? line[..<range.lowerBound].last
            let after = rest[range.upperBound...].first
            let joinsBefore = before.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
            let joinsAfter =
                text.last.map { $0.isLetter } == true
                && (after.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false)
            if !joinsBefore && !joinsAfter { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }
}
