private import Glibc
package import Secrets

/// Runs the `git` program, shut off from what this machine and its users have configured.
///
/// No system or user configuration, no hooks, no prompts, no pagers; only the transports `https`
/// and `ssh` (and `file` where it is allowed). A run that takes too long is ended with the
/// programs that it started.
package struct GitProgram: Sendable {
    private let home: String
    private let limits: GitLimits
    private let allowFileRepositories: Bool
    private var entrance = GitEntrance.open

    /// A program with `home` as its home directory, where it finds no configuration.
    package init(home: String, allowFileRepositories: Bool, limits: GitLimits = GitLimits()) {
        self.home = home
        self.allowFileRepositories = allowFileRepositories
        self.limits = limits
    }

    /// The same program, which may enter the repository at `url` with a credential.
    package func entering(_ url: String, with credential: RepositoryCredential?) -> GitProgram {
        guard let credential else { return self }
        var program = self
        program.entrance = GitEntrance(to: url, with: credential, home: home)
        return program
    }

    /// Runs `git -C <directory> <arguments>` and answers whatever its exit status is.
    ///
    /// What comes from outside goes behind `--end-of-options` or `--`. Throws if it cannot be
    /// started, takes longer than the limit or writes more than the limit.
    package func run(
        _ arguments: [String],
        in directory: String,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws(GitError) -> GitResult {
        let run = makeRun(arguments, in: directory, environment: environment, input: input)
        return try await limited(run) { await run.collected() }
    }

    /// Runs git and gives its standard output; throws ``GitError/failed(operation:message:)``
    /// unless its exit status is 0.
    package func output(
        _ arguments: [String],
        in directory: String,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws(GitError) -> String {
        let result = try await run(
            arguments,
            in: directory,
            environment: environment,
            input: input
        )
        guard result.status == 0 else { throw result.failure }
        return result.output
    }

    /// Runs git and hands over its standard output while it is written, record by record.
    ///
    /// `take` changes `state` by one record, which comes without its separator, and says whether
    /// it wants more; if it does not, git is ended. Holds one record at a time, of which at most
    /// ``GitLimits/recordByteCountMax`` bytes are kept. Throws as
    /// ``output(_:in:environment:input:)`` does, but for the limit on what git writes.
    package func records<State: Sendable>(
        _ arguments: [String],
        in directory: String,
        separatedBy separator: UInt8,
        input: [UInt8] = [],
        from state: State,
        _ take: @escaping @Sendable (inout State, ArraySlice<UInt8>) -> Bool
    ) async throws(GitError) -> State {
        let run = makeRun(arguments, in: directory, environment: [:], input: input)
        return try await limited(run) {
            await run.streamed(separatedBy: separator, from: state, take)
        }
    }

    private func makeRun(
        _ arguments: [String],
        in directory: String,
        environment: [String: String],
        input: [UInt8]
    ) -> GitRun {
        GitRun(
            operation: Self.operation(of: arguments),
            arguments: Self.options + ["-C", directory] + arguments,
            environment: baseEnvironment.merging(entrance.environment) { $1 }
                .merging(environment) { $1 },
            input: input,
            limits: limits,
            mask: entrance.mask
        )
    }

    /// The word by which errors call a run: the command, behind the options of git itself.
    private static func operation(of arguments: [String]) -> String {
        var index = arguments.startIndex
        while index < arguments.endIndex, arguments[index].hasPrefix("-") {
            index += arguments[index] == "-c" ? 2 : 1
        }
        return index < arguments.endIndex ? arguments[index] : "git"
    }

    /// Ends `body` and the program that it runs when the time is over.
    private func limited<Value: Sendable>(
        _ run: GitRun,
        _ body: @escaping @Sendable () async -> Result<Value, GitError>
    ) async throws(GitError) -> Value {
        let outcome = await withTaskGroup(of: Result<Value, GitError>.self) { group in
            group.addTask { await body() }
            group.addTask {
                // Ends early, and unheard, when the other one is done.
                try? await Task.sleep(for: limits.duration)
                return .failure(.tookTooLong(operation: run.operation, limit: limits.duration))
            }
            let first = await group.next()
            group.cancelAll()
            // The other task must end before this returns: it may be killing the program.
            await group.waitForAll()
            return first
        }
        guard let outcome else { preconditionFailure("a group of two tasks gave no result") }
        return try outcome.get()
    }

    /// Settings that must hold whatever a repository's own configuration says.
    private static let options = [
        "--no-pager", "--no-optional-locks", "--literal-pathspecs",
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
        "-c", "core.askPass=", "-c", "credential.helper=", "-c", "commit.gpgSign=false",
        "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "submodule.recurse=false",
        "-c", "advice.detachedHead=false", "-c", "init.defaultBranch=main",
        // A server that sends nothing for a minute is given up.
        "-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60",
    ]

    /// How ssh is started: without questions.
    static let sshCommand =
        "ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15 "
        + "-oServerAliveCountMax=4"

    private var baseEnvironment: [String: String] {
        var variables = [
            "HOME": home,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": allowFileRepositories ? "https:ssh:file" : "https:ssh",
            // A host that answers nothing is given up after a minute.
            "GIT_SSH_COMMAND": Self.sshCommand,
        ]
        for name in Self.inherited {
            if let value = unsafe getenv(name) { variables[name] = unsafe String(cString: value) }
        }
        return variables
    }

    /// What is handed on: where programs are, how to reach the network, whom to trust there.
    private static let inherited = [
        "PATH", "SSH_AUTH_SOCK", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
        "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO",
    ]
}
