import Foundation
import Synchronization

/// With `WAYBILL_TEST_SERVER=1` all tests type their commands to servers: `tools/test --long`.
///
/// Which commands that concerns is found out by asking: whatever would go to a server that nobody
/// listens at goes to one that serves the ledger. What a server refuses because it works on files,
/// what says who acts, and what is asked of a ledger that cannot be opened, is typed as it is. How
/// many there were of each is said at the end.
///
/// What is right to differ is here: who acts (`assurance`), and what is longer than a URL may be.
/// A suite that is about the ledger's directory itself says so with `.onLedgerOnly`.
enum ServedCommands {
    /// Whether commands of this test go to servers.
    static var isOn: Bool { isAsked && !isOnLedgerOnly }

    /// Whether somebody asked for it.
    static let isAsked = ProcessInfo.processInfo.environment["WAYBILL_TEST_SERVER"] == "1"

    /// Whether the test that runs is about the ledger's directory.
    @TaskLocal static var isOnLedgerOnly = false

    /// How sure it is who gave a command without `--actor`: a server knows by the token.
    static var assurance: String { isOn ? "token" : "osUser" }

    /// What is typed to a server, and in which variables.
    struct Words {
        var arguments: [[UInt8]]
        var environment: [String: String]
        /// The ledger's directory, as it was typed, and where.
        let place: String
        let directory: String

        /// The ledger's directory, from the root on.
        var ledger: String { place.hasPrefix("/") ? place : directory + "/" + place }

        /// The words without the ledger's directory; nil where a server is named already.
        init?(_ arguments: [[UInt8]], _ environment: [String: String], in directory: String) {
            guard !environment.keys.contains("WAYBILL_SERVER"),
                !arguments.contains(where: { $0.starts(with: "--server".utf8) }),
                // RemoteTests say what becomes of it at a server.
                arguments.allSatisfy({ $0.count < 20_000 })
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
            self.place = place
            self.directory = directory
        }

        /// The same, to be asked of this server.
        func asked(of url: String, token: String) -> Words {
            var words = self
            words.environment["WAYBILL_SERVER"] = url
            words.environment["WAYBILL_TOKEN"] = token
            return words
        }

        /// The command and the names of its options, which say whether it goes to a server.
        var kind: String {
            let words = arguments.map { String(decoding: $0, as: UTF8.self) }
            let options = words.filter { $0.hasPrefix("-") }.map { word in
                String(word.prefix { $0 != "=" })
            }
            return ([ServedCount.command(words)] + Set(options).sorted()).joined(separator: " ")
        }
    }

    /// Whether commands of a kind go to servers, where that is known.
    private static let kinds = Mutex<[String: Bool]>([:])

    /// Runs a command at a server of its ledger, if it is one that goes to servers.
    static func ending(
        of arguments: [[UInt8]],
        _ environment: [String: String],
        in directory: String,
        _ run: (Words) async throws -> Ending
    ) async throws -> Ending? {
        guard isOn, let words = Words(arguments, environment, in: directory),
            try await goesToServers(words, run),
            let server = try await ServedLedgers.shared.take(words)
        else { return nil }
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

    private static func goesToServers(
        _ words: Words,
        _ run: (Words) async throws -> Ending
    ) async throws -> Bool {
        let kind = words.kind
        if let known = kinds.withLock({ $0[kind] }) { return known }
        let probe = try await run(words.asked(of: "http://127.0.0.1:1", token: "0")).errors
        // What is wrong with this one may be right with the next.
        let isSaid = ["this works on the ledger itself", "leave --actor out"].contains {
            probe.contains($0)
        }
        let goes = probe.contains("does not answer")
        if goes || isSaid { kinds.withLock { $0[kind] = goes } }
        return goes
    }
}
