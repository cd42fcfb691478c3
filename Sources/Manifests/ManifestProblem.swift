package import PromotionModel

/// Why a manifest cannot be applied as it stands.
package struct ManifestProblem: Error, Hashable, Sendable {
    /// The value that is wrong, or the map in which something is missing.
    package let place: SourcePlace
    /// `spec.subscriptions[0].git.repoURL`; empty where the whole document is meant.
    package let field: String
    /// The rule in one sentence, without a full stop.
    package let message: String
    /// What may have been meant.
    package let nearest: String?
    /// The document says nothing wrong, only something that this version does not do.
    package var isLimitation = false
}

extension ManifestProblem: CustomStringConvertible {
    /// `shop.yaml:12:7: spec.steps[0].uses: …; did you mean "git-clone"?`.
    package var description: String {
        let prefix = field.isEmpty ? "" : "\(field): "
        let question = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        return "\(place): \(prefix)\(message)\(question)"
    }
}

/// Something that a reader of a manifest's answer should know, and that hinders nothing.
package struct Notice: Hashable, Sendable {
    /// What it is about.
    package let place: SourcePlace
    /// One sentence, without a full stop.
    package let message: String
}

extension Notice: CustomStringConvertible {
    package var description: String { "\(place): \(message)" }
}

/// Collects what is found while one file is read; used by one reader on one thread.
final class ProblemList {
    let file: String
    private(set) var problems: [ManifestProblem] = []
    private(set) var notices: [Notice] = []
    /// The paths of all fields that were asked for; nil unless somebody wants them.
    var knownFields: Set<String>?

    init(file: String) {
        self.file = file
    }

    func add(
        _ message: String,
        at mark: YAMLMark,
        field: String,
        nearest: String? = nil,
        isLimitation: Bool = false
    ) {
        guard problems.count < ManifestLimits.problemCountMax else { return }
        problems.append(
            ManifestProblem(
                place: place(mark),
                field: Self.presentable(field),
                message: Self.presentable(message),
                nearest: nearest.map(Self.presentable),
                isLimitation: isLimitation
            )
        )
    }

    /// Notes which fields of a map are known, while somebody wants to know.
    func note(_ fields: Set<String>, of path: String) {
        guard var known = knownFields else { return }
        let general = Self.withoutIndexes(path)
        for field in fields { known.insert(general.isEmpty ? field : "\(general).\(field)") }
        knownFields = known
    }

    /// `spec.steps[2].vars[0]` as `spec.steps[].vars[]`.
    private static func withoutIndexes(_ path: String) -> String {
        var general = ""
        var isInside = false
        for character in path {
            if character == "]" { isInside = false }
            if !isInside { general.append(character) }
            if character == "[" { isInside = true }
        }
        return general
    }

    func notice(_ message: String, at mark: YAMLMark) {
        notices.append(Notice(place: place(mark), message: Self.presentable(message)))
    }

    /// Messages and the names of fields may quote the file: what could disturb a terminal is
    /// replaced, and what is longer than any sentence is cut.
    ///
    /// Line breaks are kept where the next line is indented, as the lines that show an expression
    /// are, so that nothing that was quoted can look like another problem.
    private static func presentable(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars.prefix(scalarCountMax))
        var shown = ""
        for (index, scalar) in scalars.enumerated() {
            let isControl = scalar.properties.generalCategory == .control
            let isIndented =
                scalar == "\n" && index + 1 < scalars.count && scalars[index + 1] == " "
            shown.unicodeScalars.append(isControl && !isIndented ? "\u{FFFD}" : scalar)
        }
        return shown + (scalars.count == scalarCountMax ? "…" : "")
    }

    private static let scalarCountMax = 500

    func place(_ mark: YAMLMark) -> SourcePlace {
        SourcePlace(file: file, line: mark.line, column: mark.column)
    }
}
