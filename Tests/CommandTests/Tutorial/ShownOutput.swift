import Foundation
import PromotionModel

/// Output as a page shows it, compared with what a program printed.
///
/// What a run makes anew (times, ages, ids, hashes, positions, aliases of freight) need not be the
/// same, but of the same kind, and an id, position or alias of the page must stand for the same one
/// of the run wherever it occurs. `you` is who runs it. A line `…` stands for any lines, `…` in a
/// line for any text. Any number of spaces is as good as one, because columns are as wide as what
/// is in them.
struct ShownOutput {
    /// What the page's words stand for.
    private var meaning: [String: String] = [:]
    private var word: [String: String] = [:]

    /// Whether the shown lines are those of the output; remembers what the words stand for.
    mutating func matches(_ shown: [String], _ output: String, ordered: Bool = true) -> Bool {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        let wanted = shown.map { Self.pieces($0)[...] }[...]
        let printed = lines.map { Self.pieces($0)[...] }[...]
        let found =
            ordered
            ? Self.lines(wanted, printed, self) : Self.unordered(wanted, printed, self)
        if let found { self = found }
        return found != nil
    }

    // MARK: - Matching

    private static func lines(
        _ shown: ArraySlice<ArraySlice<Piece>>,
        _ actual: ArraySlice<ArraySlice<Piece>>,
        _ known: ShownOutput
    ) -> ShownOutput? {
        guard let first = shown.first else { return actual.isEmpty ? known : nil }
        if first == [.anything] {
            for start in actual.startIndex...actual.endIndex {
                if let found = lines(shown.dropFirst(), actual[start...], known) { return found }
            }
            return nil
        }
        guard let line = actual.first, let found = line.isMatched(by: first, known) else {
            return nil
        }
        return lines(shown.dropFirst(), actual.dropFirst(), found)
    }

    private static func unordered(
        _ shown: ArraySlice<ArraySlice<Piece>>,
        _ actual: ArraySlice<ArraySlice<Piece>>,
        _ known: ShownOutput
    ) -> ShownOutput? {
        let wanted = shown.filter { $0 != [.anything] }
        guard wanted.count < shown.count || wanted.count == actual.count else { return nil }
        return each(of: wanted[...], Array(actual), known)
    }

    /// What is known once each shown line is one of these, which need not all be shown.
    private static func each(
        of shown: ArraySlice<ArraySlice<Piece>>,
        _ actual: [ArraySlice<Piece>],
        _ known: ShownOutput
    ) -> ShownOutput? {
        guard let first = shown.first else { return known }
        for index in actual.indices {
            guard let more = actual[index].isMatched(by: first, known) else { continue }
            var others = actual
            others.remove(at: index)
            if let found = each(of: shown.dropFirst(), others, more) { return found }
        }
        return nil
    }

    /// This, with one more word and what it stands for; nil if that is not so.
    fileprivate func knowing(_ shown: String, as actual: String) -> ShownOutput? {
        if meaning[shown] == nil, word[actual] == nil {
            var more = self
            more.meaning[shown] = actual
            more.word[actual] = shown
            return more
        }
        return meaning[shown] == actual && word[actual] == shown ? self : nil
    }

    // MARK: - Pieces

    /// A part of a line.
    fileprivate enum Piece: Hashable {
        case anything
        case character(Character)
        /// Something that differs from run to run, of one kind.
        case varying(Kind, String)
    }

    fileprivate enum Kind: Hashable, CaseIterable {
        case time, uuid, ulid, alias, hash, position, duration, login

        var pattern: String {
            switch self {
            case .time: #"\b\d{4}-\d\d-\d\d(?:T| )\d\d:\d\d:\d\d(?:\.\d+)?Z?\b"#
            case .uuid: #"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"#
            case .ulid: #"\b01[0-9a-hjkmnp-tv-z]{24}\b"#
            case .alias:
                #"\b(?:\#(FreightAlias.adjectives.joined(separator: "|")))-"#
                    + #"(?:\#(FreightAlias.animals.joined(separator: "|")))(?:-[0-9a-f]{4})?\b"#
            case .hash: #"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{7})\b"#
            case .position: #"#\d+\b"#
            case .duration: #"\b\d+(?:ms|s|m|h|d)\b"#
            case .login: #"\b(?:you|\#(NSRegularExpression.escapedPattern(for: NSUserName())))\b"#
            }
        }

        /// Whether two of the page must be two of the run.
        var isIdentity: Bool { self != .time && self != .duration && self != .login }
    }

    private static let varying: Result<NSRegularExpression, any Error> = Result {
        let kinds = Kind.allCases.map { "(\($0.pattern))" }
        return try NSRegularExpression(pattern: kinds.joined(separator: "|") + "|(…)")
    }

    private static func pieces(_ line: String) -> [Piece] {
        let line = line.replacing(/\ +/, with: " ").replacing(/\ $/, with: "")
        guard let varying = try? varying.get() else { return line.map { .character($0) } }
        let text = line as NSString
        var pieces: [Piece] = []
        var end = 0
        func add(until location: Int) {
            let between = NSRange(location: end, length: location - end)
            pieces += text.substring(with: between).map { .character($0) }
        }
        let whole = NSRange(location: 0, length: text.length)
        for match in varying.matches(in: line, range: whole) {
            add(until: match.range.location)
            let found = text.substring(with: match.range)
            let kind = Kind.allCases.indices.first {
                match.range(at: $0 + 1).location != NSNotFound
            }
            pieces.append(kind.map { .varying(Kind.allCases[$0], found) } ?? .anything)
            end = match.range.upperBound
        }
        add(until: text.length)
        return pieces
    }
}

extension ArraySlice<ShownOutput.Piece> {
    /// What is known once this is what the page shows as `shown`; nil if it is not.
    fileprivate func isMatched(by shown: Self, _ known: ShownOutput) -> ShownOutput? {
        guard let first = shown.first else { return isEmpty ? known : nil }
        let rest = shown.dropFirst()
        switch first {
        case .anything:
            for start in startIndex...endIndex {
                if let found = self[start...].isMatched(by: rest, known) { return found }
            }
            return nil
        case .character:
            guard self.first == first else { return nil }
            return dropFirst().isMatched(by: rest, known)
        case .varying(let kind, let word):
            guard case .varying(kind, let actual)? = self.first else { return nil }
            guard kind.isIdentity else { return dropFirst().isMatched(by: rest, known) }
            guard let more = known.knowing(word, as: actual) else { return nil }
            return dropFirst().isMatched(by: rest, more)
        }
    }
}
