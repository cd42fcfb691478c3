import Expressions
import Matching
import PromotionModel

/// `delete`: removes files and directories of the work directory.
struct DeleteStep: ConfiguredStep {
    private var path: String?
    private var paths: [String] = []
    private var pathsAreGlobs = false
    private var isStrict = false

    static let text = StepText(
        summary: "removes files and directories; a symbolic link goes, what it leads to stays",
        example: """
            - uses: delete
              config:
                paths: ['./out/**/*.bak', ./out/tmp]
                pathsAreGlobs: true
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "what to remove; or say paths")
        visitor.texts("paths", &paths, isRequired: false, "several paths to remove")
        visitor.flag("pathsAreGlobs", &pathsAreGlobs, "the paths are patterns such as out/**/*.md")
        visitor.flag("strict", &isStrict, "a path that is not there is an error")
    }

    func contradictions() -> [FieldProblem] {
        switch (path, paths.isEmpty) {
        case (nil, true): [FieldProblem("path", "is missing; say path or paths")]
        case (.some, false): [FieldProblem("path", "and paths exclude each other")]
        case (nil, false), (.some, true): []
        }
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        for path in path.map({ [$0] }) ?? paths {
            let found = pathsAreGlobs ? try matches(of: path, context.workDirectory) : [path]
            var count = 0
            for path in found where try context.workDirectory.remove(path) { count += 1 }
            if isStrict, count == 0 {
                throw .wrong("there is no \(WorkDirectory.shown(path)) to delete")
            }
        }
        return .succeeded()
    }

    /// What a pattern matches, without what lies in a directory that it matches.
    private func matches(
        of pattern: String,
        _ directory: WorkDirectory
    ) throws(StepError) -> [String] {
        // Where it leads is checked as for a path.
        let text = try WorkDirectory.components(of: pattern).joined(separator: "/")
        let glob: Glob
        do {
            glob = try Glob(text)
        } catch {
            throw .wrong("\(error)")
        }
        var found: [String] = []
        return try directory.paths { (path) throws(StepError) in
            if let last = found.last, path.hasPrefix(last + "/") { return false }
            do {
                guard try glob.matches(path) else { return false }
            } catch {
                throw .wrong("\(error)")
            }
            found.append(path)
            return true
        }
    }
}
