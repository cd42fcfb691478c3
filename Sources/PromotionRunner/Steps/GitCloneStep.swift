import Expressions
import Git
import PromotionModel

/// `git-clone`: brings branches, tags or commits of a repository into the work directory.
struct GitCloneStep: Step {
    private let repoURL: String
    private let checkouts: [Checkout]

    private struct Checkout: Sendable {
        /// The directory to make.
        let path: String
        let target: Target
    }

    private enum Target: Sendable {
        case defaultBranch
        /// `create`: begin it, without history, if the repository does not have it.
        case branch(String, create: Bool)
        case tag(String)
        case commit(String)
    }

    init(_ configuration: inout ConfigurationReader) throws(StepError) {
        repoURL = try configuration.string("repoURL")
        checkouts = try configuration.list("checkout") { (checkout) throws(StepError) in
            let path = try checkout.string("path")
            let branch = try checkout.optionalString("branch")
            let tag = try checkout.optionalString("tag")
            let commit = try checkout.optionalString("commit")
            let create = try checkout.bool("create", default: false)
            guard [branch, tag, commit].count(where: { $0 != nil }) <= 1 else {
                throw .wrong("\(checkout.path(of: "branch")), tag and commit exclude each other")
            }
            for name in [branch, tag].compactMap({ $0 }) where !GitReference.isName(name) {
                throw .wrong(
                    "\(checkout.path(of: "branch")): \(name) is no name of a branch or tag"
                )
            }
            if let commit, !GitReference.isCommitID(commit) {
                throw .wrong("\(checkout.path(of: "commit")) must be a full commit id")
            }
            guard !create || branch != nil else {
                throw .wrong("\(checkout.path(of: "create")) needs a branch")
            }
            let target: Target =
                if let branch {
                    .branch(branch, create: create)
                } else if let tag {
                    .tag(tag)
                } else if let commit {
                    .commit(commit)
                } else {
                    .defaultBranch
                }
            return Checkout(path: path, target: target)
        }
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let problem = GitReference.problem(
            ofURL: repoURL,
            allowFileRepositories: context.allowFileRepositories
        )
        if let problem { throw .wrong("\(shownURL) is not cloned: \(problem)") }
        var made: [String] = []
        do throws(StepError) {
            var commits: [String: Value] = [:]
            for checkout in checkouts {
                guard !(try context.workDirectory.exists(checkout.path)) else {
                    throw StepError.wrong("\(checkout.path) is there already; clone elsewhere")
                }
                made.append(checkout.path)
                commits[checkout.path] = .string(try await clone(checkout, in: context))
            }
            return .succeeded(["commits": .object(commits)])
        } catch {
            // Half a clone would stand in the way of the next try.
            for path in made { try? context.workDirectory.remove(path) }
            throw error
        }
    }

    /// Clones and checks out; the commit that is checked out, empty for a branch without history.
    private func clone(
        _ checkout: Checkout,
        in context: StepContext
    ) async throws(StepError) -> String {
        let directory = try context.workDirectory.absolutePath(of: checkout.path)
        let clone = GitWorkTree(directory: directory, git: context.git, repository: shownURL)
        _ = try await clone.run(["init", "--quiet", "--end-of-options", directory], at: "/")
        try await clone.configure("remote.origin.url", repoURL)
        try await clone.configure("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
        _ = try await clone.run(["fetch", "--quiet", "--tags", "--end-of-options", "origin"])
        switch checkout.target {
        case .defaultBranch:
            _ = try await clone.run(["remote", "set-head", "origin", "--auto"])
            let head = try await clone.line(["rev-parse", "--abbrev-ref", "origin/HEAD"])
            let name = String(head.dropFirst("origin/".count))
            guard GitReference.isName(name) else {
                throw .wrong("\(shownURL) has no default branch with commits")
            }
            try await checkOut(branch: name, of: clone)
        case .branch(let name, let create):
            if try await clone.commit(of: "refs/remotes/origin/\(name)") != nil {
                try await checkOut(branch: name, of: clone)
            } else if create {
                _ = try await clone.run(["symbolic-ref", "HEAD", "refs/heads/\(name)"])
                return ""
            } else {
                throw .wrong("\(shownURL) has no branch \(name); push it, or say create: true")
            }
        case .tag(let name):
            guard let id = try await clone.commit(of: "refs/tags/\(name)") else {
                throw .wrong("\(shownURL) has no tag \(name)")
            }
            _ = try await clone.run(["checkout", "--quiet", "--detach", id, "--"])
        case .commit(let id):
            guard try await clone.commit(of: id) != nil else {
                throw .wrong("\(shownURL) has no commit \(id) in its branches and tags")
            }
            _ = try await clone.run(["checkout", "--quiet", "--detach", id, "--"])
        }
        return try await clone.line(["rev-parse", "HEAD"])
    }

    private func checkOut(branch: String, of clone: GitWorkTree) async throws(StepError) {
        _ = try await clone.run([
            "checkout", "--quiet", "--no-track", "-B", branch, "refs/remotes/origin/\(branch)",
            "--",
        ])
    }

    private var shownURL: String { GitError.presentable(repoURL) }
}
