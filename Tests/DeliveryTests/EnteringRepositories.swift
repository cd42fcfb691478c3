import Foundation
import Git
import Secrets
import Testing

/// git gets credentials for one host, and never in its arguments.
@Suite struct EnteringRepositories {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private let login = RepositoryCredential(login: .init(user: "robot", password: "s3c ret'$"))

    /// What git's own asking comes to for a host.
    private func asked(
        _ question: String,
        entering url: String = "https://git.example.com/shop/web.git"
    ) async throws -> GitResult {
        let git = GitProgram(home: workshop.path, allowFileRepositories: false)
            .entering(url, with: login)
        return try await git.run(
            ["credential", "fill"],
            in: workshop.path,
            input: Array("\(question)\n\n".utf8)
        )
    }

    @Test func `git is told user and password by a program that it asks`() async throws {
        let result = try await asked("protocol=https\nhost=git.example.com")
        #expect(result.status == 0, "\(result.errorOutput)")
        #expect(result.output.contains("username=robot\n"))
        #expect(result.output.contains("password=s3c ret'$\n"))
    }

    @Test(
        arguments: [
            "protocol=https\nhost=evil.example", "protocol=http\nhost=git.example.com",
            "protocol=https\nhost=git.example.com:8443",
            "protocol=https\nhost=git.example.com.evil.example",
            "protocol=https\nhost=evil.example\nusername=x@git.example.com",
        ]
    )
    func `no other host is told anything`(question: String) async throws {
        let result = try await asked(question)
        #expect(result.status != 0)
        #expect(!result.output.contains("s3c"))
    }

    @Test func `a host is known with its port`() async throws {
        let url = "https://git.example.com:8443/shop/web.git"
        let result = try await asked("protocol=https\nhost=git.example.com:8443", entering: url)
        #expect(result.output.contains("password=s3c ret'$\n"))
    }

    @Test func `neither arguments nor what git says have the password`() async throws {
        // A git that tells its arguments and all that it was given.
        let folder = try workshop.directory("bin")
        let script = "#!/bin/sh\necho \"args: $*\" >&2\nenv >&2\nexit 1\n"
        try script.write(toFile: "\(folder)/git-tell", atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: "\(folder)/git-tell"
        )
        let url = "https://git.example.com/shop/web.git"
        let git = GitProgram(home: workshop.path, allowFileRepositories: false)
            .entering(url, with: login)
        let result = try await git.run(
            ["--exec-path=\(folder)", "tell", "x"],
            in: workshop.path
        )
        #expect(result.errorOutput.contains("args: x"))
        #expect(result.errorOutput.contains("WAYBILL_GIT_PASSWORD=***"))
        #expect(!result.errorOutput.contains("s3c"))
    }

    @Test func `ssh offers the key that it was given, and knows the hosts of the file`()
        async throws
    {
        let folder = try workshop.directory("bin")
        let log = "\(workshop.path)/arguments"
        let script = "#!/bin/sh\nfor a in \"$@\"; do echo \"$a\"; done >'\(log)'\nexit 1\n"
        let ssh = "\(folder)/ssh"
        try script.write(toFile: ssh, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: ssh)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let credential = RepositoryCredential(
            keyPath: "/keys/it's mine/key",
            knownHostsPath: "/keys/it's mine/hosts"
        )
        let url = "ssh://git@git.example.com/shop/web.git"
        let git = GitProgram(home: workshop.path, allowFileRepositories: false)
            .entering(url, with: credential)
        _ = try await git.run(
            ["ls-remote", "--end-of-options", url],
            in: workshop.path,
            environment: ["PATH": "\(folder):\(path)"]
        )
        let arguments = try String(contentsOfFile: log, encoding: .utf8)
            .split(separator: "\n").map(String.init)
        let key = try #require(arguments.firstIndex(of: "-i"))
        #expect(arguments[key + 1] == "/keys/it's mine/key")
        #expect(arguments.contains("-oIdentitiesOnly=yes"))
        #expect(arguments.contains("-oUserKnownHostsFile=\"/keys/it's mine/hosts\""))
        #expect(arguments.contains("-oBatchMode=yes"))
    }
}
