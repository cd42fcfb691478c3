/// Every type, function and subscript that other rooms can see says what it is for.
///
/// Not asked for: initialisers and properties, whose names say it where the type is documented
/// (write it all the same where there is a unit, a limit or a surprise); what a protocol asks
/// for (ours, or the standard library's); a `static func` that makes a value of its own type,
/// as cases do; members of an extension that conforms to a protocol.
enum DocumentationRule {
    /// Functions of the standard library's protocols and of `Message`.
    private static let protocolMembers: Set<String> = [
        "visit", "hash", "encode", "enqueue", "checkIsolated", "isIsolatingCurrentContext", "next",
        "makeIterator", "makeAsyncIterator", "index",
    ]

    static func findings(in tree: SourceTree) -> [Finding] {
        let files = tree.swiftFiles.filter { $0.target != nil }
        let required = protocolMembers.union(files.flatMap(requirements(in:)))
        return files.flatMap { findings(in: $0, required: required) }
    }

    /// The functions that a file's protocols ask for.
    private static func requirements(in file: SourceFile) -> [String] {
        var scopes = ScopeTracker()
        return file.code.compactMap { line in
            defer { scopes.read(line) }
            guard scopes.innermost?.keyword == "protocol", let member = Declaration(line: line),
                member.keyword == "func"
            else { return nil }
            return member.name
        }
    }

    private static func findings(in file: SourceFile, required: Set<String>) -> [Finding] {
        var scopes = ScopeTracker()
        var result: [Finding] = []
        for index in file.code.indices {
            let line = file.code[index]
            if let declaration = Declaration(line: line), declaration.isPackage,
                declaration.isType || ["func", "subscript"].contains(declaration.keyword),
                !isExempt(declaration, in: scopes, required: required),
                !isDocumented(index, in: file)
            {
                let message =
                    "`\(declaration.keyword) \(declaration.name)` is seen by other rooms: say "
                    + "with `///` what it is for"
                result.append(Finding(path: file.path, line: index + 1, message: message))
            }
            scopes.read(line)
        }
        return result
    }

    private static func isExempt(
        _ declaration: Declaration,
        in scopes: ScopeTracker,
        required: Set<String>
    ) -> Bool {
        guard !declaration.isType, let scope = scopes.innermost else { return false }
        if scope.keyword == "extension" && scope.conforms { return true }
        // A conforming type, or the default that an extension of the protocol gives.
        let mayConform = scope.conforms || scope.keyword == "extension"
        if mayConform && required.contains(declaration.name) { return true }
        if declaration.name.isEmpty && declaration.keyword == "func" { return true }  // operator
        return declaration.modifiers.contains("static")
            && (declaration.rest.contains("-> \(scope.type) ")
                || declaration.rest.contains("-> Self "))
    }

    private static func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
        var above = index - 1
        while above >= 0 {
            let line = file.lines[above].drop { $0 == " " }
            if line.hasPrefix("///") { return true }
            // Attributes, on one line or several, stand between the two.
            guard line.hasPrefix("@") || line.hasPrefix("//") || line == ")" else { return false }
            above -= 1
        }
        return false
    }
}

/// Knows inside which type each line stands.
private struct ScopeTracker {
    /// A type or extension; `conforms` if its declaration names a protocol (or a superclass).
    struct Scope {
        let keyword: String
        let type: String
        let conforms: Bool
    }

    /// One entry for each open brace; nil where it opens something else.
    private var scopes: [Scope?] = []
    private var pending: Scope?

    var innermost: Scope? { scopes.last { $0 != nil } ?? nil }

    mutating func read(_ line: String) {
        if let declaration = Declaration(line: line), declaration.keyword != "typealias",
            declaration.isType || declaration.keyword == "extension"
        {
            pending = Scope(
                keyword: declaration.keyword,
                type: declaration.name,
                conforms: declaration.rest.contains(":")
            )
        }
        for character in line {
            switch character {
            case "{":
                scopes.append(pending)
                pending = nil
            case "}":
                _ = scopes.popLast()
            default: break
            }
        }
    }
}
