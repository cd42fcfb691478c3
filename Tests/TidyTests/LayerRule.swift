/// A target imports only targets of a smaller level, as Package.swift captions them.
enum LayerRule {
    static func findings(in tree: SourceTree) throws -> [Finding] {
        let levels = try levels(in: tree.text(of: "Package.swift"))
        return tree.swiftFiles.flatMap { file -> [Finding] in
            guard let target = file.target else { return [] }
            guard let own = levels[target] else {
                let message = "target \(target) has no caption `// <level>. …` in Package.swift"
                return [Finding(path: file.path, line: nil, message: message)]
            }
            return file.code.enumerated().compactMap { index, line in
                guard let declaration = Declaration(line: line), declaration.keyword == "import",
                    let imported = levels[declaration.name], imported >= own
                else { return nil }
                let message =
                    "\(target) (level \(own)) imports \(declaration.name) (level \(imported)): "
                    + "move what it needs to a lower level"
                return Finding(path: file.path, line: index + 1, message: message)
            }
        }
    }

    /// The level in each target's caption, `// 3. …` above `.target(name: "X"`.
    static func levels(in manifest: String) -> [String: Int] {
        var levels: [String: Int] = [:]
        var level: Int?
        var insideTarget = false
        for line in manifest.split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("// "), let dot = line.firstIndex(of: "."),
                let number = Int(line[..<dot].dropFirst(3))
            {
                level = number
            }
            if let start = line.firstRange(of: "arget(") ?? line.firstRange(of: "Library(") {
                insideTarget = line.hasPrefix(".") && line[..<start.lowerBound].count < 16
                if line.hasPrefix(".testTarget") { level = nil }
            }
            if insideTarget, let name = quoted(after: "name: ", in: line), let known = level {
                levels[name] = known
                insideTarget = false
            }
        }
        // Captioned below the last level: measures, and stands outside the layers.
        levels["bench"] = nil
        return levels
    }

    private static func quoted(after label: String, in line: Substring) -> String? {
        guard let range = line.firstRange(of: label + "\"") else { return nil }
        return String(line[range.upperBound...].prefix { $0 != "\"" })
    }
}
