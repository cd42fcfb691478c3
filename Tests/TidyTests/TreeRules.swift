import Foundation

/// What may stand at the top, and that every fixture is used.
enum TreeRules {
    private static let topLevel: Set<String> = [
        "Package.swift", "Sources", "Tests", "fixtures", "tools", "docs", "README.md", "LICENSE",
        ".ci", ".gitignore", ".swift-format",
        // Made by tools, and ignored by git.
        ".git", ".swiftpm", "Package.resolved", "demo",
    ]

    static func strayEntries(in tree: SourceTree) throws -> [Finding] {
        try FileManager.default.contentsOfDirectory(atPath: tree.root.path).sorted()
            .filter { !topLevel.contains($0) && !$0.hasPrefix(".build") }
            .map { name in
                Finding(
                    path: name,
                    line: nil,
                    message: "does not belong at the top: move it into one of the folders"
                )
            }
    }

    /// A fixture is used if another file names it, with or without what follows its last dot, or
    /// the folder that it is in.
    static func deadFixtures(in tree: SourceTree) -> [Finding] {
        tree.files.filter { $0.path.hasPrefix("fixtures/") }.compactMap { fixture in
            let parts = fixture.path.split(separator: "/").map(String.init)
            let name = parts[parts.count - 1]
            var names = [name]
            if let dot = name.lastIndex(of: "."), dot != name.startIndex {
                names.append("\"\(name[..<dot])\"")
            }
            if parts.count > 3 { names.append(parts.dropLast().suffix(2).joined(separator: "/")) }
            let isUsed = tree.files.contains { other in
                other.path != fixture.path && names.contains { other.text.contains($0) }
            }
            guard !isUsed else { return nil }
            let message = "nothing names this fixture or its folder: use it or delete it"
            return Finding(path: fixture.path, line: nil, message: message)
        }
    }
}
