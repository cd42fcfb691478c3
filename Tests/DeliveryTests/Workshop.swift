import Foundation
import Git

/// A directory of a test's own with git repositories in it, removed with everything in it.
final class Workshop: Sendable {
    /// Absolute, without symbolic links.
    let path: String
    let git: GitProgram

    init() throws {
        let directory = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appending(path: "waybill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.path
        git = GitProgram(home: path, allowFileRepositories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A directory inside, made if it is not there.
    func directory(_ name: String) throws -> String {
        let directory = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true
        )
        return directory
    }

    /// Runs git in a directory and gives its output.
    @discardableResult
    func run(_ arguments: [String], in directory: String, at seconds: Int = 0) async throws
        -> String
    {
        let identity = [
            "GIT_AUTHOR_NAME": "shop", "GIT_AUTHOR_EMAIL": "shop@example.com",
            "GIT_AUTHOR_DATE": "@\(seconds) +0000",
            "GIT_COMMITTER_NAME": "shop", "GIT_COMMITTER_EMAIL": "shop@example.com",
            "GIT_COMMITTER_DATE": "@\(seconds) +0000",
        ]
        return try await git.output(arguments, in: directory, environment: identity)
    }

    /// An empty bare repository, and the directory from which it is filled.
    func makeRepository(_ name: String) async throws -> Repository {
        let repository = Repository(
            workshop: self,
            bare: "\(path)/\(name).git",
            work: try directory("\(name)-work")
        )
        try await run(
            ["init", "--quiet", "--bare", "--initial-branch=main", name + ".git"],
            in: path
        )
        try await run(["init", "--quiet", "--initial-branch=main"], in: repository.work)
        try await run(["remote", "add", "origin", repository.bare], in: repository.work)
        return repository
    }
}

/// A bare repository and the working tree that tests change it with.
struct Repository: Sendable {
    let workshop: Workshop
    let bare: String
    let work: String

    var url: String { "file://\(bare)" }

    /// Writes files, commits them at a time, pushes to a branch; the commit's id.
    @discardableResult
    func push(
        _ subject: String,
        files: [String: String] = ["CHANGES": ""],
        branch: String = "main",
        at seconds: Int = 1_000_000
    ) async throws -> String {
        for (name, text) in files {
            let file = URL(fileURLWithPath: "\(work)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
        return try await commit(subject, branch: branch, at: seconds)
    }

    /// Commits what is in the working tree and pushes it; the commit's id.
    @discardableResult
    func commit(_ subject: String, branch: String = "main", at seconds: Int = 1_000_000)
        async throws -> String
    {
        try await workshop.run(["add", "--all"], in: work)
        try await workshop.run(
            ["commit", "--quiet", "--allow-empty", "-m", subject],
            in: work,
            at: seconds
        )
        try await workshop.run(
            ["push", "--quiet", "--force", "origin", "HEAD:refs/heads/\(branch)"],
            in: work
        )
        return try await line(["rev-parse", "HEAD"], in: work)
    }

    /// One line of git's answer about the bare repository.
    func line(_ arguments: [String], in directory: String? = nil) async throws -> String {
        let output = try await workshop.run(arguments, in: directory ?? bare)
        return String(output.prefix { $0 != "\n" })
    }

    /// The subjects of a branch's commits, newest first.
    func subjects(_ branch: String = "main") async throws -> [String] {
        try await workshop.run(["log", "--format=%s", branch], in: bare)
            .split(separator: "\n").map(String.init)
    }

    /// A file at the tip of a branch.
    func file(_ name: String, branch: String = "main") async throws -> String {
        try await workshop.run(["show", "\(branch):\(name)"], in: bare)
    }
}
