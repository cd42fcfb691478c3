import EventLog
import Glibc

/// What a verification came to.
struct VerificationReport {
    var findings: [VerificationFinding] = []
    var omitted: [OmittedFindings] = []
    var summary = VerificationSummary()
    /// What was to be compared, and was not, because the log is not sound.
    var skipped: [String] = []
}

/// Verifies a ledger in a process of its own.
struct VerificationWorker {
    private let arguments: [String]

    /// A verification of the ledger in a directory; `scratch` is an empty one for its store.
    init(_ path: String, _ what: VerificationOptions, _ scratch: String?) {
        var arguments = ["ledger", "verify-worker", "--ledger", path]
        if what.quick { arguments.append("--quick") }
        if what.projections { arguments.append("--projections") }
        // With an equals sign, a name may begin with a dash.
        arguments += what.against.map { "--against=\($0)" }
        if let scratch { arguments.append("--scratch=\(scratch)") }
        self.arguments = arguments
    }

    /// Runs the process; its end is a part of the report.
    ///
    /// - Throws: what it says why it could not check, if nothing else is wrong.
    func run(_ progress: ProgressBar) throws -> VerificationReport {
        let child = try ChildProcess(ofThisProgram: arguments)
        var listener = VerificationListener()
        while let bytes = child.read() {
            listener.hear(bytes)
            if let (done, size) = listener.progress { progress.show(done, of: size) }
        }
        listener.end(child.wait())
        if let failure = listener.failure, listener.report.findings.isEmpty { throw failure }
        return listener.report
    }
}

/// Hears what the process says, and makes a report of it.
struct VerificationListener {
    private(set) var report = VerificationReport()
    private(set) var progress: (done: UInt64, size: UInt64)?
    /// Why the ledger could not be checked, or not to the end.
    private(set) var failure: CommandFailure?
    private var phase = "its meta pages"
    private var isDone = false
    private var rest: [UInt8] = []
    /// The last line that is no message: what the C library or the runtime says of a crash.
    private var complaint = ""

    mutating func hear(_ bytes: [UInt8]) {
        rest += bytes
        var start = 0
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[start..<end], as: UTF8.self)
            if let message = VerificationMessage(line: line) {
                hear(message)
            } else if !line.isEmpty {
                complaint = ": " + line.prefix(Self.complaintCountMax)
            }
            start = end + 1
        }
        rest.removeFirst(start)
    }

    private static let complaintCountMax = 400

    private mutating func hear(_ message: VerificationMessage) {
        switch message {
        case .phase(let name): phase = name
        case .progress(let done, let size): progress = (done, size)
        case .finding(let finding): report.findings.append(finding)
        case .omitted(let omitted): report.omitted.append(omitted)
        case .notCompared: report.skipped.append("projections")
        case .failure(let failure):
            self.failure = failure
            isDone = true
        case .done(let summary):
            report.summary = summary
            isDone = true
        }
    }

    /// The process has ended.
    ///
    /// Signals that a rotten file causes are a finding; others say nothing about the ledger.
    mutating func end(_ ending: ChildProcess.Ending) {
        switch ending {
        case .signaled(let signal):
            guard let name = Self.crashes[signal] else {
                failure = unfinished("was ended by signal \(signal)")
                return
            }
            report.findings.append(
                VerificationFinding(
                    table: "data.mdb",
                    rule: "crash",
                    what: "crashed the check (\(name)) when it looked at \(phase)\(complaint)"
                )
            )
        case .exited where isDone: return
        case .exited(let code): failure = unfinished("ended with \(code)\(complaint)")
        }
    }

    private func unfinished(_ how: String) -> CommandFailure {
        CommandFailure(
            .failure,
            "failure",
            "the check \(how) before it was done; run waybill ledger verify again"
        )
    }

    private static let crashes: [Int32: String] = [
        SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGABRT: "SIGABRT", SIGILL: "SIGILL",
        SIGFPE: "SIGFPE", SIGTRAP: "SIGTRAP",
    ]
}
