import EventLog
import Glibc
import LMDB
import Synchronization
import Testing

/// Verification of what is being written: it looks at one moment, whatever comes after.
@Suite struct VerifyingWhileWriting {
    @Test func `a log that this process writes meanwhile is sound each time`() async throws {
        let harness = try LogHarness()
        try await harness.append("first")
        let writer = Task {
            for number in 0..<300 {
                let payload = [UInt8](repeating: 7, count: number % 20 == 0 ? 9000 : 200)
                try await harness.append("c\(number)", [payload, payload])
            }
        }
        var sizes: Set<UInt64> = []
        while try harness.size < 601 {
            let result = try harness.log.inspect { (inspection) throws(EventLogError) in
                inspection.verify(clientTables: ["rows"], partLevel: 4)
            }
            #expect(result.findings.isEmpty, "\(result.findings.findings)")
            sizes.insert(result.eventCount)
            await Task.yield()
        }
        try await writer.value
        #expect(!sizes.isEmpty)
    }

    @Test func `a log that another process writes meanwhile is sound each time`() async throws {
        let harness = try LogHarness()
        await harness.log.close()
        let child = try ChildProcess.bench("crash-child", harness.path)
        defer { child.kill() }
        for _ in 0..<40 {
            for _ in 0..<5 { _ = child.line() }
            let result = try harness.log.inspect { (inspection) throws(EventLogError) in
                inspection.verify(clientTables: ["rows"])
            }
            #expect(result.findings.isEmpty, "\(result.findings.findings)")
        }
    }

    @Test func `pages that an old reader keeps are accounted for`() async throws {
        let harness = try LogHarness()
        for number in 0..<50 { try await harness.append("a\(number)") }
        let isHeld = Mutex(true)
        let log = harness.log
        let reader = Task.detached {
            try log.read { (snapshot) throws(EventLogError) in
                while isHeld.withLock({ $0 }) { usleep(1000) }
                return snapshot.head.position.rawValue
            }
        }
        while try log.statistics().readerCount < 2 { await Task.yield() }
        for number in 0..<50 { try await harness.append("b\(number)") }
        try harness.check()
        isHeld.withLock { $0 = false }
        #expect(try await reader.value == 50)
        try harness.check()
    }
}
