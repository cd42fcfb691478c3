/// How much time and output one run of git may take.
package struct GitLimits: Sendable {
    package var duration: Duration = .seconds(300)
    /// 100 commits of a discovery are well under 1 MiB; a whole values file is under this too.
    package var outputByteCountMax = 16 << 20
    package var errorByteCountMax = 1 << 20
    /// What is kept of one record of ``GitProgram/records(_:in:separatedBy:input:from:_:)``.
    package var recordByteCountMax = 1 << 16

    package init() {}

    /// The same limits with another duration.
    package func lasting(_ duration: Duration) -> GitLimits {
        var limits = self
        limits.duration = duration
        return limits
    }
}

/// What a run of git came to.
package struct GitResult: Sendable {
    package let operation: String
    /// 0 is success; 128 and more is git giving up, or a signal.
    package let status: Int
    package let output: String
    package let errorOutput: String

    /// The result of a run that wrote these texts.
    package init(operation: String, status: Int, output: String, errorOutput: String) {
        self.operation = operation
        self.status = status
        self.output = output
        self.errorOutput = errorOutput
    }

    /// The run as an error, whatever its status.
    package var failure: GitError {
        let lines = errorOutput.split(separator: "\n").map(String.init)
        // Which reference was refused and why says more than that pushing failed.
        let markedIndex =
            lines.lastIndex { $0.hasPrefix(" ! [") }
            ?? lines.lastIndex { line in
                ["fatal: ", "error: ", "ERROR: "].contains { line.hasPrefix($0) }
            }
        var message = lines.last ?? "it gave exit status \(status) and no message"
        if let markedIndex {
            message = lines[markedIndex]
            // What ssh said before tells why; this line only that it did not work.
            if message == "fatal: Could not read from remote repository.", markedIndex > 0 {
                message = lines[markedIndex - 1]
            }
        }
        if !message.hasPrefix("remote: ") { message += Self.saidByRepository(lines) }
        return .failed(operation: operation, message: GitError.presentable(message))
    }

    /// The last words of the other side, such as those of a hook that refuses a push.
    private static func saidByRepository(_ lines: [String]) -> String {
        let said = lines.filter { $0.hasPrefix("remote: ") }
            .map { $0.dropFirst(8).trimmingSpaces }.filter { !$0.isEmpty }
        guard !said.isEmpty else { return "" }
        return "; the repository says: " + said.suffix(2).joined(separator: " ")
    }
}

extension Substring {
    /// It without spaces at its ends.
    fileprivate var trimmingSpaces: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
