import Expressions

/// Something about a server that can be set by an option, a variable, or in a file.
struct Setting: Sendable {
    /// What values it takes.
    enum Kind: Sendable {
        case text
        /// Several texts; in a variable they stand between commas.
        case texts
        case flag
    }

    /// Its name in a file, in lowerCamelCase; the option is `--listen`, the variable
    /// `WAYBILL_LISTEN`.
    let name: String
    let kind: Kind
    /// What holds where nobody says anything.
    let standard: Value

    /// The words of its name: `allow`, `file`, `repos`.
    private var words: [String] {
        var words = [""]
        for character in name {
            if character.isUppercase { words.append("") }
            words[words.count - 1] += character.lowercased()
        }
        return words
    }

    /// `--allow-file-repos`.
    var option: String { "--" + words.joined(separator: "-") }

    /// `WAYBILL_ALLOW_FILE_REPOS`.
    var variable: String { "WAYBILL_" + words.joined(separator: "_").uppercased() }

    /// What a variable's text says; nil if it is not of this kind.
    func value(ofVariable text: String) -> Value? {
        switch kind {
        case .text: return .string(text)
        case .texts:
            let parts = text.split(separator: ",").map { part in
                let front = part.drop { $0 == " " }
                return String(front.prefix { $0 != " " })
            }
            return .array(parts.map { .string($0) })
        case .flag:
            switch text.lowercased() {
            case "true", "1", "yes": return true
            case "false", "0", "no": return false
            default: return nil
            }
        }
    }

    /// What a file says, if it is of this kind.
    func value(ofFile value: Value) -> Value? {
        switch (kind, value) {
        case (.text, .string), (.flag, .bool): value
        case (.texts, .string): .array([value])
        case (.texts, .array(let items)) where items.allSatisfy({ $0.stringValue != nil }): value
        default: nil
        }
    }

    /// What values it takes, for sentences.
    var wanted: String {
        switch kind {
        case .text: "text"
        case .texts: "a list of texts"
        case .flag: "true or false"
        }
    }
}
