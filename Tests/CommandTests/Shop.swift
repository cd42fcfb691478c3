import Foundation

/// The shop of `fixtures/shop` in a directory of a test's own: `repos`, `shop` and `ledger`.
struct Shop: Sendable {
    let place: LedgerDirectory
    var path: String { place.path }
    var gitops: String { place.directory.sub("repos/gitops.git") }

    /// Repositories and manifests, and an empty ledger to which these were applied.
    static func made() async throws -> Shop {
        let shop = Shop(place: try await LedgerDirectory.made())
        try await shop.script("make-repositories")
        let folder = shop.place.directory.sub("shop")
        try Files.makeDirectory(folder)
        let manifests = "\(Program.root)/fixtures/shop/manifests"
        for name in try Files.names(manifests) {
            let text = try Files.text("\(manifests)/\(name)")
                .replacingOccurrences(of: "REPOSITORIES", with: "file://\(shop.path)/repos")
            try Files.write(text, to: "\(folder)/\(name)")
        }
        _ = try await shop.waybill("apply", "-f", "shop")
        return shop
    }

    /// Runs one of the scripts of `fixtures/shop` on the repositories.
    func script(_ name: String) async throws {
        let path = "\(Program.root)/fixtures/shop/\(name)"
        _ = try await Program.run(path, ["repos"], in: self.path).checked()
    }

    /// Types `waybill …`, which must succeed.
    @discardableResult
    func waybill(_ arguments: String...) async throws -> Ending {
        try await place.run(arguments).checked()
    }

    /// Types `waybill … -o json`, which must succeed; its answer.
    func json(_ arguments: String...) async throws -> JSON {
        try await place.run(arguments + ["-o", "json"]).checked().json
    }

    /// Discovers and promotes until nothing is left to do.
    @discardableResult
    func runUntilIdle() async throws -> Ending {
        try await waybill("run", "--until-idle", "--allow-file-repos")
    }

    /// Types `git …` in the GitOps repository; its output without the last line break.
    func git(_ arguments: String...) async throws -> String {
        let ending = try await Program.run("git", arguments, in: gitops).checked()
        return ending.output.hasSuffix("\n") ? String(ending.output.dropLast()) : ending.output
    }

    /// The commits to an environment since a commit, newest first.
    func commits(to environment: String, since commit: String) async throws -> [GitCommit] {
        let list = try await git("rev-list", "\(commit)..main", "--", "env/\(environment)")
        var commits: [GitCommit] = []
        for id in list.split(separator: "\n").map(String.init) {
            commits.append(
                GitCommit(
                    id: id,
                    subject: try await git("log", "-1", "--format=%s", id),
                    files: Set(
                        try await git("show", "--name-only", "--format=", id)
                            .split(separator: "\n").map(String.init)
                    )
                )
            )
        }
        return commits
    }

    /// The tree of an environment now.
    func tree(of environment: String) async throws -> String {
        try await git("rev-parse", "main:env/\(environment)")
    }

    /// All freight.
    func freight() async throws -> [FreightLine] {
        try await json("get", "freight", "--limit", "1000")["items"].items.map { item in
            FreightLine(
                id: item["id"].text,
                alias: item["alias"].text,
                origin: item["origin"]["kind"].text + "/" + item["origin"]["name"].text,
                commits: item["artifacts"].items.map { $0["commit"]["id"].text }
            )
        }
    }

    /// A copy whose ledger a test may change; what it pushes goes to the same repositories.
    func copied() throws -> Shop {
        let copy = Shop(place: try LedgerDirectory())
        for name in ["repos", "shop", "ledger"] {
            try Files.copy(place.directory.sub(name), to: copy.place.directory.sub(name))
        }
        return copy
    }
}

/// A commit to the GitOps repository.
struct GitCommit: Hashable, Sendable {
    let id: String
    let subject: String
    let files: Set<String>
}

/// A piece of freight.
struct FreightLine: Hashable, Sendable {
    let id: String
    let alias: String
    let origin: String
    let commits: [String]
}
