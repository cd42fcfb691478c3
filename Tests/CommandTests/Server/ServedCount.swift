import Foundation
import Glibc
import Synchronization

/// How many commands were typed to servers, and how many as they are.
enum ServedCount {
    private static let counts = Mutex<(served: [String: Int], local: [String: Int])>(([:], [:]))

    /// How many commands went to servers.
    static var servedCount: Int { counts.withLock { $0.served.values.reduce(0, +) } }

    /// Counts a command.
    static func add(_ arguments: [[UInt8]], isServed: Bool) {
        guard ServedCommands.isOn else { return }
        tellsAtTheEnd
        let command = command(arguments.map { String(decoding: $0, as: UTF8.self) })
        counts.withLock { counts in
            if isServed {
                counts.served[command, default: 0] += 1
            } else {
                counts.local[command, default: 0] += 1
            }
        }
    }

    /// The command's name, with that of the command below it.
    static func command(_ words: [String]) -> String {
        let isAbove = words.first.map { group in
            ["ledger", "audit", "token", "role", "metrics"].contains(group)
        }
        return words.prefix(isAbove == true ? 2 : 1).joined(separator: " ")
    }

    /// Tests end in no order of their own, so that what they did can be said only by the process.
    private static let tellsAtTheEnd: Void = {
        atexit {
            let (served, local) = ServedCount.counts.withLock { $0 }
            print("typed to servers: \(ServedCount.line(served))")
            print("typed as they are: \(ServedCount.line(local))")
        }
    }()

    private static func line(_ counts: [String: Int]) -> String {
        let sum = counts.values.reduce(0, +)
        let parts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key.prefix(30)) \($0.value)" }
        return "\(sum) commands (\(parts.joined(separator: ", ")))"
    }
}
