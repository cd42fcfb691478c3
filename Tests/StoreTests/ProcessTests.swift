import EventLog
import Glibc
import LMDB
import Testing

@Suite struct ProcessTests {
    /// A closed, empty ledger.
    private func ledger() async throws -> TemporaryDirectory {
        let harness = try LogHarness()
        await harness.log.close()
        return harness.directory
    }

    @Test func `what was acknowledged survives a kill at any moment`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        var generator = SeededGenerator()
        var acknowledged: [String] = []
        for round in 0..<50 {
            let child = try ChildProcess.bench("crash-child", path)
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                guard let line = child.line() else { break }
                acknowledged.append(line)
            }
            // Anywhere in a commit: one takes from a tenth of a millisecond to some of them.
            usleep(UInt32.random(in: 0...3000, using: &generator))
            child.kill()
            acknowledged += child.lines()
            try check(path, acknowledged, "round \(round), seed \(generator.seed)")
        }
        #expect(acknowledged.count > 50)
    }

    /// Every acknowledged command is there as a whole, and the log verifies.
    private func check(_ path: String, _ acknowledged: [String], _ place: String) throws {
        let log = try EventLog.open(at: path, options: LogOptions(clientTables: ["rows"]))
        try log.readTables { (snapshot, tables) throws(EventLogError) in
            for id in acknowledged {
                #expect(
                    try snapshot.receipt(for: CommandID(unchecked: id)) != nil,
                    "\(id), \(place)"
                )
                let row = try? snapshot.reader.value(forKey: Array(id.utf8), in: tables["rows"])
                #expect(row == [1], "\(id), \(place)")
            }
        }
        #expect(try log.verify().isEmpty, "\(place)")
    }

    @Test func `two processes that write by turns make one log`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        let children = try (0..<2).map { _ in try ChildProcess.bench("crash-child", path) }
        var acknowledged: [String] = []
        for _ in 0..<60 {
            for child in children { acknowledged += child.line().map { [$0] } ?? [] }
        }
        for child in children { child.kill() }
        for child in children { acknowledged += child.lines() }
        try check(path, acknowledged, "two writers")
        #expect(Set(acknowledged.map { $0.prefix { $0 != "-" } }).count == 2)
    }

    @Test func `who finds the ledger held is told by whom`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        let child = try ChildProcess.bench("hold-child", path)
        #expect(child.line() == "held")
        var options = LogOptions(clientTables: ["rows"])
        options.lockPatience = .milliseconds(20)
        let log = try EventLog.open(at: path, options: options)
        let error = await #expect(throws: EventLogError.self) {
            try await log.submit(LogHarness.submission("a"))
        }
        guard case .held(path, let holder, .milliseconds(20)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(holder.processID == child.id)
        #expect(holder.command.hasSuffix("bench hold-child \(path)"))
        #expect(
            error?.description.contains("process \(child.id) (\(holder.command)) holds it") == true
        )
        #expect(try log.head().position == .origin)
        child.kill()
        // The kernel gave the lock back.
        #expect(try await log.submit(LogHarness.submission("a")).receipt.last.rawValue == 1)
    }

    @Test func `a session keeps others out until it is closed`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        var options = LogOptions(clientTables: ["rows"])
        options.lockMode = .session
        let log = try EventLog.open(at: path, options: options)
        let lock = try FileLock("writer.lock", in: StoreDirectory(path))
        #expect(!lock.tryLock())
        #expect(lock.holder.processID == getpid())
        _ = try await log.submit(LogHarness.submission("a"))
        #expect(!lock.tryLock())
        await log.close()
        #expect(lock.tryLock())
    }

    @Test func `a follower hears of what another process appends`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        let log = try EventLog.open(at: path, access: .read)
        var heads = try log.follow(after: .origin).makeAsyncIterator()
        let child = try ChildProcess.bench("crash-child", path)
        var seen = Position.origin
        while seen.rawValue < 20, let head = await heads.next() {
            #expect(head.position > seen)
            seen = head.position
        }
        child.kill()
        await log.close()
    }

    @Test func `a full disk is called so, loses nothing, and is got over`() async throws {
        let directory = try TemporaryDirectory()
        let mount = "mount -t tmpfs -o size=4m none \(directory.path)"
        let probe = try ChildProcess(["unshare", "-rm", "sh", "-c", mount])
        guard probe.wait() == 0 else {
            StandardOutput.line("skipped: full disk; no mounts in user namespaces here")
            return
        }
        let script = "\(mount) && exec \(try ChildProcess.benchPath()) fill-child \(directory.path)"
        let lines = try ChildProcess(["unshare", "-rm", "sh", "-c", script]).lines()
        #expect(
            lines == [
                EventLogError.diskFull(path: directory.sub("ledger")).description,
                "all acknowledged", "verified", "resumed",
            ]
        )
    }

    @Test func `a failed flush puts the commit in doubt, and the log stops`() async throws {
        // strace makes the kernel fail, so the whole way from the system call is tried.
        let directory = try await ledger()
        let trace = directory.sub("trace")
        let probe = try ChildProcess(["strace", "-o", trace, "true"])
        guard probe.wait() == 0 else {
            StandardOutput.line("skipped: failed flush; strace cannot trace here")
            return
        }
        for call in ["fdatasync", "pwrite64"] {
            let path = directory.sub("ledger")
            let child = try ChildProcess([
                "strace", "-f", "-o", trace, "-e", "trace=\(call)", "-e",
                "inject=\(call):error=EIO:when=30+", try ChildProcess.benchPath(), "crash-child",
                path,
            ])
            let lines = child.lines()
            #expect(
                lines.contains { $0.contains("inDoubt") || $0.contains("in doubt") },
                "\(lines)"
            )
            try check(path, lines.filter { $0.hasPrefix("c") && $0.contains("-") }, call)
        }
    }
}
