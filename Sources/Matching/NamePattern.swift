/// A pattern for names: exact, or a glob or regular expression with its prefix.
///
/// `glob:` is doublestar's syntax over the whole name; `regex:` and `regexp:` are RE2's syntax
/// anywhere in the name.
package enum NamePattern: Hashable, Sendable {
    case exact(String)
    case glob(Glob)
    case regularExpression(RegularExpression)

    /// Reads a written pattern.
    package init(parsing text: String) throws(MatchingError) {
        if let (kind, rest) = PatternPrefix.split(text) {
            switch kind {
            case .glob: self = .glob(try Glob(rest))
            case .regularExpression: self = .regularExpression(try RegularExpression(rest))
            }
        } else {
            self = .exact(text)
        }
    }

    /// Whether `name` fits.
    ///
    /// - Throws: `.tooExpensive` when a limit is reached.
    package func matches(_ name: String) throws(MatchingError) -> Bool {
        switch self {
        case .exact(let text): text == name
        case .glob(let glob): try glob.matches(name)
        case .regularExpression(let expression): try expression.matches(name)
        }
    }
}

/// A pattern for paths: a base directory, or a glob or regular expression with its prefix.
package enum PathPattern: Hashable, Sendable {
    /// The directory itself and everything below it.
    case baseDirectory(String)
    case glob(Glob)
    case regularExpression(RegularExpression)

    /// Reads a written pattern.
    package init(parsing text: String) throws(MatchingError) {
        if let (kind, rest) = PatternPrefix.split(text) {
            switch kind {
            case .glob: self = .glob(try Glob(rest))
            case .regularExpression: self = .regularExpression(try RegularExpression(rest))
            }
        } else {
            self = .baseDirectory(text)
        }
    }

    /// Whether `path`, relative to the root of the repository, fits.
    ///
    /// - Throws: `.tooExpensive` when a limit is reached.
    package func matches(_ path: String) throws(MatchingError) -> Bool {
        switch self {
        case .baseDirectory(let directory): Self.isBelow(directory, path)
        case .glob(let glob): try glob.matches(path)
        case .regularExpression(let expression): try expression.matches(path)
        }
    }

    /// The file or directory that is, or holds, every path that fits `text`; nil where these may
    /// lie anywhere.
    ///
    /// Written without empty elements, `.` and `..`, as git names paths.
    static func base(of text: String) -> String? {
        let base: [Substring]
        switch PatternPrefix.split(text) {
        case nil: base = elements(text)
        case (.glob, let rest)?:
            base = Array(
                rest.split(separator: "/", omittingEmptySubsequences: false).prefix { element in
                    !["", ".", ".."].contains(element)
                        && !element.contains { "*?[]{}\\".contains($0) }
                }
            )
        case (.regularExpression, _)?: return nil
        }
        return base.isEmpty || base.contains("..") ? nil : base.joined(separator: "/")
    }

    private static func isBelow(_ directory: String, _ path: String) -> Bool {
        // Nearly all are spelled plainly, and then bytes can be compared: no list of elements.
        let directoryBytes =
            directory.utf8.last == UInt8(ascii: "/")
            ? directory.utf8.dropLast() : directory.utf8[...]
        guard isPlain(directoryBytes), isPlain(path.utf8[...]) else {
            return elements(path).starts(with: elements(directory))
        }
        var rest = path.utf8[...]
        for byte in directoryBytes {
            guard rest.popFirst() == byte else { return false }
        }
        return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }

    /// Whether no element is empty, `.` or `..`; some others that end with a dot are not told
    /// apart from these.
    private static func isPlain(_ path: Substring.UTF8View) -> Bool {
        var last = UInt8(ascii: "/")
        for byte in path {
            let isSlash = byte == UInt8(ascii: "/")
            if isSlash, last == UInt8(ascii: "/") || last == UInt8(ascii: ".") { return false }
            last = byte
        }
        return last != UInt8(ascii: "/") && last != UInt8(ascii: ".")
    }

    /// The names between the slashes; empty ones and `.` say nothing, `..` goes up.
    private static func elements(_ path: String) -> [Substring] {
        var result: [Substring] = []
        for element in path.split(separator: "/") where element != "." {
            if element == "..", let last = result.last, last != ".." {
                result.removeLast()
            } else {
                result.append(element)
            }
        }
        return result
    }
}

extension RegularExpression: Hashable {
    package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}

/// What stands before the colon of a written pattern.
private enum PatternPrefix {
    case glob, regularExpression

    static func split(_ text: String) -> (PatternPrefix, String)? {
        let prefixes: [(String, PatternPrefix)] = [
            ("glob:", .glob), ("regex:", .regularExpression), ("regexp:", .regularExpression),
        ]
        for (prefix, kind) in prefixes where text.hasPrefix(prefix) {
            return (kind, String(text.dropFirst(prefix.count)))
        }
        return nil
    }
}
