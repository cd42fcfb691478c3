import Foundation
import Glibc

/// The servers that commands are typed to, one for each ledger as long as somebody asks it.
///
/// Between two commands there is none: what a test does to files of the ledger, or types beside,
/// meets them as it would without a server.
actor ServedLedgers {
    static let shared = ServedLedgers()

    private struct Server {
        let url: String
        let token: String
        let task: Task<Void, any Error>
        let program: RunningProgram
        var userCount = 1
    }

    private var servers: [String: Server] = [:]
    /// Ledgers whose server begins or ends; others wait.
    private var busy: Set<String> = []

    /// The server of a ledger, begun if nobody asks it yet; nil if the ledger cannot be served.
    func take(_ words: ServedCommands.Words) async throws -> (url: String, token: String)? {
        let ledger = words.ledger
        while busy.contains(ledger) { try await Task.sleep(for: .milliseconds(5)) }
        if var server = servers[ledger] {
            server.userCount += 1
            servers[ledger] = server
            return (server.url, server.token)
        }
        // The test serves it itself.
        guard !FileManager.default.fileExists(atPath: ledger + "/server.sock") else { return nil }
        busy.insert(ledger)
        defer { busy.remove(ledger) }
        guard let server = try await Self.start(words) else { return nil }
        servers[ledger] = server
        return (server.url, server.token)
    }

    /// Ends the server of a ledger if nobody asks it any more.
    func giveBack(_ ledger: String) async {
        guard var server = servers[ledger] else { return }
        server.userCount -= 1
        servers[ledger] = server
        guard server.userCount == 0 else { return }
        servers[ledger] = nil
        busy.insert(ledger)
        server.program.send(SIGTERM)
        _ = try? await server.task.value
        busy.remove(ledger)
    }

    /// Begins to serve a ledger where and as it was typed, so that sentences call it so.
    private static func start(_ asked: ServedCommands.Words) async throws -> Server? {
        let folder = try TemporaryDirectory()
        let told = folder.sub("told")
        let words = [
            "-c", "exec \"$0\" \"$@\" >\(told)", Program.waybill, "serve", "--no-automation",
            "--allow-file-repos", "--listen", "127.0.0.1:0", "--ledger", asked.place,
        ]
        let (programs, begun) = AsyncStream<RunningProgram>.makeStream()
        let task = Task {
            defer { begun.finish() }
            _ = try await Program.run(
                "sh",
                words,
                in: asked.directory,
                environment: asked.environment
            ) { program in
                begun.yield(program)
            }
            try Files.write("ended", to: folder.sub("ended"))
        }
        guard let program = await programs.first(where: { _ in true }) else { return nil }
        while !FileManager.default.fileExists(atPath: folder.sub("ended")) {
            let text = (try? Files.text(told)) ?? ""
            if let match = text.firstMatch(of: /Sign in once with (http:\/\/127\.0\.0\.1:\d+)\//) {
                let token = try Files.text(asked.ledger + "/server.token")
                return Server(
                    url: String(match.1),
                    token: token.trimmingCharacters(in: .newlines),
                    task: task,
                    program: program
                )
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
