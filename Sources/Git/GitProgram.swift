private import Glibc
import Subprocess

/// Runs the `git` program, shut off from what this machine and its users have configured.
///
/// No system or user configuration, no hooks, no prompts, no pagers; only the transports `https`
/// and `ssh` (and `file` where it is allowed). A run that takes too long is ended with the
/// programs that it started.
package struct GitProgram: Sendable {
    private let home: String
    private let limits: GitLimits
    private let allowFileRepositories: Bool

    /// A program with `home` as its home directory, where it finds no configuration.
    package init(home: String, allowFileRepositories: Bool, limits: GitLimits = GitLimits()) {
        self.home = home
        self.allowFileRepositories = allowFileRepositories
        self.limits = limits
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
        let operation = arguments.first { !$0.hasPrefix("-") } ?? "git"
        let outcome = await withTaskGroup(of: Result<GitResult, GitError>.self) { group in
            group.addTask {
                await start(
                    Self.options + ["-C", directory] + arguments,
                    environment: baseEnvironment.merging(environment) { $1 },
                    input: input,
                    operation: operation
                )
            }
            group.addTask {
                // Ends early, and unheard, when the other one is done.
                try? await Task.sleep(for: limits.duration)
                return .failure(.tookTooLong(operation: operation, limit: limits.duration))
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

    /// Runs git and gives its standard output; throws ``GitError/failed(operation:message:)``
    /// unless its exit status is 0.
    package func output(
        _ arguments: [String],
        in directory: String,
        environment: [String: String] = [:]
    ) async throws(GitError) -> String {
        let result = try await run(arguments, in: directory, environment: environment)
        guard result.status == 0 else { throw result.failure }
        return result.output
    }

    private func start(
        _ arguments: [String],
        environment: [String: String],
        input: [UInt8],
        operation: String
    ) async -> Result<GitResult, GitError> {
        var platform = PlatformOptions()
        // A session of its own, so that ending it ends the transport programs too.
        platform.createSession = true
        platform.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        do {
            let result = try await Subprocess.run(
                .name("git"),
                arguments: Arguments(arguments),
                environment: .custom(variables),
                platformOptions: platform,
                input: .array(input),
                output: .bytes(limit: limits.outputByteCountMax),
                error: .bytes(limit: limits.errorByteCountMax)
            )
            let status: Int =
                switch result.terminationStatus {
                case .exited(let code): Int(code)
                case .signaled(let signal): 128 + Int(signal)
                }
            return .success(
                GitResult(
                    operation: operation,
                    status: status,
                    output: String(decoding: result.standardOutput, as: UTF8.self),
                    errorOutput: String(decoding: result.standardError, as: UTF8.self)
                )
            )
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            return .failure(
                .wroteTooMuch(operation: operation, byteCountMax: limits.outputByteCountMax)
            )
        } catch {
            return .failure(.cannotStart(reason: String(describing: error)))
        }
    }

    /// Settings that must hold whatever a repository's own configuration says.
    private static let options = [
        "--no-pager", "--no-optional-locks", "--literal-pathspecs",
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
        "-c", "core.askPass=", "-c", "credential.helper=", "-c", "commit.gpgSign=false",
        "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "submodule.recurse=false",
        "-c", "advice.detachedHead=false", "-c", "init.defaultBranch=main",
    ]

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
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
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

/// How much time and output one run of git may take.
package struct GitLimits: Sendable {
    package var duration: Duration = .seconds(300)
    /// 100 commits of a discovery are well under 1 MiB; a whole values file is under this too.
    package var outputByteCountMax = 16 << 20
    package var errorByteCountMax = 1 << 20

    package init() {}
}

/// What a run of git came to.
package struct GitResult: Sendable {
    package let operation: String
    /// 0 is success; 128 and more is git giving up, or a signal.
    package let status: Int
    package let output: String
    package let errorOutput: String

    /// The run as an error, whatever its status.
    package var failure: GitError {
        let lines = errorOutput.split(separator: "\n").map(String.init)
        let marked = lines.last { line in
            ["fatal: ", "error: ", " ! [", "ERROR: "].contains { line.hasPrefix($0) }
        }
        let message = (marked ?? lines.last ?? "it gave exit status \(status) and no message")
        return .failed(operation: operation, message: GitError.presentable(message))
    }
}
