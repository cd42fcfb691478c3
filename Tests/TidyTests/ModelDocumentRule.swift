import Foundation

/// The tests that docs/MODEL.md names are in the files that it names.
///
/// They are in the last column of tables whose heading there begins with `test`. A name is in the
/// file that the next link of its cell leads to, up to a semicolon; without one in the file that
/// the heading links, as in `test in [Suite](path)`.
enum ModelDocumentRule {
    private static let document = "docs/MODEL.md"

    static func findings(in tree: SourceTree) throws -> [Finding] {
        guard let model = tree.files.first(where: { $0.path == document }) else {
            return [Finding(path: document, line: nil, message: "is missing")]
        }
        return named(in: model).compactMap { test in
            let code = tree.files.first { $0.path == test.file }?.text
            let message: String
            if test.file == nil {
                message = "“\(test.name)” is named without a file: link it"
            } else if let code {
                guard !code.contains("func `\(test.name)`(") else { return nil }
                message = "\(test.file ?? "") has no test “\(test.name)”"
            } else {
                message = "there is no file \(test.file ?? "")"
            }
            return Finding(path: document, line: test.line, message: message)
        }
    }

    /// The tests that the document names, with the files in which it says that they are.
    static func named(in model: SourceFile) -> [(name: String, file: String?, line: Int)] {
        var found: [(name: String, file: String?, line: Int)] = []
        var isOfTests = false
        var file: String?
        for (index, line) in model.lines.enumerated() {
            guard line.hasPrefix("|"), let cell = line.split(separator: "|").last else {
                isOfTests = false
                continue
            }
            if !isOfTests {
                guard cell.hasPrefix(" test") else { continue }
                isOfTests = true
                file = path(in: cell)
                continue
            }
            for part in cell.split(separator: ";") {
                var names: [String] = []
                for match in part.matches(of: /`([^`]+)`|\]\(\.\.\/([^)]+)\)/) {
                    if let name = match.1 {
                        names.append(String(name))
                    } else if let link = match.2 {
                        found += names.map { ($0, String(link), index + 1) }
                        names = []
                    }
                }
                found += names.map { ($0, file, index + 1) }
            }
        }
        return found
    }

    private static func path(in cell: Substring) -> String? {
        cell.firstMatch(of: /\]\(\.\.\/([^)]+)\)/).map { String($0.1) }
    }
}
