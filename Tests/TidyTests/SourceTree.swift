import Foundation

/// The files of this package, as text.
struct SourceTree {
    let root: URL
    /// Everything under `Sources`, `Tests`, `tools`, `fixtures`, `docs` and `.ci` that is text.
    let files: [SourceFile]

    /// Reads the tree that this test was compiled from.
    init() throws {
        root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var found: [SourceFile] = []
        let prefix = root.path + "/"
        for folder in ["Sources", "Tests", "tools", "fixtures", "docs", ".ci"] {
            let paths = FileManager.default.enumerator(
                at: root.appending(path: folder),
                includingPropertiesForKeys: [.isRegularFileKey]
            )
            while let path = paths?.nextObject() as? URL {
                let isFile = try path.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile
                guard isFile == true else { continue }
                let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
                found.append(
                    SourceFile(path: String(path.path.dropFirst(prefix.count)), text: text)
                )
            }
        }
        files = found.sorted { $0.path < $1.path }
    }

    var swiftFiles: [SourceFile] { files.filter { $0.path.hasSuffix(".swift") } }

    /// The text of a file at the top level.
    func text(of name: String) throws -> String {
        try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }
}

/// One file: its lines, and the same lines without comments and without what stands in strings.
struct SourceFile {
    /// Relative to the root, such as `Sources/Wire/Message.swift`.
    let path: String
    let text: String
    let lines: [String]
    /// As `lines`, with blanks for comments and for the content of string literals.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code =
            path.hasSuffix(".swift")
            ? SwiftBlanker.blank(text).split(separator: "\n", omittingEmptySubsequences: false)
                .map { String($0) }
            : lines
    }

    /// The target whose source it is; nil outside `Sources`.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.first == "Sources" && parts.count > 2 ? String(parts[1]) : nil
    }
}

/// Something that the tree must not have.
struct Finding: CustomStringConvertible {
    let path: String
    /// From 1; nil for a whole file.
    var line: Int?
    /// What is wrong and what to do.
    let message: String

    var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
