import EventLog
import Glibc
import LMDB
import Ledger
import PromotionModel
import Synchronization

/// A backup by a process of its own, as an operator would make it.
enum BackupChild {
    /// Backs the ledger up to the target of the arguments, at a rate of so many MiB a second, and
    /// tells how much that was.
    static func run(_ ledger: String, _ arguments: [String]) throws {
        guard arguments.count == 2, let rate = Int(arguments[1]) else { exit(2) }
        _ = nice(10)
        let opened = try Ledger.open(at: ledger, access: .read)
        let staged = try StagedDirectory(for: arguments[0])
        let began = ContinuousClock.now
        var copied = began
        let copy = try opened.copy(into: staged, byteRate: rate << 20) { progress in
            if case .copying = progress { copied = .now }
            Memory.sample()
        }
        try staged.publish()
        let seconds = (copied - began) / .seconds(1)
        Output.line(
            "\(copy.byteCount >> 20) MiB copied in \((seconds * 10).rounded() / 10) s, then "
                + "verified; peak resident anonymous memory \(Memory.peakAnonymousMiB()) MiB"
        )
    }

    /// Starts this program so; returns what it told.
    static func start(_ ledger: String, _ target: String, rate: Int) async -> String {
        let words = [executable() ?? "bench", "backup-child", ledger, target, "\(rate)"]
        return await withCheckedContinuation { done in
            // Waiting blocks; it must not take a thread from those who write.
            Thread.start { done.resume(returning: told(by: words)) }
        }
    }

    private static func told(by words: [String]) -> String {
        // The shell would take the link for its own.
        let program = "exec " + words.map { "'\($0)'" }.joined(separator: " ")
        guard let pipe = unsafe popen(program, "r") else { return "it could not be started" }
        var buffer = [CChar](repeating: 0, count: 4096)
        var text = ""
        while unsafe fgets(&buffer, 4096, pipe) != nil {
            text += String(
                decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
        }
        let status = unsafe pclose(pipe)
        return status == 0 ? text : "it failed: \(text)"
    }

    private static func executable() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}

/// A thread for a call that blocks.
private enum Thread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
        let code = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            },
            context
        )
        precondition(code == 0, "pthread_create failed with \(code)")
        pthread_detach(thread)
    }
}

/// Writers that write one event after the other, and are counted.
final class Writers: Sendable {
    private let ledger: Ledger
    private let state = Mutex((count: 0, isOver: false))
    private let tasks: Mutex<[Task<Void, any Error>]> = Mutex([])

    /// Starts sixteen of them.
    init(_ ledger: Ledger) {
        self.ledger = ledger
        for number in 0..<16 {
            let task = Task { try await self.write(number) }
            tasks.withLock { $0.append(task) }
        }
    }

    private func write(_ number: Int) async throws {
        let text = String(repeating: "x", count: 256)
        while !state.withLock({ $0.isOver }) {
            let note = RecordNote(
                project: ProjectName(unchecked: "bench"),
                subject: .stage(StageName(unchecked: "stage-\(number)")),
                text: text
            )
            let envelope = CommandEnvelope(
                id: CommandID(unchecked: CommandNames.next()),
                actor: EventActor(name: "bench", assurance: .asserted),
                command: .recordNote(note)
            )
            guard case .accepted = try await ledger.execute(envelope) else {
                preconditionFailure("a note is accepted")
            }
            state.withLock { $0.count += 1 }
        }
    }

    /// Events a second while `body` runs.
    func rate(_ body: () async throws -> Void) async rethrows -> Double {
        let began = ContinuousClock.now
        let before = state.withLock { $0.count }
        try await body()
        let count = state.withLock { $0.count } - before
        return Double(count) / ((ContinuousClock.now - began) / .seconds(1))
    }

    /// Lets them end.
    func end() async {
        state.withLock { $0.isOver = true }
        for task in tasks.withLock({ $0 }) { _ = try? await task.value }
    }
}
