import Foundation
import Glibc

/// With `WAYBILL_TEST_SERVER=1` all tests type their commands to servers: `tools/test --long`.
///
/// Which commands that concerns is found out by asking: whatever would go to a server that nobody
/// listens at goes to one that serves the ledger. What a server refuses because it works on files,
/// and what says who acts, is typed as it is.
enum ServedCommands {
    static let isOn = ProcessInfo.processInfo.environment["WAYBILL_TEST_SERVER"] == "1"

    /// What is typed to a server, and in which variables.
    struct Words {
        var arguments: [[UInt8]]
        var environment: [String: String]
        /// The ledger's directory.
        let ledger: String

        /// The words without the ledger's directory; nil where a server is named already.
        init?(_ arguments: [[UInt8]], _ environment: [String: String], in directory: String) {
            guard !environment.keys.contains("WAYBILL_SERVER"),
                !arguments.contains(where: { $0.starts(with: "--server".utf8) })
            else { return nil }
            var place = environment["WAYBILL_LEDGER"] ?? "ledger"
            var rest: [[UInt8]] = []
            var isNext = false
            for word in arguments {
                let text = String(decoding: word, as: UTF8.self)
                if isNext {
                    place = text
                    isNext = false
                } else if text == "--ledger" {
                    isNext = true
                } else if text.hasPrefix("--ledger=") {
                    place = String(text.dropFirst("--ledger=".count))
                } else {
                    rest.append(word)
                }
            }
            guard !isNext else { return nil }
            self.arguments = rest
            self.environment = environment
            self.environment["WAYBILL_LEDGER"] = nil
            ledger = place.hasPrefix("/") ? place : directory + "/" + place
        }

        /// The same, to be asked of this server.
        func asked(of url: String, token: String) -> Words {
            var words = self
            words.environment["WAYBILL_SERVER"] = url
            words.environment["WAYBILL_TOKEN"] = token
            return words
        }
    }

    /// Runs a command at a server of its ledger, if it is one that goes to servers.
    static func ending(
        of arguments: [[UInt8]],
        _ environment: [String: String],
        in directory: String,
        _ run: (Words) async throws -> Ending
    ) async throws -> Ending? {
        guard isOn, let words = Words(arguments, environment, in: directory) else { return nil }
        let probe = try await run(words.asked(of: "http://127.0.0.1:1", token: "0"))
        guard probe.errors.contains("does not answer") else { return nil }
        guard let server = try await ServedLedgers.shared.take(words.ledger) else { return nil }
        let ending: Ending
        do {
            ending = try await run(words.asked(of: server.url, token: server.token))
        } catch {
            await ServedLedgers.shared.giveBack(words.ledger)
            throw error
        }
        await ServedLedgers.shared.giveBack(words.ledger)
        return ending
    }
}

/// The servers that commands are typed to, one for each ledger as long as somebody asks it.
private actor ServedLedgers {
    static let shared = ServedLedgers()

    struct Server {
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
    func take(_ ledger: String) async throws -> (url: String, token: String)? {
        while busy.contains(ledger) { try await Task.sleep(for: .milliseconds(10)) }
        if var server = servers[ledger] {
            server.userCount += 1
            servers[ledger] = server
            return (server.url, server.token)
        }
        busy.insert(ledger)
        defer { busy.remove(ledger) }
        guard let server = try await Self.start(ledger) else { return nil }
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

    private static func start(_ ledger: String) async throws -> Server? {
        let folder = try TemporaryDirectory()
        let told = folder.sub("told")
        let words = [
            "-c", "exec \"$0\" \"$@\" >\(told)", Program.waybill, "serve", "--no-automation",
            "--allow-file-repos", "--listen", "127.0.0.1:0", "--ledger", ledger,
        ]
        let (programs, begun) = AsyncStream<RunningProgram>.makeStream()
        let task = Task {
            _ = try await Program.run("sh", words, in: folder.path) { program in
                begun.yield(program)
            }
            begun.finish()
            try Files.write("ended", to: folder.sub("ended"))
        }
        guard let program = await programs.first(where: { _ in true }) else { return nil }
        while !FileManager.default.fileExists(atPath: folder.sub("ended")) {
            let text = (try? Files.text(told)) ?? ""
            if let match = text.firstMatch(of: /Sign in once with (http:\/\/127\.0\.0\.1:\d+)\//) {
                let token = try Files.text(ledger + "/server.token")
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
