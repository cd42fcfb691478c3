import Git
import PromotionModel

/// A clone in the work directory, and how to run git in it.
struct GitWorkTree: Sendable {
    /// Absolute.
    let directory: String
    private var git: GitProgram
    /// Where it was cloned from.
    let url: String
    /// What messages call it: a path or a URL, fit to be shown.
    let repository: String

    /// The clone at `path`, which an earlier step made.
    init(at path: String, in context: StepContext) async throws(StepError) {
        directory = try context.workDirectory.absolutePath(of: path)
        var clone = GitWorkTree(directory: directory, git: context.git, repository: path)
        // Without this, git would look for a repository further up, outside the work directory.
        let top = try? await clone.line(["rev-parse", "--show-toplevel"])
        guard top == directory else {
            throw .wrong("\(path) is no clone; begin with git-clone to this path")
        }
        url = try await clone.line(["config", "remote.origin.url"])
        clone.git = try context.git(for: url)
        (git, repository) = (clone.git, path)
    }

    /// A clone that is about to be made.
    init(directory: String, git: GitProgram, repository: String, url: String = "") {
        self.url = url
        self.directory = directory
        self.git = git
        self.repository = repository
    }

    /// Runs git and gives its output; a status that is not 0 is an error.
    func run(
        _ arguments: [String],
        at place: String? = nil,
        environment: [String: String] = [:]
    ) async throws(StepError) -> String {
        do {
            return try await git.output(
                arguments,
                in: place ?? directory,
                environment: environment
            )
        } catch {
            throw failure(error)
        }
    }

    /// Runs git and gives its result, whatever its status is.
    func result(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws(StepError) -> GitResult {
        do {
            return try await git.run(
                arguments,
                in: directory,
                environment: environment,
                input: input
            )
        } catch {
            throw failure(error)
        }
    }

    /// The first line of git's output.
    func line(_ arguments: [String]) async throws(StepError) -> String {
        String(try await run(arguments).prefix { $0 != "\n" })
    }

    /// Writes a setting of this clone.
    func configure(_ key: String, _ value: String) async throws(StepError) {
        _ = try await run(["config", "--replace-all", key, value])
    }

    /// The commit that a full reference or id names; nil if there is none.
    func commit(of revision: String) async throws(StepError) -> String? {
        let result = try await result([
            "rev-parse", "--quiet", "--verify", "\(revision)^{commit}",
        ])
        return result.status == 0 ? String(result.output.prefix { $0 != "\n" }) : nil
    }

    /// git's complaint as a step's.
    func failure(_ error: GitError) -> StepError {
        StepError(
            message: "\(repository): \(error)",
            isTerminal: !error.isTransient,
            isRefusal: false
        )
    }
}
