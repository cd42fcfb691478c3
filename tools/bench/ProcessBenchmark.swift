import Glibc

/// What a whole process costs: from its start to its end, as a user waits for it.
enum ProcessBenchmark {
    private static let roundCount = 50

    /// Runs `waybill get stages` on a ledger again and again.
    ///
    /// Memory is the kernel's peak of everything resident, mapped files included, which is more
    /// than what the process has for itself.
    static func run(_ waybill: String, ledger: String) {
        var millis: [Double] = []
        var peakKiB = 0
        for _ in 0..<roundCount {
            let began = ContinuousClock.now
            guard let used = peakResident(of: [waybill, "get", "stages", "--ledger", ledger]) else {
                Output.error("\(waybill) get stages --ledger \(ledger) did not succeed")
                exit(1)
            }
            millis.append((ContinuousClock.now - began) / .milliseconds(1))
            peakKiB = max(peakKiB, used)
        }
        millis.sort()
        let median = millis[roundCount / 2]
        let worst = millis[roundCount - 1]
        Output.line("| what | median ms | worst ms | peak resident MiB | wanted | |")
        Output.line("|---|---|---|---|---|---|")
        let isReached = median < 50 && peakKiB < 40 * 1024
        Output.line(
            "| waybill get stages | \(fixed(median)) | \(fixed(worst)) "
                + "| \(fixed(Double(peakKiB) / 1024)) | 50 ms, 40 MB "
                + "| \(isReached ? "reached" : "missed") |"
        )
    }

    private static func fixed(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }

    /// Runs a program with its output thrown away; its peak resident KiB if it succeeded.
    static func peakResident(of words: [String]) -> Int? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(
            &actions,
            STDOUT_FILENO,
            "/dev/null",
            O_WRONLY,
            0
        )
        var arguments = unsafe words.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, words[0], &actions, nil, arguments, environ)
        guard code == 0 else { return nil }
        var status: CInt = 0
        var usage = rusage()
        while unsafe wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { return nil }
        }
        return status == 0 ? usage.ru_maxrss : nil
    }
}
