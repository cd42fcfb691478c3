import EventLog

/// Who makes the commits of promotions: the same for every attempt, so that ids are too.
enum GitIdentity {
    /// Who it is where nobody says so.
    static let standard = (name: "Waybill", email: "waybill@localhost")

    /// Variables that tell git when; who is a setting of the clone, but for `author`.
    static func environment(
        at date: Timestamp,
        author: GitAuthor? = nil
    ) -> [String: String] {
        let seconds = "@\(date.rawValue / 1000) +0000"
        var variables = ["GIT_AUTHOR_DATE": seconds, "GIT_COMMITTER_DATE": seconds]
        if let author {
            variables["GIT_AUTHOR_NAME"] = author.name
            variables["GIT_AUTHOR_EMAIL"] = author.email
        }
        return variables
    }
}

/// Whose name commits bear.
struct GitAuthor: Configuration {
    private(set) var name = ""
    private(set) var email = ""

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("name", &name, "the name")
        visitor.text("email", &email, "the address")
        visitor.unknown("signingKey", "a key to sign with")
    }

    func contradictions() -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if !Self.isPlain(name) { problems.append(FieldProblem("name", "must be a plain name")) }
        if !Self.isPlain(email) || !email.contains("@") {
            problems.append(FieldProblem("email", "must be an address"))
        }
        return problems
    }

    /// Whether git writes it as it is.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 256 && text.contains { !$0.isWhitespace && !".,:;\"'".contains($0) }
            && !text.unicodeScalars.contains {
                $0 == "<" || $0 == ">" || $0.properties.generalCategory == .control
            }
    }
}

/// The message of a commit or tag, without what git or a terminal would take for something else.
struct GitMessage: Sendable {
    let text: String

    static let problem = "must say something, in at most 65536 bytes"

    /// nil if nothing is left of it, or too much.
    init?(_ message: String) {
        guard message.utf8.count <= 65_536 else { return nil }
        let visible = String(
            message.unicodeScalars.map { scalar in
                scalar.properties.generalCategory == .control && scalar != "\n"
                    ? " " : Character(scalar)
            }
        )
        let lines = visible.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        let said = lines.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
        guard !said.isEmpty else { return nil }
        text = said.joined(separator: "\n")
    }
}
