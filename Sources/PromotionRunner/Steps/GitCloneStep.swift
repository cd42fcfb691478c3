import Expressions
import Git
import PromotionModel

/// `git-clone`: brings branches, tags or commits of a repository into the work directory.
struct GitCloneStep: ConfiguredStep {
    private var repoURL = ""
    private var checkouts: [GitCheckout] = []
    private var author: GitAuthor?
    private var isBlobless = false
    private var skipsTLSVerification = false

    static let text = StepText(
        summary: "clones a repository, and checks out branches, tags or commits of it",
        outputs: [
            StepOutput("commits", "the id of what is checked out, by the checkout's as or path")
        ],
        example: """
            - uses: git-clone
              config:
                repoURL: https://git.example.com/shop/gitops.git
                checkout:
                - branch: main
                  path: ./src
                  as: source
                - branch: env/prod
                  create: true
                  path: ./out
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("repoURL", &repoURL, "the repository, by https or ssh")
        visitor.parts("checkout", &checkouts, isRequired: true, "what to check out, and where")
        visitor.part("author", &author, "whose name commits bear that are made in the clone")
        visitor.flag("blobless", &isBlobless, "files are fetched when they are needed")
        visitor.flag(
            "insecureSkipTLSVerify",
            &skipsTLSVerification,
            "the server's certificate is not checked"
        )
        visitor.unknown("recurseSubmodules", "whether submodules are cloned too")
    }

    func contradictions() -> [FieldProblem] {
        var keys: Set<String> = []
        for (index, checkout) in checkouts.enumerated()
        where !keys.insert(checkout.outputName).inserted {
            let field = checkout.alias == nil ? "path" : "as"
            return [
                FieldProblem(
                    "checkout[\(index)].\(field)",
                    "is \(checkout.outputName), as that of another checkout"
                )
            ]
        }
        return []
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
                try context.workDirectory.makeParents(of: checkout.path)
                made.append(checkout.path)
                let commit = try await clone(checkout, in: context)
                commits[checkout.outputName] = .string(commit)
            }
            return .succeeded(["commits": .object(commits)])
        } catch {
            // Half a clone would stand in the way of the next try.
            for path in made { _ = try? context.workDirectory.remove(path) }
            throw error
        }
    }

    /// Clones and checks out; the commit that is checked out, empty for a branch without history.
    private func clone(
        _ checkout: GitCheckout,
        in context: StepContext
    ) async throws(StepError) -> String {
        let directory = try context.workDirectory.absolutePath(of: checkout.path)
        let clone = GitWorkTree(
            directory: directory,
            git: try context.git(for: repoURL),
            repository: shownURL,
            url: repoURL
        )
        _ = try await clone.run(["init", "--quiet", "--end-of-options", directory], at: "/")
        try await configure(clone, for: context.gitClient)
        let filter = isBlobless ? ["--filter=blob:none"] : []
        _ = try await clone.run(
            ["fetch", "--quiet", "--tags"] + filter + ["--end-of-options", "origin"]
        )
        if !checkout.directories.isEmpty {
            _ = try await clone.run(
                ["sparse-checkout", "set", "--cone", "--end-of-options"] + checkout.directories
            )
        }
        return try await checkout.checkOut(of: clone)
    }

    private func configure(
        _ clone: GitWorkTree,
        for client: GitClient?
    ) async throws(StepError) {
        var settings = [
            ("remote.origin.url", repoURL),
            ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
            ("user.name", author?.name ?? client?.name ?? GitIdentity.standard.name),
            ("user.email", author?.email ?? client?.email ?? GitIdentity.standard.email),
        ]
        if skipsTLSVerification { settings.append(("http.sslVerify", "false")) }
        for (key, value) in settings { try await clone.configure(key, value) }
    }

    private var shownURL: String { GitError.presentable(repoURL) }
}
