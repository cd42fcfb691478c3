/// How long lines, functions and files may be.
enum ShapeRules {
    private static let columnsMax = 100
    private static let functionLinesMax = 60
    private static let fileLinesMax = 400
    /// A longer file explains itself in its first lines with these words.
    private static let excuse = "// Over \(fileLinesMax) lines: "

    static func findings(in tree: SourceTree) -> [Finding] {
        tree.files.filter(isOurCode).flatMap { longLines(in: $0) }
            + tree.swiftFiles.flatMap { longFunctions(in: $0) + longFile($0) }
    }

    /// Swift and scripts; documents and data have lines of their own.
    private static func isOurCode(_ file: SourceFile) -> Bool {
        file.path.hasSuffix(".swift") || file.text.hasPrefix("#!")
    }

    private static func longLines(in file: SourceFile) -> [Finding] {
        file.lines.enumerated().filter { $0.element.count > columnsMax }.map { index, line in
            Finding(
                path: file.path,
                line: index + 1,
                message: "\(line.count) columns; break the line before \(columnsMax)"
            )
        }
    }

    private static func longFile(_ file: SourceFile) -> [Finding] {
        guard file.lines.count > fileLinesMax,
            !file.lines.prefix(5).contains(where: { $0.hasPrefix(excuse) })
        else { return [] }
        let message =
            "\(file.lines.count) lines; move a second topic to a file of its own, or begin with "
            + "`\(excuse)…` and the reason"
        return [Finding(path: file.path, line: nil, message: message)]
    }

    private static func longFunctions(in file: SourceFile) -> [Finding] {
        file.code.indices.compactMap { start in
            let line = file.code[start]
            guard Declaration(line: line)?.isFunction == true,
                let end = bodyEnd(in: file.code, from: start)
            else { return nil }
            let count = end - start + 1
            guard count > functionLinesMax else { return nil }
            return Finding(
                path: file.path,
                line: start + 1,
                message: "a function of \(count) lines; one fits on a screen "
                    + "(\(functionLinesMax)): give a part of it a name"
            )
        }
    }

    /// The line with the brace that closes the body of the function declared at `start`; nil if
    /// it has no body, as in a protocol.
    private static func bodyEnd(in code: [String], from start: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in start..<code.count {
            if index > start, braces == 0, parentheses == 0,
                Declaration(line: code[index]) != nil
            {
                return nil
            }
            for character in code[index] {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{" where parentheses == 0 || braces > 0: braces += 1
                case "}" where braces == 0 && parentheses == 0: return nil
                case "}" where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                default: break
                }
            }
        }
        return nil
    }
}
