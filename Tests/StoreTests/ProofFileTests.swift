import EventLog
import Testing
import Transparency

/// The files that prove something to somebody who has neither Waybill nor the ledger.
@Suite struct ProofFileTests {
    /// A log of 21 events with a key, checkpoints at 8, 13 and 21, and their notes.
    private struct Fixture {
        let harness: LogHarness
        let key: VerifierKey
        let notes: [SignedNote]

        init() async throws {
            harness = try LogHarness()
            let signer = CheckpointSigner(harness.log)
            key = try await signer.makeKey(origin: "example.com/log")
            var notes: [SignedNote] = []
            for number in 1...21 {
                try await harness.append("command-\(number)", [[UInt8(number), 7]])
                if [8, 13, 21].contains(number) { notes.append(try await signer.sign()) }
            }
            self.notes = notes
        }

        func read<T>(_ body: (LogSnapshot) throws(TransparencyError) -> T) throws -> T {
            try harness.log.read { (snapshot) throws(TransparencyError) in try body(snapshot) }
        }
    }

    @Test func `every event is proved to every checkpoint that has it`() async throws {
        let fixture = try await Fixture()
        for note in fixture.notes {
            let size = try note.checkpoint().size
            for number in 1...size {
                for hasPayload in [true, false] {
                    let text = try fixture.read { (snapshot) throws(TransparencyError) in
                        try EventProof(
                            of: Position(rawValue: number),
                            in: note,
                            snapshot,
                            hasPayload: hasPayload
                        ).encoded
                    }
                    let proof = try EventProof(parsing: Array(text.utf8))
                    #expect(proof.encoded == text)
                    let (checkpoint, header) = try proof.verified(by: [fixture.key])
                    #expect(checkpoint.size == size)
                    #expect(header.position.rawValue == number)
                    #expect(
                        proof.record.stored?.payload == (hasPayload ? [UInt8(number), 7] : nil)
                    )
                }
            }
        }
    }

    @Test func `an event after the checkpoint is not proved`() async throws {
        let fixture = try await Fixture()
        #expect(throws: TransparencyError.notSignedYet(Position(rawValue: 9), size: 8)) {
            try fixture.read { (snapshot) throws(TransparencyError) in
                try EventProof(of: Position(rawValue: 9), in: fixture.notes[0], snapshot).encoded
            }
        }
    }

    @Test func `a proof with any line changed, missing or repeated proves nothing`() async throws {
        let fixture = try await Fixture()
        let text = try fixture.read { (snapshot) throws(TransparencyError) in
            try EventProof(of: Position(rawValue: 6), in: fixture.notes[2], snapshot).encoded
        }
        let other = try fixture.read { (snapshot) throws(TransparencyError) in
            try EventProof(of: Position(rawValue: 7), in: fixture.notes[1], snapshot).encoded
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let others = other.split(separator: "\n", omittingEmptySubsequences: false)
        var mutations: [[Substring]] = []
        for index in lines.indices.dropLast() {
            mutations.append(Array(lines[..<index] + lines[(index + 1)...]))
            // A signature may be there twice.
            if !lines[index].hasPrefix("—") {
                mutations.append(Array(lines[...index] + lines[index...]))
            }
            if index < others.count, others[index] != lines[index] {
                var mutation = lines
                mutation[index] = others[index]
                mutations.append(mutation)
            }
        }
        #expect(mutations.count > 30)
        for mutation in mutations {
            let changed = mutation.joined(separator: "\n")
            if changed == text { continue }
            #expect(throws: TransparencyError.self, "\(changed)") {
                _ = try EventProof(parsing: Array(changed.utf8)).verified(by: [fixture.key])
            }
        }
    }

    @Test func `a changed byte of the event or of a hash is noticed`() async throws {
        let fixture = try await Fixture()
        let bytes = try fixture.read { (snapshot) throws(TransparencyError) in
            Array(
                try EventProof(of: Position(rawValue: 6), in: fixture.notes[2], snapshot)
                    .encoded.utf8
            )
        }
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<300 {
            var changed = bytes
            let index = Int.random(in: changed.indices, using: &generator)
            changed[index] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
            #expect(throws: TransparencyError.self, "byte \(index)") {
                _ = try EventProof(parsing: changed).verified(by: [fixture.key])
            }
        }
    }

    @Test func `growth is proved between any two signed checkpoints, and only forward`()
        async throws
    {
        let fixture = try await Fixture()
        for (older, old) in fixture.notes.enumerated() {
            for (newer, new) in fixture.notes.enumerated() {
                func make() throws -> String {
                    try fixture.read { (snapshot) throws(TransparencyError) in
                        try GrowthProof(from: old, to: new, snapshot).encoded
                    }
                }
                if older > newer {
                    #expect(throws: TransparencyError.self) { _ = try make() }
                    continue
                }
                let text = try make()
                let proof = try GrowthProof(parsing: Array(text.utf8))
                #expect(proof.encoded == text)
                let found = try proof.verified(from: old, by: [fixture.key])
                #expect(found.old.size == (try old.checkpoint().size))
                #expect(found.new.size == (try new.checkpoint().size))
                for wrong in fixture.notes where wrong != old {
                    #expect(throws: TransparencyError.self) {
                        _ = try proof.verified(from: wrong, by: [fixture.key])
                    }
                }
            }
        }
    }

    @Test func `growth is proved from the empty log`() async throws {
        let harness = try LogHarness()
        let signer = CheckpointSigner(harness.log)
        let key = try await signer.makeKey()
        let empty = try await signer.sign()
        try await harness.append("one")
        let full = try await signer.sign()
        let proof = try harness.log.read { (snapshot) throws(TransparencyError) in
            try GrowthProof(from: empty, to: full, snapshot)
        }
        #expect(proof.hashes.isEmpty && proof.oldSize == 0)
        #expect(try proof.verified(from: empty, by: [key]).new.size == 1)
    }

    @Test func `a checkpoint of another ledger, or of another history, is not proved to`()
        async throws
    {
        let one = try await Fixture()
        let two = try await Fixture()
        #expect(throws: TransparencyError.self) {
            try one.read { (snapshot) throws(TransparencyError) in
                try EventProof(of: Position(rawValue: 1), in: two.notes[0], snapshot).encoded
            }
        }
        #expect(throws: TransparencyError.self) {
            try one.read { (snapshot) throws(TransparencyError) in
                try GrowthProof(from: two.notes[0], to: one.notes[2], snapshot).encoded
            }
        }
        // Signed by the key of this ledger, over another root.
        let text = try Files.bytes(one.harness.path + "/signing.key")
        let stolen = try #require(SigningKey(parsing: String(decoding: text, as: UTF8.self)))
        let forged = try #require(
            Checkpoint(origin: "example.com/log", size: 8, root: .sha256([1]))
        )
        #expect(throws: TransparencyError.self) {
            try one.read { (snapshot) throws(TransparencyError) in
                try snapshot.signedCheckpoint(stolen.note(forged.text)).size
            }
        }
        let ahead = try #require(Checkpoint(origin: "example.com/log", size: 99, root: .zero))
        #expect(throws: TransparencyError.notExtended(ahead, size: 21, root: nil)) {
            try one.read { (snapshot) throws(TransparencyError) in
                try snapshot.signedCheckpoint(stolen.note(ahead.text)).size
            }
        }
    }
}
