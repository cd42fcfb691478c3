import EventLog
import Glibc
import LMDB
import Synchronization
import Testing

@Suite struct AppendingTests {
    @Test func `events are numbered from 1 and are read back as they were appended`() async throws {
        let harness = try LogHarness()
        let receipt = try await harness.append("first", [[1], [], [3, 3]]).receipt
        #expect(receipt.first == Position(rawValue: 1))
        #expect(receipt.last == Position(rawValue: 3))
        #expect(!receipt.isDuplicate)
        try harness.log.read { (snapshot) throws(EventLogError) in
            #expect(snapshot.head.position == receipt.last)
            #expect(snapshot.root == receipt.root)
            let event = try snapshot.event(at: Position(rawValue: 3))
            #expect(event.payload == [3, 3])
            #expect(event.header.indexInCommand == 2)
            #expect(event.header.contentHash == nil)
            #expect(event.header.subject == "stage/uat")
            #expect(try snapshot.header(at: Position(rawValue: 1)).contentHash != nil)
            #expect(try snapshot.payload(at: Position(rawValue: 2)) == [])
        }
        try harness.check()
    }

    @Test func `a header keeps every field`() async throws {
        let harness = try LogHarness()
        var event = LogHarness.event([9])
        event.typeVersion = 3
        event.cause = Position(rawValue: 1)
        event.occurred = Timestamp(rawValue: -5)
        event.source = EventSource(system: "kargo", uid: "abc-1")
        event.actor = EventActor(name: "ünïcode", assurance: .oidc)
        let copy = event
        _ = try await harness.append("before")
        _ = try await harness.log.submit(
            Submission<Never>(
                commandID: CommandID(unchecked: "c"),
                contentHash: LogHarness.hash("c")
            ) { (scope) throws(EventLogError) in
                let header = try scope.append(copy)
                #expect(header.position == Position(rawValue: 2))
                return .append
            }
        )
        let header = try harness.log.read { (snapshot) throws(EventLogError) in
            try snapshot.header(at: Position(rawValue: 2))
        }
        #expect(header.typeVersion == 3)
        #expect(header.cause == Position(rawValue: 1))
        #expect(header.occurred == Timestamp(rawValue: -5))
        #expect(header.source == event.source)
        #expect(header.actor == event.actor)
        #expect(header.contentHash == LogHarness.hash("c"))
        #expect(header.recorded == harness.clock.now)
        #expect(header.wallClock == nil)
    }

    @Test func `protoc reads a header by the published schema`() async throws {
        let harness = try LogHarness()
        try await harness.append("the-id")
        guard unsafe access("/usr/bin/protoc", X_OK) == 0 else {
            StandardOutput.line("skipped: header schema; protoc is not installed")
            return
        }
        let bytes = try harness.log.read { (snapshot) throws(EventLogError) in
            try snapshot.headerBytes(at: Position(rawValue: 1))
        }
        let schema = "syntax = \"proto3\";\n" + Header.schema
        try Files.write(Array(schema.utf8), to: harness.directory.sub("header.proto"))
        try Files.write(bytes, to: harness.directory.sub("header"))
        let script =
            "cd \(harness.directory.path) && protoc --decode=Header header.proto < header"
        let lines = try ChildProcess(["sh", "-c", script]).lines()
        for line in [
            "position: 1", "recorded_ms: 1700000000000", "type: 7", "type_version: 1",
            "project: \"shop\"", "subject: \"stage/uat\"", "actor_name: \"operator\"",
            "assurance: ASSURANCE_ASSERTED", "command_id: \"the-id\"",
        ] {
            #expect(lines.contains(line), "\(lines)")
        }
        #expect(lines.contains { $0.hasPrefix("payload_hash: ") })
        #expect(lines.contains { $0.hasPrefix("content_hash: ") })
        #expect(lines.count == 11)
    }

    @Test func `the recorded time never runs backward, and the wall clock is kept`() async throws {
        let harness = try LogHarness(clock: TestClock(5000))
        _ = try await harness.append("a")
        harness.clock.set(1000)
        _ = try await harness.append("b")
        harness.clock.set(9000)
        _ = try await harness.append("c")
        let headers = try harness.headers()
        #expect(headers.map(\.recorded.rawValue) == [5000, 5000, 9000])
        #expect(headers.map(\.wallClock?.rawValue) == [nil, 1000, nil])
        #expect(headers[1].clockTime == Timestamp(rawValue: 1000))
        try harness.check()
    }

    @Test func `the position at a time is the last one recorded by then`() async throws {
        let harness = try LogHarness(clock: TestClock(0))
        func position(_ time: Int64) throws -> UInt64 {
            try harness.log.read { (snapshot) throws(EventLogError) in
                try snapshot.position(atOrBefore: Timestamp(rawValue: time)).rawValue
            }
        }
        #expect(try position(10) == 0)
        let times: [Int64] = [10, 20, 20, 20, 35, 50, 50]
        for (index, time) in times.enumerated() {
            harness.clock.set(time)
            _ = try await harness.append("c\(index)")
        }
        for time in 0...60 as ClosedRange<Int64> {
            #expect(try position(time) == UInt64(times.count { $0 <= time }))
        }
    }

    @Test func `a refused or quiet command leaves nothing and does not disturb its neighbours`()
        async throws
    {
        let harness = try LogHarness()
        func submission(_ number: Int) -> Submission<String> {
            Submission(
                commandID: CommandID(unchecked: "c\(number)"),
                contentHash: LogHarness.hash("x")
            ) { (scope) throws(EventLogError) in
                if number % 3 == 1 { return .refuse("no \(number)") }
                if number % 3 == 2 { return .quiet }
                try scope.append(LogHarness.event([UInt8(number)]))
                return .append
            }
        }
        let outcomes = try await withThrowingTaskGroup { group in
            for number in 0..<30 {
                group.addTask { (number, try await harness.log.submit(submission(number))) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (number, outcome) in outcomes {
            switch (number % 3, outcome) {
            case (0, .accepted), (2, .quiet): break
            case (1, .refused(let text)): #expect(text == "no \(number)")
            default: Issue.record("\(number): \(outcome)")
            }
        }
        #expect(try harness.size == 10)
        #expect(try harness.receipt("c1") == nil)
        #expect(try harness.receipt("c2") == nil)
        try harness.check()
    }

    @Test func `rows that a command puts are committed with its events`() async throws {
        let harness = try LogHarness()
        _ = try await harness.log.submit(
            Submission<Never>(
                commandID: CommandID(unchecked: "c"),
                contentHash: LogHarness.hash("c")
            ) { (scope) throws(EventLogError) in
                let table = scope.clientTables["rows"]
                try scope.append(LogHarness.event([1]))
                try scope.put([4, 5], forKey: [1, 2], in: table)
                let own = try? scope.reader.value(forKey: [1, 2], in: table)
                #expect(own == [4, 5])
                #expect(scope.nextPosition == Position(rawValue: 2))
                return .append
            }
        )
        let value = try harness.log.readTables { (snapshot, tables) throws(EventLogError) in
            try? snapshot.reader.value(forKey: [1, 2], in: tables["rows"])
        }
        #expect(value == [4, 5])
    }

    @Test func `many who submit at once share few commits`() async throws {
        let harness = try LogHarness()
        try await withThrowingTaskGroup { group in
            for number in 0..<500 {
                group.addTask { _ = try await harness.append("c\(number)") }
            }
            try await group.waitForAll()
        }
        #expect(try harness.size == 500)
        #expect(harness.log.commitCount < 250, "\(harness.log.commitCount) commits")
        try harness.check()
    }

    @Test func `a batch stops where its limits are reached, and the rest follows`() async throws {
        var options = LogOptions(clientTables: ["rows"])
        options.limits.batchEventCountMax = 4
        let harness = try LogHarness(options)
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask { _ = try await harness.append("c\(number)", [[1], [2]]) }
            }
            try await group.waitForAll()
        }
        #expect(try harness.size == 80)
        #expect(harness.log.commitCount >= 20)
        try harness.check()
    }

    @Test func `headers and events are read forward and backward, in part, until one has enough`()
        async throws
    {
        let harness = try LogHarness()
        _ = try await harness.append("c", (0..<50).map { [UInt8($0)] })
        try harness.log.read { (snapshot) throws(EventLogError) in
            var seen: [UInt64] = []
            try snapshot.forEachHeader(
                from: Position(rawValue: 10),
                through: Position(rawValue: 13)
            ) { (header) throws(EventLogError) in
                seen.append(header.position.rawValue)
                return true
            }
            #expect(seen == [10, 11, 12, 13])
            var payloads: [UInt8] = []
            try snapshot.forEachEvent(reverse: true) { (event) throws(EventLogError) in
                payloads += event.payload ?? []
                return payloads.count < 3
            }
            #expect(payloads == [49, 48, 47])
            try snapshot.forEachHeader(from: Position(rawValue: 51)) {
                (header) throws(EventLogError) in
                Issue.record("there is no \(header.position)")
                return true
            }
            #expect(throws: EventLogError.closed(path: "mine")) {
                try snapshot.forEachEvent { (event) throws(EventLogError) in
                    throw .closed(path: "mine")
                }
            }
        }
    }

    @Test func `a position that is not in the log is refused`() async throws {
        let harness = try LogHarness()
        _ = try await harness.append("c")
        for position in [0, 2, UInt64.max] {
            let position = Position(rawValue: position)
            #expect(
                throws: EventLogError.noSuchPosition(position, last: Position(rawValue: 1))
            ) {
                try harness.log.read { (snapshot) throws(EventLogError) in
                    try snapshot.header(at: position)
                }
            }
        }
    }

    @Test func `the root of every past size is the tree hash of that prefix`() async throws {
        let harness = try LogHarness()
        for number in 0..<20 {
            _ = try await harness.append("c\(number)", (0..<15).map { [UInt8($0), UInt8(number)] })
        }
        try harness.log.read { (snapshot) throws(EventLogError) in
            var leaves: [Digest] = []
            for position in 1...300 as ClosedRange<UInt64> {
                let bytes = try snapshot.headerBytes(at: Position(rawValue: position))
                leaves.append(.leaf(bytes.span))
            }
            for size in 0...300 {
                #expect(
                    try snapshot.root(at: Position(rawValue: UInt64(size)))
                        == naiveRoot(leaves[..<size])
                )
            }
        }
    }

    @Test func `a follower hears of every growth, and of what it has missed`() async throws {
        let harness = try LogHarness()
        _ = try await harness.append("a")
        var heads = try harness.log.follow(after: .origin).makeAsyncIterator()
        #expect(await heads.next()?.position == Position(rawValue: 1))
        _ = try await harness.append("b")
        #expect(await heads.next()?.position == Position(rawValue: 2))
        var late = try harness.log.follow(after: Position(rawValue: 2)).makeAsyncIterator()
        _ = try await harness.append("c")
        #expect(await late.next()?.position == Position(rawValue: 3))
        await harness.log.close()
        #expect(await late.next() == nil)
    }

    @Test func `a closed log refuses submissions`() async throws {
        let harness = try LogHarness()
        _ = try await harness.append("a")
        await harness.log.close()
        await #expect(throws: EventLogError.closed(path: harness.path)) {
            try await harness.append("b")
        }
        #expect(try harness.size == 1)
    }
}

extension LogHarness {
    /// All headers.
    func headers() throws -> [Header] {
        try log.read { (snapshot) throws(EventLogError) in
            var headers: [Header] = []
            try snapshot.forEachHeader { (header) throws(EventLogError) in
                headers.append(header)
                return true
            }
            return headers
        }
    }

    /// What was accepted under a command id.
    func receipt(_ id: String) throws -> Receipt? {
        try log.read { (snapshot) throws(EventLogError) in
            try snapshot.receipt(for: CommandID(unchecked: id))
        }
    }
}
