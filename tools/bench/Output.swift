import Glibc

/// Standard output and error, unbuffered: a child's last line counts even if it is killed.
enum Output {
    static func line(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    static func error(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to file: CInt) {
        let bytes = Array(text.utf8)
        // One call: short lines of several tasks do not mix.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
    }
}
