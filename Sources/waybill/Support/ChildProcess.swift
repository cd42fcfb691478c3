import Glibc

/// This program as another process, whose output and errors come back through one pipe.
final class ChildProcess {
    /// How it ended.
    enum Ending: Equatable {
        case exited(Int32)
        case signaled(Int32)
    }

    private let id: pid_t
    private let output: CInt

    /// Starts `waybill` with arguments, without input; by `posix_spawn`, so without a fork.
    init(ofThisProgram arguments: [String]) throws(CommandFailure) {
        var ends: [CInt] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Self.failure(errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        var words = unsafe (["waybill"] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var child: pid_t = 0
        let code = unsafe posix_spawn(&child, "/proc/self/exe", &actions, nil, &words, environ)
        guard code == 0 else {
            close(ends[0])
            throw Self.failure(code)
        }
        id = child
        output = ends[0]
    }

    deinit { close(output) }

    private static func failure(_ code: CInt) -> CommandFailure {
        CommandFailure(
            .failure,
            "failure",
            "no other process can be started: \(unsafe String(cString: strerror(code))); try again"
        )
    }

    /// What it writes next; nil when it has ended.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            return count > 0 ? Array(buffer[..<count]) : nil
        }
    }

    /// Waits for its end.
    func wait() -> Ending {
        var status: CInt = 0
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signaled(status & 0x7f)
    }
}
