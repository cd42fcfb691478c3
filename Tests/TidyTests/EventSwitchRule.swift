/// A switch over the events names each of them: a new event must break the build wherever
/// somebody has to think about it.
///
/// By appearance: a `switch` with a `default`, two of whose cases are named as events are.
enum EventSwitchRule {
    static func findings(in tree: SourceTree) -> [Finding] {
        let events = eventNames(in: tree)
        return tree.swiftFiles.filter { $0.target != nil }.flatMap { file in
            file.code.indices.compactMap { start -> Finding? in
                guard file.code[start].contains("switch ") else { return nil }
                let (cases, defaultLine) = cases(in: file.code, from: start)
                guard let defaultLine, events.intersection(cases).count >= 2 else { return nil }
                let message = "`default` in a switch over events: name the cases that are left"
                return Finding(path: file.path, line: defaultLine + 1, message: message)
            }
        }
    }

    /// The cases of PromotionModel's `enum Event`.
    static func eventNames(in tree: SourceTree) -> Set<String> {
        for file in tree.swiftFiles where file.target == "PromotionModel" {
            let start = file.code.firstIndex { line in
                let declaration = Declaration(line: line)
                return declaration?.keyword == "enum" && declaration?.name == "Event"
            }
            guard let start else { continue }
            let body = file.code[(start + 1)...].prefix { !$0.hasPrefix("}") }
            return Set(
                body.compactMap { line in
                    let declaration = Declaration(line: line)
                    return declaration?.keyword == "case" ? declaration?.name : nil
                }
            )
        }
        return []
    }

    /// The names of a switch's own cases, and the line of its `default`.
    private static func cases(
        in code: [String],
        from start: Int
    ) -> (names: Set<String>, defaultLine: Int?) {
        var names: Set<String> = []
        var depth = 0
        for index in start..<code.count {
            let line = code[index].drop { $0 == " " }
            if depth == 1 {
                if line.hasPrefix("default:") { return (names, index) }
                if line.hasPrefix("case ") || line.hasPrefix(".") {
                    for part in line.split(separator: ".").dropFirst() {
                        names.insert(String(part.prefix { $0.isLetter }))
                    }
                }
            }
            for character in line where character == "{" || character == "}" {
                depth += character == "{" ? 1 : -1
            }
            if depth == 0, index > start { break }
        }
        return (names, nil)
    }
}
