import EventLog
import Glibc
import LMDB
import Testing

@Suite struct OpeningTests {
    private func error(_ body: () throws -> Void) -> EventLogError? {
        do {
            try body()
            return nil
        } catch {
            return error as? EventLogError
        }
    }

    private func openError(_ path: String, _ access: EventLog.Access = .read) -> EventLogError? {
        error { _ = try EventLog.open(at: path, access: access) }
    }

    private func createError(_ path: String) -> EventLogError? {
        error { _ = try EventLog.create(at: path) }
    }

    /// A closed ledger with 40 events.
    private func ledger() async throws -> TemporaryDirectory {
        let harness = try LogHarness()
        for number in 0..<20 {
            try await harness.append("c\(number)", [[1], [UInt8](repeating: 3, count: 3000)])
        }
        await harness.log.close()
        return harness.directory
    }

    @Test func `a directory without a ledger is no ledger`() throws {
        let directory = try TemporaryDirectory()
        #expect(openError(directory.path) == .noLedger(path: directory.path))
        #expect(openError(directory.sub("none")) == .noLedger(path: directory.sub("none")))
        #expect(openError(directory.path, .readWrite) == .noLedger(path: directory.path))
        #expect(try StoreDirectory(directory.path).names().isEmpty)
    }

    @Test func `a file is no ledger's directory`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.sub("file")
        try Files.write([1], to: path)
        #expect(openError(path) == .notADirectory(path: path))
        #expect(createError(path) == .notADirectory(path: path))
        #expect(openError(path + "/deeper") == .notADirectory(path: path + "/deeper"))
        #expect(try Files.bytes(path) == [1])
    }

    @Test func `a ledger is not made over anything`() async throws {
        let directory = try await ledger()
        #expect(
            createError(directory.sub("ledger")) == .ledgerExists(path: directory.sub("ledger"))
        )
        try Files.write([1], to: directory.sub("notes.txt"))
        let error = createError(directory.path)
        guard case .directoryInUse(directory.path, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a ledger is not made where the directory above is missing`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.sub("a/b")
        #expect(createError(path) == .noParentDirectory(path: path))
    }

    @Test func `a ledger on a read-only file system can be read`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        let mount = "mount --bind \(path) \(path) && mount -o remount,ro,bind \(path)"
        let probe = try ChildProcess(["unshare", "-rm", "sh", "-c", mount])
        guard probe.wait() == 0 else {
            StandardOutput.line("skipped: read-only file system; no mounts in user namespaces here")
            return
        }
        let script = "\(mount) && exec \(try ChildProcess.benchPath()) open-child \(path)"
        let lines = try ChildProcess(["unshare", "-rm", "sh", "-c", script]).lines()
        #expect(
            lines == [
                "40 events", EventLogError.readOnlyDirectory(path: path).description,
            ]
        )
    }

    @Test func `a creation that was cut short is taken up`() throws {
        let directory = try TemporaryDirectory()
        Files.makeDirectory(directory.sub("a"))
        try Files.write([], to: directory.sub("a/data.mdb"))
        try Files.write([], to: directory.sub("a/writer.lock"))
        #expect(createError(directory.sub("a")) == nil)
        Files.makeDirectory(directory.sub("b"))
        do {
            _ = try Environment(
                path: directory.sub("b"),
                options: EnvironmentOptions(mapSizeBytes: 1 << 20, creates: true)
            )
        }
        #expect(openError(directory.sub("b")) == .noLedger(path: directory.sub("b")))
        #expect(createError(directory.sub("b")) == nil)
    }

    @Test func `a ledger keeps its name, its size and its events`() async throws {
        let harness = try LogHarness()
        try await harness.append("a", [[1], [2]])
        let (id, path) = (harness.log.id, harness.path)
        #expect(openError(path) == .alreadyOpen(path: path))
        await harness.log.close()
        let text = try StoreDirectory(path).text(of: "map-size")
        #expect(text == "\(1 << 30)\n")
        #expect(id.text.utf8.count == 36)
    }

    @Test func `another process reads what this one writes`() async throws {
        let directory = try await ledger()
        let log = try EventLog.open(at: directory.sub("ledger"), access: .read)
        #expect(try log.head().position == Position(rawValue: 40))
        #expect(try log.statistics().mapSizeBytes == 1 << 30)
        await #expect(throws: EventLogError.openForReading(path: directory.sub("ledger"))) {
            try await log.submit(LogHarness.submission("x"))
        }
    }

    @Test(arguments: ["minimum-reader", "minimum-writer"])
    func `a ledger of a newer format names the format that it needs`(row: String) async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        try setMeta(row, "7", path)
        let expected = EventLogError.newerFormat(path: path, needs: 7, supports: 1)
        #expect(openError(path, .readWrite) == expected)
        // A format that only writers must know can still be read.
        #expect(openError(path, .read) == (row == "minimum-reader" ? expected : nil))
    }

    private func setMeta(_ row: String, _ text: String, _ path: String) throws {
        let environment = try Environment(path: path, options: EnvironmentOptions())
        let meta = try environment.openTable("meta", .bytes)
        let (key, value) = (Array(row.utf8), Array(text.utf8))
        try environment.write { (transaction) throws(LMDBError) in
            try transaction.put(value.span, forKey: key.span, in: meta)
        }
    }

    @Test func `any flipped byte of a meta page is noticed or does not matter`() async throws {
        let directory = try await ledger()
        let data = directory.sub("ledger/data.mdb")
        let whole = try Files.bytes(data)
        for page in [0, 4096] {
            for offset in 0..<152 {
                for mask in [0x01, 0x80, 0xff] as [UInt8] {
                    var bytes = whole
                    bytes[page + offset] ^= mask
                    try Files.write(bytes, to: data)
                    // In a process of its own: what is not noticed may kill it.
                    let file = DataFileCheck(directory: directory.sub("ledger"))
                    if let error = file.error() {
                        #expect("\(error)".hasPrefix("cannot open"), "byte \(page + offset)")
                    } else {
                        #expect(!DataFileCheck.deadly.contains(offset), "byte \(page + offset)")
                    }
                }
            }
        }
    }

    @Test func `a data file that was cut off is refused at every length`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        let whole = try Files.bytes(path + "/data.mdb")
        for pages in 0..<whole.count / 4096 {
            for extra in [0, 1, 2000] {
                try Files.write(Array(whole.prefix(pages * 4096 + extra)), to: path + "/data.mdb")
                guard case .truncated = openError(path) else {
                    Issue.record("\(pages) pages: \(String(describing: openError(path)))")
                    return
                }
            }
        }
        try Files.write(whole, to: path + "/data.mdb")
        #expect(openError(path) == nil)
    }

    @Test func `a file that is no database is called so`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        try Files.write([UInt8](repeating: 0x41, count: 20_000), to: path + "/data.mdb")
        guard case .damaged(path, let what) = openError(path) else {
            Issue.record("\(String(describing: openError(path)))")
            return
        }
        #expect(what.contains("meta page"))
    }

    @Test func `an end that disagrees with the log is noticed when opening`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        do {
            let log = try EventLog.open(at: path)
            try log.vandalise("headers", .positions) { (transaction, table) throws(LMDBError) in
                let value: [UInt8] = [0x08, 0x28]
                try transaction.put(value.span, forKey: 40, in: table)
            }
            await log.close()
        }
        guard case .damaged = openError(path) else {
            Issue.record("\(String(describing: openError(path)))")
            return
        }
    }

    @Test func `who may not write the directory is told so`() async throws {
        let directory = try await ledger()
        let path = directory.sub("ledger")
        for name in ["", "/data.mdb", "/lock.mdb", "/writer.lock", "/map-size"] {
            let mode: mode_t = name.isEmpty ? 0o555 : 0o444
            unsafe chmod(path + name, mode)
        }
        unsafe chmod(directory.path, 0o755)
        let exit = await #expect(
            processExitsWith: .success,
            observing: [\.standardOutputContent]
        ) { [path = path as String] in
            // As nobody: the super-user may write everything.
            if geteuid() == 0 { seteuid(65534) }
            for access in [EventLog.Access.read, .readWrite] {
                do throws(EventLogError) {
                    _ = try EventLog.open(at: path, access: access)
                    StandardOutput.line("opened")
                } catch {
                    StandardOutput.line("\(error)")
                }
            }
            do throws(EventLogError) {
                _ = try EventLog.create(at: path + "/new")
                StandardOutput.line("created")
            } catch {
                StandardOutput.line("\(error)")
            }
        }
        let text = String(decoding: exit?.standardOutputContent ?? [], as: UTF8.self)
        #expect(text.contains("cannot open the ledger in \(path): permission denied"))
        #expect(text.contains("cannot write the ledger in \(path): the directory is read-only"))
        #expect(text.contains("cannot write the ledger in \(path)/new: the directory is read-only"))
    }
}

/// The check of a data file before it is mapped, alone.
private struct DataFileCheck {
    let directory: String

    /// Bytes of a meta page that end a process that trusts them: page size, roots, last page.
    static let deadly = Array(16..<24) + Array(40..<44)

    func error() -> LMDBError? {
        Environment.dataFileError(in: directory)
    }
}

/// Standard output of an exit test's process.
enum StandardOutput {
    static func line(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
