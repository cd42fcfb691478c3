import Glibc

/// Where errors and notices go.
enum StandardError {
    /// Writes a line.
    static func write(_ line: String) {
        Output.write(line + "\n", to: STDERR_FILENO)
    }
}

/// Where answers go.
enum Output {
    /// Writes a line to standard output.
    static func line(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Writes text as it is to standard output.
    static func text(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// Writes bytes as they are to standard output.
    static func bytes(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe write($0, to: STDOUT_FILENO) }
    }

    /// Whether somebody looks at standard output directly.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    fileprivate static func write(_ text: String, to file: CInt) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { unsafe write($0, to: file) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: CInt) {
        var start = 0
        while start < bytes.count {
            let rest = unsafe bytes.baseAddress.map { unsafe $0 + start }
            let count = unsafe Glibc.write(file, rest, bytes.count - start)
            if count < 0 {
                if errno == EINTR { continue }
                // Nobody reads any more: what a pipe's writer does then is end, quietly.
                if errno == EPIPE { exit(0) }
                let reason = unsafe String(cString: strerror(errno))
                // Where errors cannot be written either, the exit code has to do.
                if file != STDERR_FILENO {
                    StandardError.write(
                        "waybill: the answer cannot be written: \(reason); "
                            + "make room, or write elsewhere"
                    )
                }
                exit(1)
            }
            start += count
        }
    }
}

/// The arguments of the process, as text.
enum ProcessArguments {
    /// All arguments but the program's name.
    ///
    /// - Throws: if one is not UTF-8: it would be recorded as something else than was typed.
    static func checked() throws(CommandFailure) -> [String] {
        var arguments: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let pointer = unsafe CommandLine.unsafeArgv[index] else { break }
            guard let text = unsafe String(validatingCString: pointer) else {
                throw .usage("argument \(index) is not UTF-8; write it in UTF-8")
            }
            arguments.append(text)
        }
        return arguments
    }
}
