import Glibc
import Synchronization

/// The `bench` program in a process of its own, with its output in a pipe.
final class ChildProcess {
    let id: pid_t
    private let output: CInt
    private let input: CInt
    private var rest: [UInt8] = []
    private var isReaped = false

    /// One start at a time: a child that started between the making of a pipe and its marking
    /// would hold the pipe open.
    private static let starting = Mutex(())

    /// Starts `command`, found by its path or in the usual places.
    init(_ command: [String]) throws {
        (id, output, input) = try Self.starting.withLock { _ in
            let (output, outputEnd) = try Self.pipe()
            let (inputEnd, input) = try Self.pipe()
            let child = try Self.spawn(command, inputEnd, outputEnd)
            close(outputEnd)
            close(inputEnd)
            return (child, output, input)
        }
    }

    private static func pipe() throws -> (reading: CInt, writing: CInt) {
        var ends: [CInt] = [0, 0]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw TestFailure("pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ command: [String],
        _ input: CInt,
        _ output: CInt
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var child: pid_t = 0
        let code = unsafe posix_spawnp(&child, command[0], &actions, nil, &arguments, environ)
        guard code == 0 else { throw TestFailure("posix_spawn \(command[0]): \(code)") }
        return child
    }

    deinit {
        if !isReaped { kill() }
        close(output)
        close(input)
    }

    /// A mode of `bench`, which is built next to the tests.
    static func bench(_ mode: String, _ directory: String) throws -> ChildProcess {
        try ChildProcess([try benchPath(), mode, directory])
    }

    static func benchPath() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw TestFailure("readlink: \(errno)") }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        let beside = path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/bench"
        guard unsafe access(beside, X_OK) == 0 else { throw TestFailure("\(beside) is not built") }
        return beside
    }

    /// The next line of its output; nil at the end, or after a part of a line.
    func line() -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeFirst(end + 1)
                return line
            }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = unsafe read(output, &buffer, buffer.count)
            guard count > 0 else { return nil }
            rest += buffer[..<count]
        }
    }

    /// All lines that are still to come.
    func lines() -> [String] {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        return lines
    }

    /// Ends it as the kernel does when memory runs out: at once, wherever it is.
    func kill() {
        _ = Glibc.kill(id, SIGKILL)
        _ = wait()
    }

    /// Waits for its end; its exit code, or −1 after a signal.
    func wait() -> Int32 {
        var status: CInt = 0
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        return status & 0x7f == 0 ? status >> 8 & 0xff : -1
    }
}
