/// What a line of code declares, as far as one line tells.
struct Declaration {
    /// The word that says what it is: `func`, `struct`, `let` and so on.
    let keyword: String
    /// What stands before the keyword: access, `static`, `mutating` and so on.
    let modifiers: [String]
    /// What stands behind the keyword.
    let rest: String

    private static let keywords: Set<String> = [
        "func", "init", "init?", "deinit", "subscript", "struct", "class", "enum", "actor",
        "protocol", "extension", "typealias", "let", "var", "case", "import",
    ]
    private static let knownModifiers: Set<String> = [
        "package", "public", "private", "fileprivate", "internal", "open", "static", "final",
        "mutating", "nonmutating", "nonisolated", "consuming", "borrowing", "override", "lazy",
        "convenience", "required", "indirect", "distributed", "unsafe", "prefix", "infix",
        "postfix", "weak", "unowned", "dynamic", "optional", "isolated",
    ]

    /// nil if the line declares nothing.
    init?(line: String) {
        var modifiers: [String] = []
        var words = line.split(separator: " ", omittingEmptySubsequences: true)[...]
        while let word = words.first {
            let bare = word.prefix { $0 != "(" && $0 != "<" }
            if Self.keywords.contains(String(bare)) {
                keyword = bare == "init?" ? "init" : String(bare)
                self.modifiers = modifiers
                rest =
                    word.dropFirst(bare.count) + words.dropFirst().map { " " + $0 }.joined()
                return
            }
            guard Self.knownModifiers.contains(String(bare)) || word.hasPrefix("@") else {
                return nil
            }
            modifiers.append(String(bare))
            words = words.dropFirst()
        }
        return nil
    }

    var isFunction: Bool { ["func", "init", "subscript"].contains(keyword) }

    var isType: Bool {
        ["struct", "class", "enum", "actor", "protocol", "typealias"].contains(keyword)
    }

    var isPackage: Bool { modifiers.contains("package") || modifiers.contains("public") }

    /// The name that is declared; empty where there is none.
    var name: String {
        String(
            rest.drop { $0 == " " }.prefix { character in
                character.isLetter || character.isNumber || character == "_"
            }
        )
    }
}
