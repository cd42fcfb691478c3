import Git
import PromotionModel

/// What a git-clone checks out, and where.
struct GitCheckout: Configuration {
    /// The directory to make.
    private(set) var path = ""
    /// What the output is called, if not as the path.
    private(set) var alias: String?
    /// The directories of the repository that are wanted; empty for all of it.
    private(set) var directories: [String] = []
    private var branch: String?
    private var tag: String?
    private var commit: String?
    private var creates = false

    /// What the output is called.
    var outputName: String { alias ?? path }

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the directory to make")
        visitor.text("branch", &branch, "a branch; without branch, tag and commit the default one")
        visitor.text("tag", &tag, "a tag")
        visitor.text("commit", &commit, "a full commit id")
        visitor.flag("create", &creates, "a branch that is not there is begun, without history")
        visitor.text("as", &alias, "the name of the output, if not the path")
        visitor.texts("sparse", &directories, isRequired: false, "only these directories, no globs")
    }

    func contradictions() -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if [branch, tag, commit].count(where: { $0 != nil }) > 1 {
            problems.append(FieldProblem("branch", "and tag and commit exclude each other"))
        }
        for (field, name) in [("branch", branch), ("tag", tag)] {
            if let name, !GitReference.isName(name) {
                problems.append(FieldProblem(field, "is \(name), which no \(field) can be called"))
            }
        }
        if let commit, !GitReference.isCommitID(commit) {
            problems.append(FieldProblem("commit", "must be a full commit id"))
        }
        if creates, branch == nil { problems.append(FieldProblem("create", "needs a branch")) }
        for (index, directory) in directories.enumerated() {
            let parts = directory.split(separator: "/", omittingEmptySubsequences: false)
            if directory.hasPrefix("/") || directory.hasPrefix("-") || parts.contains("..")
                || directory.contains(where: { "*?[\\\"!#".contains($0) || $0.isNewline })
            {
                problems.append(
                    FieldProblem(
                        "sparse[\(index)]",
                        "must be a directory of the repository, such as apps/web, and no pattern"
                    )
                )
            }
        }
        return problems
    }

    /// Checks out in a clone that has everything; the commit, empty for a branch without history.
    func checkOut(of clone: GitWorkTree) async throws(StepError) -> String {
        if let branch {
            if try await clone.commit(of: "refs/remotes/origin/\(branch)") != nil {
                try await checkOut(branch: branch, of: clone)
            } else if creates {
                _ = try await clone.run(["symbolic-ref", "HEAD", "refs/heads/\(branch)"])
                return ""
            } else {
                throw .wrong(
                    "\(clone.repository) has no branch \(branch); push it, or say create: true"
                )
            }
        } else if let tag {
            guard let id = try await clone.commit(of: "refs/tags/\(tag)") else {
                throw .wrong("\(clone.repository) has no tag \(tag)")
            }
            try await checkOut(commit: id, of: clone)
        } else if let commit {
            guard try await clone.commit(of: commit) != nil else {
                throw .wrong("\(clone.repository) has no commit \(commit) in its branches and tags")
            }
            try await checkOut(commit: commit, of: clone)
        } else {
            _ = try await clone.run(["remote", "set-head", "origin", "--auto"])
            let head = try await clone.line(["rev-parse", "--abbrev-ref", "origin/HEAD"])
            let name = String(head.dropFirst("origin/".count))
            guard GitReference.isName(name) else {
                throw .wrong("\(clone.repository) has no default branch with commits")
            }
            try await checkOut(branch: name, of: clone)
        }
        return try await clone.line(["rev-parse", "HEAD"])
    }

    private func checkOut(branch: String, of clone: GitWorkTree) async throws(StepError) {
        _ = try await clone.run([
            "checkout", "--quiet", "--no-track", "-B", branch, "refs/remotes/origin/\(branch)",
            "--",
        ])
    }

    private func checkOut(commit: String, of clone: GitWorkTree) async throws(StepError) {
        _ = try await clone.run(["checkout", "--quiet", "--detach", commit, "--"])
    }
}
