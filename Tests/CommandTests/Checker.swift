import EventLog
import Foundation
import Transparency

/// `tools/verify-ledger.py`, which shares no code with this program.
enum Checker {
    private static let path = "\(Program.root)/tools/verify-ledger.py"

    /// Runs it as an auditor would.
    static func run(_ arguments: String..., in directory: String) async throws -> Ending {
        try await run(arguments, in: directory)
    }

    /// Runs it as an auditor would.
    static func run(_ arguments: [String], in directory: String) async throws -> Ending {
        try await Program.run("python3", [path] + arguments, in: directory)
    }

    /// Runs a script that has the checker's functions in `checker`; its output.
    static func script(_ text: String, in directory: String) async throws -> String {
        let loading = """
            import importlib.util, sys
            spec = importlib.util.spec_from_file_location("checker", sys.argv[1])
            checker = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(checker)

            """
        return try await Program.run("python3", ["-c", loading + text, path], in: directory)
            .checked().output
    }
}

/// A ledger with a key, whose every size a test can have signed.
struct SigningLedger {
    let place: LedgerDirectory
    let key: SigningKey
    let log: EventLog

    /// A ledger of `count` events with payloads of some bytes.
    init(eventCount: Int) async throws {
        place = try LedgerDirectory()
        _ = try await place.run("init", "--origin", "example.com/log").checked()
        let secret = try Files.text(place.ledger + "/signing.key")
        guard let key = SigningKey(parsing: secret) else { throw TestFailure("no key") }
        self.key = key
        log = try EventLog.open(
            at: place.ledger,
            options: LogOptions(clientTables: [])
        )
        try await append(eventCount, as: "fill")
    }

    /// Appends so many events in one command.
    func append(_ eventCount: Int, as command: String) async throws {
        guard eventCount > 0 else { return }
        let submission = Submission<String>(
            commandID: CommandID(unchecked: command),
            contentHash: .sha256([])
        ) { (scope) throws(EventLogError) in
            for number in 0..<eventCount {
                _ = try scope.append(
                    NewEvent(
                        type: 12,
                        project: "shop",
                        subject: "stage/s\(number % 7)",
                        actor: EventActor(name: "operator", assurance: .asserted),
                        payload: Array("payload \(number)".utf8)
                    )
                )
            }
            return .append
        }
        _ = try await log.submit(submission)
    }

    /// A signed checkpoint of the first `size` events.
    func note(_ size: UInt64) throws -> SignedNote {
        let root = try log.read { (snapshot) throws(EventLogError) in
            try snapshot.root(at: Position(rawValue: size))
        }
        guard let checkpoint = Checkpoint(origin: key.verifier.name, size: size, root: root) else {
            throw TestFailure("no origin")
        }
        return key.note(checkpoint.text)
    }
}
