import EventLog
import Glibc
import LMDB
import Synchronization
import Testing
import Transparency

/// What a ledger signs, and what it never signs.
@Suite struct SignerTests {
    private func signed(_ harness: LogHarness) async throws -> (CheckpointSigner, SignedNote) {
        let signer = CheckpointSigner(harness.log)
        _ = try await signer.makeKey(origin: "example.com/log")
        try await harness.append("one")
        return (signer, try await signer.sign())
    }

    private func failure(_ signer: CheckpointSigner) async throws -> TransparencyError {
        let note: SignedNote
        do throws(TransparencyError) {
            note = try await signer.sign()
        } catch {
            return error
        }
        throw TestFailure("it signed \(note.text)")
    }

    @Test func `the key is the owner's alone, and the ledger names its public half`() async throws {
        let harness = try LogHarness()
        let key = try await CheckpointSigner(harness.log).makeKey()
        #expect(key.name == "waybill/\(harness.log.id)")
        var status = stat()
        #expect(unsafe stat(harness.path + "/signing.key", &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        let known = try harness.log.read { (snapshot) throws(TransparencyError) in
            try snapshot.verifierKeys()
        }
        #expect(known == [key])
    }

    @Test func `a checkpoint is kept in the ledger and beside the key, and signed once`()
        async throws
    {
        let harness = try LogHarness()
        let (signer, note) = try await signed(harness)
        let beside = String(
            decoding: try Files.bytes(harness.path + "/checkpoint"),
            as: UTF8.self
        )
        #expect(beside == note.encoded)
        let stored = try harness.log.read { (snapshot) throws(TransparencyError) in
            try snapshot.lastCheckpoint()
        }
        #expect(stored == note)
        let commits = harness.log.commitCount
        #expect(try await signer.sign() == note)
        #expect(harness.log.commitCount == commits)
        try await harness.append("two")
        let next = try await signer.sign()
        #expect(try next.checkpoint().size == 2)
        try harness.check()
    }

    @Test func `a key that others may read is refused, whatever it is to sign`() async throws {
        for mode in [0o640, 0o604, 0o620, 0o601, 0o660] as [mode_t] {
            let harness = try LogHarness()
            let (signer, _) = try await signed(harness)
            #expect(unsafe chmod(harness.path + "/signing.key", mode) == 0)
            let error = try await failure(signer)
            #expect(
                error == .keyReadable(path: harness.path + "/signing.key", mode: UInt32(mode))
            )
        }
    }

    @Test func `an older copy of the ledger signs nothing`() async throws {
        let harness = try LogHarness()
        let (signer, _) = try await signed(harness)
        let older = try Files.bytes(harness.path + "/data.mdb")
        try await harness.append("two")
        _ = try await signer.sign()
        await harness.log.close()
        let copy = harness.directory.sub("copy")
        Files.makeDirectory(copy)
        try Files.write(older, to: copy + "/data.mdb")
        for name in ["signing.key", "checkpoint", "map-size"] {
            try Files.write(try Files.bytes("\(harness.path)/\(name)"), to: "\(copy)/\(name)")
        }
        #expect(unsafe chmod(copy + "/signing.key", 0o600) == 0)
        let log = try EventLog.open(at: copy, options: LogOptions(clientTables: ["rows"]))
        let restored = CheckpointSigner(log)
        #expect(try await failure(restored) == .olderThanSigned(path: copy, signed: 2, size: 1))
        // Another history of the same length is no better.
        _ = try await log.submit(LogHarness.submission("other", [[9]]))
        #expect(try await failure(restored) == .otherThanSigned(path: copy, signed: 2))
        // As another log it may go on.
        _ = try await restored.makeKey(origin: "example.com/second")
        #expect(try await restored.sign().checkpoint().origin == "example.com/second")
        #expect(try StoreDirectory(copy).names().contains { $0.hasPrefix("signing.key.") })
    }

    @Test func `without the last checkpoint beside the key nothing is signed`() async throws {
        let harness = try LogHarness()
        let (signer, note) = try await signed(harness)
        #expect(unsafe unlink(harness.path + "/checkpoint") == 0)
        let path = harness.path + "/checkpoint"
        #expect(try await failure(signer) == .lastCheckpointMissing(path: path))
        try Files.write(Array("rubbish".utf8), to: path)
        guard case .lastCheckpointUnusable = try await failure(signer) else {
            throw TestFailure("rubbish was taken")
        }
        try Files.write(Array(note.encoded.utf8), to: path)
        #expect(try await signer.sign() == note)
    }

    @Test(arguments: [FaultInjection.Point.begin, .commit])
    func `where the row cannot be written nothing is handed out, and the next one extends both`(
        _ point: FaultInjection.Point
    ) async throws {
        let isFailing = Mutex(false)
        var options = LogOptions(clientTables: ["rows"])
        options.faults = FaultInjection { at in
            at == point && isFailing.withLock { $0 } ? .diskFull : nil
        }
        let harness = try LogHarness(options)
        let (signer, note) = try await signed(harness)
        try await harness.append("two")
        isFailing.withLock { $0 = true }
        guard case .log(.diskFull) = try await failure(signer) else {
            throw TestFailure("the disk is full")
        }
        isFailing.withLock { $0 = false }
        // As after a crash between the two: the file is ahead of the row.
        let beside = try SignedNote(parsing: Files.bytes(harness.path + "/checkpoint"))
        let stored = try harness.log.read { (snapshot) throws(TransparencyError) in
            try snapshot.lastCheckpoint()
        }
        #expect(try beside.checkpoint().size == 2)
        #expect(stored == note)
        #expect(try await signer.sign() == beside)
        try await harness.append("three")
        #expect(try await signer.sign().checkpoint().size == 3)
    }

    @Test func `a lost key is replaced under the same name, bound by what the old one signed`()
        async throws
    {
        let harness = try LogHarness()
        let (signer, note) = try await signed(harness)
        #expect(unsafe unlink(harness.path + "/signing.key") == 0)
        #expect(
            try await failure(signer) == .keyMissing(path: harness.path + "/signing.key")
        )
        let key = try await signer.makeKey()
        #expect(key.name == "example.com/log")
        let again = try await signer.sign()
        #expect(try again.checkpoint() == note.checkpoint())
        #expect(try again.verified(by: [key]) == key)
        // Proofs to what the old key signed are still made.
        let size = try harness.log.read { (snapshot) throws(TransparencyError) in
            try snapshot.signedCheckpoint(note).size
        }
        #expect(size == 1)
    }

    @Test func `a key is not made where there is one`() async throws {
        let harness = try LogHarness()
        let (signer, _) = try await signed(harness)
        for origin in [nil, "example.com/log"] {
            await #expect(throws: TransparencyError.self) {
                try await signer.makeKey(origin: origin)
            }
        }
        await #expect(throws: TransparencyError.badOrigin("a b")) {
            try await signer.makeKey(origin: "a b")
        }
        let second = try await signer.makeKey(origin: "example.com/second")
        // Back to a name that it had would contradict what was signed in between.
        await #expect(throws: TransparencyError.self) {
            try await signer.makeKey(origin: "example.com/log")
        }
        #expect(try await signer.sign().verified(by: [second]) == second)
    }

    @Test func `a key whose making was cut short is taken up`() async throws {
        let harness = try LogHarness()
        let key = try #require(SigningKey(name: "waybill/\(harness.log.id)"))
        try Files.write(Array(key.secretText.utf8), to: harness.path + "/signing.key")
        #expect(unsafe chmod(harness.path + "/signing.key", 0o600) == 0)
        let signer = CheckpointSigner(harness.log)
        guard case .keyUnusable = try await failure(signer) else {
            throw TestFailure("the ledger does not name the key")
        }
        #expect(try await signer.makeKey() == key.verifier)
        #expect(try await signer.sign().checkpoint().size == 0)
    }

    @Test func `another ledger's key signs nothing`() async throws {
        let one = try LogHarness()
        let two = try LogHarness()
        let (signer, _) = try await signed(one)
        _ = try await signed(two)
        let key = try Files.bytes(two.path + "/signing.key")
        try Files.write(key, to: one.path + "/signing.key")
        guard case .keyUnusable = try await failure(signer) else {
            throw TestFailure("it signed with another ledger's key")
        }
    }

    @Test func `many who sign and append at once contradict each other never`() async throws {
        let harness = try LogHarness()
        let (signer, first) = try await signed(harness)
        let notes = try await withThrowingTaskGroup(of: SignedNote?.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try await harness.append("command-\(number)")
                    return number % 2 == 0 ? try await signer.sign() : nil
                }
            }
            return try await group.reduce(into: [first]) { notes, note in
                if let note { notes.append(note) }
            }
        }
        try harness.log.read { (snapshot) throws(TransparencyError) in
            for note in notes { _ = try snapshot.signedCheckpoint(note) }
        }
        try harness.check()
    }
}
