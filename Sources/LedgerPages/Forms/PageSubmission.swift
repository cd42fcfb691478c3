package import EventLog
package import PromotionModel

/// A form that was sent: what it asks for, and what every form carries beside it.
package struct PageSubmission: Sendable {
    package let project: ProjectName
    package let form: PageForm
    /// Why, in the words of who asked; nil where nothing was said.
    package let reason: String?
    /// What the session's token must equal.
    package let csrfToken: String
    /// Made with the page, so that sent twice is done once.
    package let commandID: CommandID
    /// The last event that the preview was made from; a server that sees that the change set
    /// differs by now shows it again.
    package let seen: Position?
    /// What the preview said would happen, as `LedgerPages.fingerprint`; nil where it had none.
    package let preview: String?
    /// The page that the form was on, which is shown again with a refusal.
    package let back: PagePath
    /// All fields as they came, for a form that is shown again.
    package let fields: FormFields

    /// Reads the path and the body of a `POST`.
    ///
    /// `body` is `application/x-www-form-urlencoded`.
    ///
    /// - Throws: what is wrong with which field
    package init(path: String, body: String) throws(FormFault) {
        guard let fields = FormFields(body) else {
            throw FormFault(field: nil, "the form cannot be read; go back and try again")
        }
        try self.init(path: path, fields: fields)
    }

    /// Reads the path and the fields of a `POST`.
    ///
    /// - Throws: what is wrong with which field
    package init(path: String, fields: FormFields) throws(FormFault) {
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentEncoding.decode($0) }
        guard segments.count == 4, segments[0] == "p", segments[2] == "do",
            let project = segments[1].flatMap(ProjectName.init(rawValue:)), let verb = segments[3]
        else { throw FormFault(field: nil, "there is no such form; go back and try again") }
        self.fields = fields
        self.project = project
        guard let id = fields["command"].flatMap(CommandID.init(rawValue:)) else {
            throw FormFault(field: "command", "the form has no command id; go back and try again")
        }
        commandID = id
        csrfToken = fields["csrf"] ?? ""
        reason = fields["reason"]
        seen = fields["seen"].flatMap { UInt64($0) }.map { Position(rawValue: $0) }
        preview = fields["preview"]
        back = fields.back(in: project)
        form = try PageForm(verb: verb, fields)
    }
}

/// What is wrong with a form.
package struct FormFault: Error, Hashable, Sendable {
    /// The field that is to blame; nil for the form as a whole.
    package let field: String?
    /// What is wrong and what to do, in one sentence.
    package let sentence: String

    init(field: String?, _ sentence: String) {
        self.field = field
        self.sentence = sentence
    }
}

/// The fields of a form, in their order.
package struct FormFields: Hashable, Sendable {
    /// By name; several values where a name is repeated.
    package private(set) var values: [String: [String]] = [:]

    /// Reads `application/x-www-form-urlencoded`; nil if it is none.
    package init?(_ body: String) {
        for item in body.split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0], plusIsSpace: true) else { return nil }
            let value = pair.count == 2 ? pair[1] : ""
            guard let text = PercentEncoding.decode(value, plusIsSpace: true) else { return nil }
            values[name, default: []].append(text)
        }
    }

    /// The first value of a field that is more than spaces, without those around it.
    package subscript(_ name: String) -> String? {
        for value in values[name] ?? [] {
            let text = value.trimmed
            if !text.isEmpty { return text }
        }
        return nil
    }

    /// The page that the form was on, of this project, as it is now.
    package func back(in project: ProjectName) -> PagePath {
        let said = self["back"].flatMap(PagePath.init(parsing:))
        guard let said, said.place.project == project else { return PagePath(.pipeline(project)) }
        return said.with(.done, nil)
    }

    /// All values of a field that are more than spaces.
    package func all(_ name: String) -> [String] {
        (values[name] ?? []).map(\.trimmed).filter { !$0.isEmpty }
    }
}

extension String {
    /// Without spaces and line breaks around it.
    var trimmed: String {
        let isSpace = { (character: Character) in character.isWhitespace }
        let head = drop(while: isSpace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
