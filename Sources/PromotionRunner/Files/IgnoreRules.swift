import Matching

/// Which files are left out, in the syntax of `.gitignore`.
///
/// Of the lines that match a path the last one counts; one that begins with `!` lets it in again,
/// unless a directory above it is left out.
struct IgnoreRules: Sendable {
    private let lines: [Line]

    private struct Line: Sendable {
        let glob: Glob
        let isException: Bool
        let isForDirectories: Bool
    }

    /// The rules of a text; empty lines and those that begin with `#` say nothing.
    init(_ text: String) throws(StepError) {
        var lines: [Line] = []
        for line in text.split(whereSeparator: \.isNewline) {
            guard let read = try Self.read(String(line)) else { continue }
            lines.append(read)
        }
        self.lines = lines
    }

    private static func read(_ line: String) throws(StepError) -> Line? {
        guard !line.hasPrefix("#") else { return nil }
        var pattern = line
        while pattern.hasSuffix(" "), !pattern.hasSuffix("\\ ") { pattern.removeLast() }
        let isException = pattern.hasPrefix("!")
        if isException { pattern.removeFirst() }
        let isForDirectories = pattern.hasSuffix("/")
        while pattern.hasSuffix("/") { pattern.removeLast() }
        guard !pattern.isEmpty else { return nil }
        // A slash before the end ties the pattern to the top; one without may match anywhere.
        let isAnchored = pattern.contains("/")
        if pattern.hasPrefix("/") { pattern.removeFirst() }
        // Everything in a directory is not the directory itself, from which an exception may save.
        if pattern.hasSuffix("/**") { pattern += "/*" }
        // Braces mean nothing in these files.
        let plain = pattern.replacing("{", with: "\\{").replacing("}", with: "\\}")
        do {
            return Line(
                glob: try Glob(isAnchored ? plain : "**/" + plain),
                isException: isException,
                isForDirectories: isForDirectories
            )
        } catch {
            throw .wrong("ignore: \(error)")
        }
    }

    /// Whether a path below the top is left out; what is above it was asked about already.
    func ignores(_ path: [String], isDirectory: Bool) -> Bool {
        let text = path.joined(separator: "/")
        let line = lines.last { line in
            // A pattern that is too expensive to match leaves nothing out.
            (isDirectory || !line.isForDirectories) && (try? line.glob.matches(text)) == true
        }
        return line.map { !$0.isException } ?? false
    }
}
